// Compares how privgen and markdown-it render emphasis beside Chinese, Japanese, and
// Korean characters, in phrases and in random sequences of marks and characters.
// markdown-it uses markdown-it-cjk-friendly, the plugin of the specification's author.
//
// usage: NODE_PATH=.../node_modules node emphasis.mjs PRIVGEN [PARAGRAPHS] [SEED]

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const library = join(process.env.NODE_PATH ?? "node_modules");
const find = createRequire(join(library, "none.js"));
const [MarkdownIt, friendly] = await Promise.all(["markdown-it", "markdown-it-cjk-friendly"].map(async (name) => {
  const { exports, main } = find(`${name}/package.json`);
  const entry = exports["."]?.import?.default ?? exports["."]?.import ?? exports["."]?.default ?? main;
  return (await import(pathToFileURL(join(library, name, entry)))).default;
}));

const phrases = ["我们**不会（在任何情况下）**出售数据。", "当社は**個人情報（氏名等）**を取得", "데이터는 **보관(30일)**됩니다",
  "費用は**¥100**です", "**「重要」**：必読", "太郎は*\"Hello\"*と言った", "**이용약관(제3조)**에 따라", "第１条__（目的）__です"];
const signs = ["*", "**", "***", "_", "__", "~~", " "];
const characters = ["中", "文", "か", "カ", "ー", "한", "글", "a", "B", "7", "é", "，", "。", "（", "）", "「", "」", "：", "！", "、", "…",
  "(", ")", '"', ".", ",", "!", "%", "¥", "€", "—", "“", "”", "𠮷", "葛\u{E0100}", "〽\uFE0F", "㊗\uFE0E", "☺", "⭐", "α", "я", "·", "￥", "／"];

let state = BigInt(process.argv[4] ?? 1);
const below = (n) => { // a linear congruential generator
  state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
  return Number((state >> 33n) % BigInt(n));
};
const one = (list) => list[below(list.length)];
const paragraphs = [...phrases];
for (let i = 0; i < Number(process.argv[3] ?? 5000); i++) {
  let text = one(characters);
  for (let n = 2 + below(10); n > 0; n--) text += below(3) ? one(characters) : one(signs);
  if (below(5) === 0) text = one(phrases) + text + one(phrases);
  paragraphs.push(text.replaceAll(/~{3,}/g, "~~")); // in GFM, three tildes strike nothing; markdown-it differs
}
const texts = paragraphs.map((text) => "p" + text.trim()); // not a list or a heading

const folder = mkdtempSync(join(tmpdir(), "emphasis-"));
mkdirSync(join(folder, "content"));
writeFileSync(join(folder, "privgen.toml"),
  '[site]\ntitle = "T"\nbase_url = "https://acme.example/"\n\n[organization]\nname = "Acme"\n');
writeFileSync(join(folder, "content", "terms.md"),
  '+++\neffective = 2026-01-01\nmistakes = "keep"\n+++\n# T\n\n' + texts.join("\n\n") + "\n");
execFileSync(process.argv[2], ["build", "--quiet", "--config", join(folder, "privgen.toml")], { stdio: "inherit" });
const page = readFileSync(join(folder, "public", "terms", "2026-01-01", "index.html"), "utf8");
rmSync(folder, { recursive: true });

const plain = (html) => html.replaceAll("&quot;", '"').replaceAll("&#34;", '"').replaceAll(/<p[^>]*>/g, "<p>").normalize();
const ours = [...page.matchAll(/^<p[^>]*>p.*<\/p>$/gm)].map(([line]) => plain(line));
const markdown = new MarkdownIt().use(friendly);
let wrong = 0;
texts.forEach((text, i) => {
  const theirs = plain(markdown.render(text).trim());
  if (ours[i] !== theirs && ++wrong <= 20) console.log(`${text}\n\there  ${ours[i]}\n\tthere ${theirs}`);
});
console.log(`${texts.length} paragraphs, ${wrong} differ`);
process.exit(wrong > 0 || ours.length !== texts.length ? 1 : 0);
