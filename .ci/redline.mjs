// Opens the redline pages of built sites in a headless browser, and checks what
// readers need:
//
//   - the words of the first change are on the first screen, 1280 by 900 and 360 by 740
//   - each entry of the list leads to its change, and each change to its neighbors,
//     by mouse and by keyboard
//   - at the old place of moved text, a link leads to its new place
//   - copied text has the words of the article and the struck words, and no others
//   - a printed page has all words
//   - without the struck words, the text is that of the permalink; if unchanged text is
//     left out, the rest is in the permalink's text, in order
//   - nothing is wider than a window of 320 pixels, with all text shown
//
// It prints the position of the first change, in the list and in the text.
//
// usage: NODE_PATH=.../node_modules BROWSER=chromium [SAMPLE=N] node redline.mjs FOLDER...
//
// With SAMPLE, it opens only N redlines of each folder, always the same ones.

import { createServer } from "node:http";
import { createRequire } from "node:module";
import { delimiter, extname, join, relative, resolve, sep } from "node:path";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";

const library = (process.env.NODE_PATH ?? "").split(delimiter).filter(Boolean);
const require = createRequire(join(library[0] ?? process.cwd(), "none.js"));
const { chromium } = require("playwright-core");

const types = { ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8" };
const faults = [];
const heights = {}; // positions of the first changes
let count = 0;

function serve(folder) {
  const server = createServer((request, response) => {
    let file = join(folder, decodeURIComponent(new URL(request.url, "http://localhost").pathname));
    if (existsSync(file) && statSync(file).isDirectory()) file = join(file, "index.html");
    response.statusCode = existsSync(file) ? 200 : 404;
    response.setHeader("Content-Type", types[extname(file)] ?? "application/octet-stream");
    response.end(existsSync(file) ? readFileSync(file) : "");
  });
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done(server)));
}

function pages(folder, dir = folder) {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const file = join(dir, entry.name);
    if (entry.isDirectory()) return pages(folder, file);
    if (entry.name !== "index.html" || !readFileSync(file, "utf8").includes('<article class="text redline"')) return [];
    return ["/" + relative(folder, dir).split(sep).join("/") + "/"];
  });
}

// sample returns some entries of a list, the same in each run.
function sample(list, size) {
  let seed = 1;
  const random = () => (seed = (seed * 48271) % 2147483647);
  return list.map((page) => [random(), page]).sort((a, b) => a[0] - b[0]).slice(0, size).map((e) => e[1]).sort();
}

// The functions below run in the page.

// firstChanges returns the lower edges of the first changed words, in the list of
// changes and in the text.
function firstChanges() {
  const bottoms = (e) => [...e.getClientRects()].filter((r) => r.height > 0).map((r) => r.bottom);
  const first = (where) => Math.min(...[...document.querySelectorAll(where)].slice(0, 500).flatMap(bottoms));
  return { list: first(".changed :is(ins, del)"), text: first("article :is(ins, del)") };
}

// words returns the words of the article, with a sign where text is left out. If struck
// is true, it includes deleted words.
function words(struck) {
  const article = document.querySelector("article").cloneNode(true);
  for (const e of article.querySelectorAll("[data-gap]")) e.replaceWith(" \u0001 ");
  for (const e of article.querySelectorAll("[data-added]")) e.replaceWith(e.textContent === " " ? " " : "");
  if (!struck) for (const e of article.querySelectorAll('del, [data-mark="del"], span[data-added]')) e.remove();
  for (const e of article.querySelectorAll("p, li, td, th, dt, dd, pre, div, h1, h2, h3, h4, h5, h6, br")) e.after(" ");
  return article.textContent.split(/\s+/).filter(Boolean).join(" ");
}

function select() {
  getSelection().selectAllChildren(document.querySelector("article"));
}

// hiddenOnPaper returns words of the article that are not visible, or "".
function hiddenOnPaper() {
  const walker = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
  for (let n; (n = walker.nextNode()); ) {
    if (!n.data.trim() || n.parentElement.closest("[data-added]:not([data-gap])")) continue;
    const range = document.createRange();
    range.selectNodeContents(n);
    const r = range.getBoundingClientRect();
    if (r.width === 0 || r.height === 0 || getComputedStyle(n.parentElement).visibility === "hidden") return n.data.trim();
  }
  return "";
}

function inView(id) {
  let e = document.getElementById(id)?.nextElementSibling ?? document.getElementById(id)?.parentElement;
  const r = e?.getBoundingClientRect();
  return r && r.height > 0 && r.bottom > 0 && r.top < innerHeight;
}

const difference = (have, want) => {
  const a = have.split(" "), b = want.split(" ");
  const i = a.findIndex((w, i) => w !== b[i]);
  if (have === want) return "";
  const at = i < 0 ? a.length : i;
  return `have "${a.slice(Math.max(0, at - 3), at + 6).join(" ")}", want "${b.slice(Math.max(0, at - 3), at + 6).join(" ")}"`;
};

async function steps(tab, fault) {
  const entries = await tab.locator(".changes li li a").evaluateAll((list) => list.map((a) => decodeURIComponent(a.hash)));
  const places = await tab.locator(".step").evaluateAll((list) => list.map((e) => "#" + e.id));
  // A change in a footnote is listed with the clause that refers to it.
  const sorted = (list) => [...list].sort().join();
  if (sorted(entries) !== sorted(places)) fault(`the list has ${entries.join()}, the text ${places.join()}`);
  const hash = () => tab.evaluate(() => decodeURIComponent(location.hash));
  const arrive = async (how, want) => {
    const have = await hash();
    if (have !== want) fault(`${how} leads to ${have}, want ${want}`);
    else if (!(await tab.evaluate(inView, want.slice(1)))) fault(`${how}: ${want} is not in view`);
  };
  await tab.locator(".changes li li a").first().click();
  await arrive("the first entry", places[0]);
  for (let i = 1; i < places.length; i++) {
    if (i % 2) await tab.locator(".step:target a").last().click();
    else {
      // By keyboard: the links of a change are the next ones after it.
      await tab.keyboard.press("Tab");
      await tab.keyboard.press("Tab");
      await tab.keyboard.press("Enter");
    }
    await arrive(i % 2 ? "a click" : "the keyboard", places[i]);
  }
  // Each old place of moved text leads to a change with a label.
  const away = await tab.locator("article a[data-label]").evaluateAll((list) => list.map((a) => [a.ariaLabel, decodeURIComponent(a.hash)]));
  const labeled = await tab.locator(".step[data-label]").evaluateAll((list) => list.map((e) => "#" + e.id));
  for (const [name, to] of away) if (!labeled.includes(to)) fault(`"${name}" leads to ${to}`);
  if (labeled.length > 0 && away.length === 0) fault("nothing says where text has moved to");
  if (places.length > 1) {
    if ((await tab.locator(".step:target a").count()) !== 1) fault("the last change leads on");
    await tab.locator(".step:target a").first().click();
    await arrive("back", places.at(-2));
  }
}

async function judge(context, host, page) {
  const fault = (what) => faults.push(`${page}: ${what}`);
  const tab = await context.newPage();
  for (const [width, height] of [[360, 740], [1280, 900]]) {
    await tab.setViewportSize({ width, height });
    await tab.goto(host + page);
    const at = await tab.evaluate(firstChanges);
    if (at.list > height) fault(`at ${width} by ${height}, the first change is at ${Math.round(at.list)}`);
    for (const [where, y] of Object.entries(at)) (heights[`${width} by ${height}, in the ${where}`] ??= []).push([y, height]);
  }
  await steps(tab, fault);

  const all = tab.locator("#pg\\:all");
  if (await all.count()) await all.check();
  await tab.evaluate(select);
  await tab.keyboard.press("ControlOrMeta+c");
  const copied = (await tab.evaluate(() => navigator.clipboard.readText())).replace(/\n[•◦▪]\s/g, "\n").split(/\s+/).filter(Boolean).join(" ");
  const want = (await tab.evaluate(words, true)).replaceAll(" \u0001", "").replace(/^\u0001 /, "");
  const title = await tab.evaluate(() => document.querySelector("article > h1:first-child:not(:has(ins, del))")?.textContent.trim() ?? "");
  let different = difference(copied.replaceAll(" ", ""), want.replaceAll(" ", ""));
  if (different && title) different = difference((title + copied).replaceAll(" ", ""), want.replaceAll(" ", ""));
  if (different) fault(`a copy has other words: ${difference(copied, want)}`);

  await tab.setViewportSize({ width: 320, height: 640 });
  const [wide, narrow] = await tab.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  if (wide > narrow) fault(`wider than 320 pixels: ${wide}`);
  if (await all.count()) await all.uncheck();
  await tab.emulateMedia({ media: "print" });
  const hidden = await tab.evaluate(hiddenOnPaper);
  if (hidden) fault(`not on paper: ${hidden}`);
  if (await tab.locator("main details").count()) fault("a browser may print a details element closed");

  const have = await tab.evaluate(words, false);
  const permalink = await tab.locator(".pair a").nth(1).getAttribute("href");
  await tab.emulateMedia({ media: "screen" });
  await tab.goto(host + permalink);
  let text = (await tab.evaluate(words, false)).replaceAll(" ", "");
  if (!have.includes("\u0001")) {
    if (text !== have.replaceAll(" ", "")) fault("without what is struck, the text is not that of the permalink");
  } else {
    for (const piece of have.split("\u0001").map((s) => s.replaceAll(" ", ""))) {
      const at = text.indexOf(piece);
      if (at < 0) {
        fault(`between what is left out is not the text of the permalink: ${piece.slice(0, 80)}`);
        break;
      }
      text = text.slice(at + piece.length);
    }
  }
  await tab.close();
}

const browser = await chromium.launch({
  executablePath: process.env.BROWSER || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"],
});
try {
  for (const folder of process.argv.slice(2).map((f) => resolve(f))) {
    const server = await serve(folder);
    const host = `http://127.0.0.1:${server.address().port}`;
    const context = await browser.newContext();
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: host });
    const list = sample(pages(folder), Number(process.env.SAMPLE) || Infinity);
    if (list.length === 0) faults.push(`${folder} has no redline`);
    count += list.length;
    for (const page of list) await judge(context, host, page);
    await context.close();
    server.close();
  }
} finally {
  await browser.close();
}
for (const fault of faults) console.log(fault);
for (const [where, list] of Object.entries(heights)) {
  list.sort((a, b) => a[0] - b[0]);
  const at = (share) => Math.round(list[Math.floor(share * (list.length - 1))][0]);
  console.log(`${where}: the first change at ${at(0.5)} px in half of the pages, ${at(0.9)} in 90 of 100, ${at(0.95)} in 95, ` +
    `${at(1)} at most; ${list.filter(([y, height]) => y <= height).length} of ${list.length} on the first screen`);
}
console.log(`${count} redlines: ${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);
