// Checks the HTML mails that privgen notice writes, in every language of a policy:
//
//   - mail clients support all elements and properties (caniemail), with the exceptions
//     below
//   - a mail is shorter than the size at which Gmail cuts mails off, and has no class, id,
//     or style sheet
//   - the plain mail has every mark of the HTML mail, in order
//
// usage: NODE_PATH=.../node_modules node mail.mjs PRIVGEN SITE POLICY VERSION LANG...

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [privgen, site, policy, version, ...languages] = process.argv.slice(2);
const library = pathToFileURL(join(process.env.NODE_PATH, "caniemail", "dist", "index.js"));
const { caniemail } = await import(library.href);

const clients = ["gmail.*", "outlook.windows", "outlook.macos", "apple-mail.*", "yahoo.*"];
const harmless = new Set([
  "<body> element", // clients replace it with a div; all styles are on an element within it
  "height property", // the mail does not have it; caniemail mistakes line-height for it
]);
const most = 102 * 1024;

let wrong = 0;
const complain = (lang, what) => { wrong++; console.log(`${policy} ${version} ${lang}: ${what}`); };
const write = (lang, as) => execFileSync(privgen,
  ["notice", policy, version, "--config", site, "--lang", lang, "--as", as], { encoding: "utf8" });
const plain = (html) => html.replace(/<[^>]*>/g, "").replace(/&#(\d+);/g, (_, n) => String.fromCodePoint(n))
  .replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&").replace(/\s+/g, " ").trim();

for (const lang of languages) {
  const html = write(lang, "html"), text = write(lang, "mail");
  const { issues } = caniemail({ clients, html });
  for (const [client, list] of issues.errors) {
    const titles = new Set(list.map((one) => one.title).filter((title) => !harmless.has(title)));
    if (titles.size > 0) complain(lang, `${client} does not know ${[...titles].join(", ")}`);
  }
  if (Buffer.byteLength(html) > most) complain(lang, `the mail has ${Buffer.byteLength(html)} bytes`);
  for (const [found] of html.matchAll(/ (class|id)=|<style|<link|<script|var\(/g)) complain(lang, `it has ${found}`);
  const marked = [...html.matchAll(/<(ins|del) [^>]*>(.*?)<\/\1>/gs)].slice(2); // after the legend
  const flat = text.replace(/\s+/g, " ");
  let from = 0;
  for (const [, tag, inner] of marked) {
    const words = plain(inner);
    if (words === "" || /<(ins|del)/.test(inner)) continue; // an outer mark contains inner marks
    const want = tag === "ins" ? `{+${words}+}` : `[-${words}-]`, at = flat.indexOf(want, from);
    if (at < 0) complain(lang, `the plain mail lacks ${want}`);
    else from = at + want.length;
  }
  console.log(`${policy} ${version} ${lang}: ${Buffer.byteLength(html)} bytes, ${marked.length} marks`);
}
process.exit(wrong ? 1 : 0);
