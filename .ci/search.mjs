// Follows docs/search.md in a site with two versions, and searches in a browser:
//
//   NODE_PATH=.../node_modules BROWSER=chromium node .ci/search.mjs PRIVGEN
//
// The server sends the Content-Security-Policy of _headers. A word of the text in force
// must be found only there, and a word of the version before must not be found.

import { spawnSync } from "node:child_process";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { delimiter, dirname, extname, join } from "node:path";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";

const library = (process.env.NODE_PATH ?? "").split(delimiter).filter(Boolean)[0] ?? process.cwd();
const { chromium } = createRequire(join(library, "none.js"))("playwright-core");
const manual = readFileSync(join(import.meta.dirname, "../docs/search.md"), "utf8");
const site = mkdtempSync(join(tmpdir(), "privgen-search-"));

function put(name, text) {
  mkdirSync(dirname(join(site, name)), { recursive: true });
  writeFileSync(join(site, name), text);
}
for (const [, name, text] of manual.matchAll(/^```\w+ file (\S+)\n(.*?)^```/gms)) put(name, text);
put("content/privacy/2025-01-01.md", "# Privacy policy\n\n## Orders\n\nWe keep the heliotrope of your order.\n");
put("content/privacy/2026-01-01.md", "# Privacy policy\n\n## Orders\n\nWe keep the marigold of your order.\n");
for (const command of manual.match(/^```sh\n(.*?)^```/ms)[1].trim().split("\n")) {
  const [program, ...args] = command.split(" ");
  const pagefind = program === "npx"; // must be the exact version that .ci/run installs
  if (pagefind && !args.includes(`pagefind@${JSON.parse(readFileSync(join(library, "pagefind/package.json"))).version}`)) {
    throw new Error(`docs/search.md has another version of pagefind than .ci/run: ${command}`);
  }
  const done = spawnSync(pagefind ? join(library, ".bin/pagefind") : program === "privgen" ? process.argv[2] : program,
    pagefind ? args.slice(2) : args, { cwd: site, encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${command}: ${done.error ?? done.stdout + done.stderr}`);
}

const csp = readFileSync(join(site, "public/_headers"), "utf8").match(/Content-Security-Policy: (.*)/)[1];
const types = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".json": "application/json" };
const server = createServer((request, response) => {
  let file = join(site, "public", decodeURIComponent(new URL(request.url, "http://localhost").pathname));
  if (existsSync(file) && statSync(file).isDirectory()) file = join(file, "index.html");
  response.writeHead(existsSync(file) ? 200 : 404,
    { "Content-Type": types[extname(file)] ?? "application/octet-stream", "Content-Security-Policy": csp });
  response.end(existsSync(file) ? readFileSync(file) : "");
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const browser = await chromium.launch({ executablePath: process.env.BROWSER || "/usr/bin/chromium", args: ["--no-sandbox"] });
const faults = [];
try {
  const tab = await browser.newPage();
  tab.on("console", (message) => { if (message.type() === "error" && !/favicon/.test(message.location().url)) faults.push(message.text()); });
  tab.on("pageerror", (error) => faults.push(String(error)));
  await tab.goto(`http://127.0.0.1:${server.address().port}/search/`);
  const links = async (words) => {
    await tab.fill("input", words);
    await tab.waitForFunction((count) => document.querySelectorAll("li").length === count, words === "marigold" ? 1 : 0);
    return tab.$$eval("li a", (list) => list.map((a) => a.getAttribute("href")).join(" "));
  };
  const found = await links("marigold");
  if (found !== "/privacy/") faults.push(`the word of the text in force is found in ${found}`);
  await links("heliotrope"); // waits until nothing is found
} finally {
  await browser.close();
  server.close();
  rmSync(site, { recursive: true, force: true });
}
for (const fault of faults) console.log(fault);
if (faults.length > 0) process.exitCode = 1;
