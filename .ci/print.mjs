// Prints tables of 2 to 16 columns in every theme, in scripts with and without spaces and
// from right to left, and checks that they fit on the paper.
//
// usage: NODE_PATH=.../node_modules BROWSER=.../chromium node print.mjs PRIVGEN THEME...

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const require = createRequire(join(process.env.NODE_PATH, "none.js"));
const { chromium } = require("playwright-core");
const [privgen, ...themes] = process.argv.slice(2);

const words = {
  en: ["Column", "unsubscribed recipients", "https://example.com/privacy/retention-schedule"],
  de: ["Spalte", "Auftragsverarbeitungsverträge", "Aufbewahrungsfristen, 10 Jahre"],
  zh: ["第栏", "我们收集的个人信息", "保留期限为三十天"],
  ar: ["عمود", "البيانات الشخصية التي نجمعها", "ثلاثون يومًا"],
};
const columns = [2, 7, 10, 14, 16];
const row = (cells) => `| ${cells.join(" | ")} |\n`;
const table = ([head, ...cells], n) => row(Array.from({ length: n }, (_, i) => `${head} ${i + 1}`)) + row(Array(n).fill("---")) +
  row(Array.from({ length: n }, (_, i) => `${cells[i % cells.length]} end${n}x${i}`));

const folder = mkdtempSync(join(tmpdir(), "print-"));
mkdirSync(join(folder, "content", "terms"), { recursive: true });
for (const [lang, list] of Object.entries(words)) {
  const name = lang === "en" ? "2026-01-01.md" : `2026-01-01.${lang}.md`;
  writeFileSync(join(folder, "content", "terms", name), "# T\n\n" + columns.map((n) => table(list, n)).join("\n"));
}
const browser = await chromium.launch({ executablePath: process.env.BROWSER, args: ["--no-sandbox"] });
let wrong = 0, tables = 0;
for (const theme of themes) {
  writeFileSync(join(folder, "privgen.toml"), `[site]\ntitle = "T"\nbase_url = "https://acme.example/"\n\n` +
    `[organization]\nname = "Acme"\n\n[theme]\nname = "${theme}"\n`);
  execFileSync(privgen, ["build", "--quiet", "--config", join(folder, "privgen.toml")], { stdio: "inherit" });
  const tab = await browser.newPage({ viewport: { width: 643, height: 900 } }); // the width of A4 without its margins
  await tab.emulateMedia({ media: "print" });
  await tab.route("https://acme.example/**", (route) => {
    const { pathname } = new URL(route.request().url());
    return route.fulfill({ path: join(folder, "public", pathname + (pathname.endsWith("/") ? "index.html" : "")) });
  });
  for (const lang of Object.keys(words)) {
    await tab.goto(`https://acme.example/${lang === "en" ? "" : lang + "/"}terms/`);
    const beyond = await tab.$$eval("th, td", (cells) => cells.filter((cell) => {
      const { left, right } = cell.getBoundingClientRect();
      return left < -1 || right > innerWidth + 1 || cell.scrollWidth > cell.clientWidth + 1;
    }).map((cell) => cell.textContent));
    tables += await tab.locator("main table").count();
    if (beyond.length) console.log(`${theme}, ${lang}: beyond the paper: ${beyond.join(" | ")}`);
    wrong += beyond.length;
  }
  await tab.close();
}
await browser.close();
rmSync(folder, { recursive: true });
console.log(`${tables} tables printed, ${wrong} cells beyond the paper`);
process.exit(wrong || tables !== themes.length * Object.keys(words).length * columns.length ? 1 : 0);
