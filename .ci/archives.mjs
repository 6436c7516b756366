// Reads a site on this machine with independent programs of web archives:
//
//   - a Memento client (RFC 7089) reads the time map of a page: its mementos exist, are in order of time, and link to the page, and the
//     last has the same text as the page
//   - the engine of Open Terms Archive tracks the policies as docs/formats.md declares: a version is index.md word for word, another
//     theme is not a new version, and a version that takes effect is one
//
// usage: NODE_PATH=.../node_modules ENGINE=FOLDER BROWSER=... node archives.mjs FORMATS.md PUBLIC OTHER_THEME LATER
//
// ENGINE is the folder in which the engine is installed. LATER is the site on a later day, when another version is in force.

import { execFile, execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { createServer } from "node:http";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { promisify } from "node:util";

const require = createRequire(join(process.env.NODE_PATH, "none.js"));
const cheerio = require("cheerio");
const memento = promisify(require("memento-client"));
const [formats, ...folders] = process.argv.slice(2);

let wrong = 0, read = 0, folder = folders[0];
const complain = (what, how) => { wrong++; console.log(`${what}: ${how}`); };

const server = createServer((request, response) => {
  let path = join(folder, decodeURI(new URL(request.url, "http://localhost").pathname));
  if (existsSync(path) && statSync(path).isDirectory()) path = join(path, "index.html");
  if (!existsSync(path)) return response.writeHead(404).end();
  response.writeHead(200, { "Content-Type": path.endsWith(".html") ? "text/html; charset=utf-8" : "text/plain" });
  response.end(readFileSync(path));
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const here = `http://127.0.0.1:${server.address().port}/`;

const site = JSON.parse(readFileSync(join(folder, "policies.json"), "utf8"));
const local = (url) => here + url.slice(site.url.length); // the host of the sample does not exist
async function page(url) {
  const response = await fetch(local(url));
  if (response.status !== 200) complain(url, `the answer is ${response.status}`);
  return cheerio.load(await response.text());
}

// mementos returns the mementos of a time map, and of those that it lists.
async function mementos(url, original) {
  const links = await memento("", { host: local(url) });
  const of = (rel) => links.filter((link) => link.rel.split(" ").includes(rel));
  const page = of("original").map((link) => link.href).join();
  if (page !== original) complain(url, `its original is ${page}, not ${original}`);
  const list = of("memento");
  for (const [rel, i] of [["first", 0], ["last", list.length - 1]]) {
    if (list.length && (of(rel).length !== 1 || of(rel)[0] !== list[i])) complain(url, `it does not name the ${rel} memento`);
  }
  for (const map of of("timemap")) list.push(...await mementos(map.href, original));
  return list;
}

function textOf($) {
  const text = $("article[data-policy]");
  text.find("[data-added]").remove();
  return text.text().replace(/\s+/g, "");
}

async function travel(url) {
  const $ = await page(url);
  const map = $('link[rel="timemap"]').attr("href");
  let last = -Infinity, $then;
  for (const { href, datetime } of await mementos(map, url)) {
    if (new Date(datetime).toUTCString() !== datetime || !(Date.parse(datetime) > last)) complain(href, `its datetime is ${datetime}`);
    last = Date.parse(datetime);
    $then = await page(href);
    for (const [rel, to] of [["original", url], ["timemap", map]]) { // a text in another language links to the page in that language
      if ($then("html").attr("lang") === $("html").attr("lang") && $then(`link[rel="${rel}"]`).attr("href") !== to) complain(href, `it does not lead to its ${rel}, ${to}`);
    }
    read++;
  }
  if (textOf($then) !== textOf($)) complain(url, "it does not show its last memento");
}

// letters returns the letters and digits of Markdown.
function letters(text, format) {
  const plain = execFileSync("pandoc", ["--from", format, "--to", "plain"], { input: text, encoding: "utf8" });
  return plain.normalize("NFC").replace(/[^\p{L}\p{N}]/gu, "");
}

// track runs the engine on the site, and returns the terms that have a new version.
async function track(dir, names) {
  await promisify(execFile)(process.execPath, [join(process.env.ENGINE, "node_modules/@opentermsarchive/engine/bin/ota.js"), "track"],
    { cwd: dir, env: { ...process.env, NODE_ENV: "", HOME: dir, PUPPETEER_EXECUTABLE_PATH: join(dir, "browser") }, timeout: 120_000 });
  const git = (...args) => execFileSync("git", ["-C", join(dir, "data/versions"), ...args], { encoding: "utf8" });
  const found = git("log", "--name-only", "--format=", ...(existsSync(join(dir, "head")) ? [`${readFileSync(join(dir, "head"), "utf8")}..HEAD`] : []));
  writeFileSync(join(dir, "head"), git("rev-parse", "HEAD").trim());
  for (const [name, path] of names) {
    const version = readFileSync(join(dir, "data/versions/Sample", name + ".md"), "utf8");
    const text = readFileSync(join(folder, path, "index.md"), "utf8").replace(/^---\n[^]*?\n---\n/, "");
    const [a, b] = [letters(version, "gfm"), letters(text, "commonmark_x")];
    let i = 0;
    while (i < a.length && a[i] === b[i]) i++;
    if (a !== b) complain(`${folder}/${path}`, `the engine has ${a.slice(i, i + 40)} where index.md has ${b.slice(i, i + 40)}`);
    read++;
  }
  return found.split("\n").filter((line) => line.endsWith(".md")).map((line) => line.replace(/^.*\/|\.md$/g, "").replace(/"/g, "")).sort();
}

async function terms() {
  const [, json] = /```json\n(\{\n {2}"name"[^]*?)```/.exec(readFileSync(formats, "utf8"));
  const { terms: { "Privacy Policy": documented } } = JSON.parse(json);
  const names = new Map();
  for (const policy of site.policies) {
    for (const lang of Object.keys(policy.titles)) {
      const path = (lang === site.language ? "" : lang + "/") + policy.policy + "/";
      if (existsSync(join(folder, path, "index.md"))) names.set(`${policy.policy} ${lang}`, path);
    }
  }
  const dir = mkdtempSync(join(tmpdir(), "archives-"));
  try {
    mkdirSync(join(dir, "declarations"));
    writeFileSync(join(dir, "declarations/Sample.json"), JSON.stringify({ name: "Sample",
      terms: Object.fromEntries([...names].map(([name, path]) => [name, { ...documented, fetch: here + path }])) }));
    writeFileSync(join(dir, "browser"), `#!/bin/sh\nexec ${process.env.BROWSER} --no-sandbox "$@"\n`); // CI runs as root
    chmodSync(join(dir, "browser"), 0o755);
    const [before, after] = [folders[0], folders[2]].map((f) => JSON.parse(readFileSync(join(f, "policies.json"), "utf8")).policies);
    const changed = before.filter((policy, i) => policy.in_force.id !== after[i].in_force.id).map((policy) => policy.policy);
    if (!changed.length) complain(folders[2], "no other version is in force");
    for (const [i, want] of [[...names.keys()].sort(), [], [...names.keys()].filter((name) => changed.includes(name.split(" ")[0]))].entries()) {
      folder = folders[i];
      const have = await track(dir, names);
      if (have.join() !== want.join()) complain(folder, `the engine has new versions of ${have}, not of ${want}`);
    }
  } finally {
    rmSync(dir, { recursive: true });
  }
}

for (const policy of site.policies) {
  const $ = await page(policy.url);
  const pages = $('link[rel="alternate"][hreflang]').get().map((link) => link.attribs.href);
  for (const url of new Set([policy.url, ...pages])) await travel(url);
}
await terms();
server.close();
console.log(`${read} versions, ${wrong} faults`);
process.exit(wrong || !read ? 1 : 0);
