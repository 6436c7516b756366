// Creates the pictures of the README from the sample site, or checks them:
//
//   NODE_PATH=.../node_modules BROWSER=chromium node .ci/pictures.mjs [--check] PUBLIC
//
// docs/pictures then has each page in light and dark, and pictures.txt with their
// size and words, block by block. Browsers with other fonts draw other pixels, so the
// check compares words: the page still has the words of its picture, in order, and no
// others between them.

import { createServer } from "node:http";
import { createRequire } from "node:module";
import { delimiter, extname, join } from "node:path";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";

const library = (process.env.NODE_PATH ?? "").split(delimiter).filter(Boolean);
const { chromium } = createRequire(join(library[0] ?? process.cwd(), "none.js"))("playwright-core");

const checking = process.argv[2] === "--check";
const folder = process.argv.at(-1), out = join(import.meta.dirname, "../docs/pictures"), list = join(out, "pictures.txt");
const pages = { policy: "/privacy/", redline: "/privacy/redline/2025-02-10..2026-04-01/" };
const width = 1200, height = 560, most = 120_000; // bytes of a picture

// blocks returns the words of each visible block of a page, and their lower edge.
function blocks() {
  const found = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n; (n = walker.nextNode()); ) {
    if (!n.data.trim() || !n.parentElement.checkVisibility({ contentVisibilityAuto: true })) continue;
    let e = n.parentElement;
    while (/^(inline|contents)/.test(getComputedStyle(e).display)) e = e.parentElement;
    const range = document.createRange();
    range.selectNodeContents(n);
    const r = range.getBoundingClientRect(), b = found.get(e) ?? { text: "", bottom: 0 };
    if (r.width > 1 && r.height > 1) found.set(e, { text: b.text + n.data, bottom: Math.max(b.bottom, r.bottom) });
  }
  return [...found.values()].map((b) => ({ ...b, text: b.text.split(/\s+/).filter(Boolean).join(" ") }));
}

// compare returns the first difference between the words of a picture and the current page.
function compare(shown, now) {
  let i = 0;
  for (const text of shown) {
    const at = now.findIndex((b, k) => k >= i && b.text === text);
    if (at < 0) return `the page has no more ${JSON.stringify(text)}`;
    const between = now.slice(i, at).find((b) => b.bottom < 0.8 * height);
    if (between) return `the page now has ${JSON.stringify(between.text)}`;
    i = at + 1;
  }
  return "";
}

const server = createServer((request, response) => {
  let file = join(folder, decodeURIComponent(new URL(request.url, "http://localhost").pathname));
  if (existsSync(file) && statSync(file).isDirectory()) file = join(file, "index.html");
  response.statusCode = existsSync(file) ? 200 : 404;
  response.setHeader("Content-Type", { ".html": "text/html; charset=utf-8", ".css": "text/css" }[extname(file)] ?? "image/svg+xml");
  response.end(existsSync(file) ? readFileSync(file) : "");
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const browser = await chromium.launch({ executablePath: process.env.BROWSER || "/usr/bin/chromium", args: ["--no-sandbox"] });
const recorded = checking ? readFileSync(list, "utf8").split("\n\n").map((part) => part.trim().split("\n")) : [];
const faults = [], texts = [];
mkdirSync(out, { recursive: true });
for (const [name, path] of Object.entries(pages)) {
  const title = `${name}, ${width} by ${height}:`;
  for (const colorScheme of ["light", "dark"]) {
    const file = join(out, `${name}-${colorScheme}.png`);
    const tab = await (await browser.newContext({ colorScheme, viewport: { width, height } })).newPage();
    await tab.goto(`http://127.0.0.1:${server.address().port}${path}`);
    const now = await tab.evaluate(blocks);
    if (!checking) await tab.screenshot({ path: file });
    const raw = existsSync(file) ? readFileSync(file) : Buffer.alloc(24);
    if (raw.readUInt32BE(16) !== width || raw.readUInt32BE(20) !== height) faults.push(`${file} is not ${width} by ${height} pixels`);
    if (raw.length > most) faults.push(`${file} has ${raw.length} bytes, want at most ${most}`);
    if (checking) {
      const part = recorded.find((lines) => lines[0] === title);
      const wrong = part ? compare(part.slice(1), now) : "pictures.txt does not have it";
      if (wrong) faults.push(`${file} is out of date: ${wrong}`);
    } else if (colorScheme === "light") {
      texts.push([title, ...now.filter((b) => b.bottom <= height).map((b) => b.text)].join("\n") + "\n");
    }
    await tab.context().close();
  }
}
await browser.close();
server.close();
if (!checking) writeFileSync(list, texts.join("\n"));
for (const fault of faults) console.log(fault);
if (faults.length > 0) {
  console.log("to make them again: node .ci/pictures.mjs public");
  process.exitCode = 1;
}
