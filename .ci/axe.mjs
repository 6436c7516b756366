// Opens every page of a built site in a headless browser, in light and in dark,
// and checks the guarantees of privgen's pages:
//
//   - axe-core finds no fault (WCAG 2.2 A and AA, and its best practices)
//   - nothing runs: there are no scripts except data blocks, no handlers, and no
//     inline styles
//   - the page obeys the Content-Security-Policy of _headers, prints nothing on the
//     console, and sends no request to another host
//   - nothing is wider than a window of 320 pixels, except elements that scroll
//   - every link within the site leads to a page, and to an id on it
//
// usage: NODE_PATH=.../node_modules BROWSER=chromium node axe.mjs FOLDER [PREFIX]
//
// PREFIX is the path of the site's base URL, / by default. A server on the loopback
// address sends the pages as a host does that reads _headers.

import { createServer } from "node:http";
import { createRequire } from "node:module";
import { delimiter, extname, join, relative, resolve, sep } from "node:path";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";

const library = (process.env.NODE_PATH ?? "").split(delimiter).filter(Boolean);
const require = createRequire(join(library[0] ?? process.cwd(), "none.js"));
const find = (name) => require(require.resolve(name, { paths: library.length ? library : undefined }));
const { chromium } = find("playwright-core");
const axe = find("axe-core").source;

const folder = resolve(process.argv[2] ?? "public");
const prefix = process.argv[3] ?? "/";

// --- the host

const types = {
  ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8", ".md": "text/markdown; charset=utf-8", ".json": "application/json",
  ".xml": "application/xml", ".atom": "application/atom+xml", ".png": "image/png", ".woff2": "font/woff2",
};

// rules reads _headers: a line with a pattern, then indented lines with headers.
function rules() {
  const file = join(folder, "_headers");
  const list = [];
  if (!existsSync(file)) return list;
  for (const line of readFileSync(file, "utf8").split("\n")) {
    if (/^\s*(#|$)/.test(line)) continue;
    if (/^\S/.test(line)) {
      const pattern = line.trim().replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*");
      list.push({ pattern: new RegExp(`^${pattern}$`), headers: [] });
      continue;
    }
    const at = line.indexOf(":");
    list.at(-1).headers.push([line.slice(0, at).trim(), line.slice(at + 1).trim()]);
  }
  return list;
}

const headers = rules();

function serve(request, response) {
  const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
  if (path === "/favicon.ico" && !existsSync(join(folder, path))) {
    response.writeHead(204).end(); // browsers request it for every page
    return;
  }
  let status = 200;
  let file = path.startsWith(prefix) ? join(folder, path.slice(prefix.length)) : "";
  if (file && existsSync(file) && statSync(file).isDirectory()) file = join(file, "index.html");
  if (!file || !existsSync(file) || !(file + sep).startsWith(folder + sep)) {
    status = 404;
    file = join(folder, "404.html");
  }
  response.statusCode = status;
  response.setHeader("Content-Type", types[extname(file)] ?? "application/octet-stream");
  for (const rule of headers) {
    if (!rule.pattern.test(path)) continue;
    // The site is served with http here, so the header that demands https is omitted.
    for (const [name, value] of rule.headers) {
      if (!/^strict-transport-security$/i.test(name)) response.setHeader(name, value);
    }
  }
  response.end(existsSync(file) ? readFileSync(file) : "not found");
}

// --- the pages

function pages(dir = folder) {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const file = join(dir, entry.name);
    if (entry.isDirectory()) return pages(file);
    // The page of a former URL redirects before it can be checked.
    if (!entry.name.endsWith(".html") || readFileSync(file, "utf8").includes('http-equiv="refresh"')) return [];
    return [relative(folder, file).split(sep).join("/")];
  }).sort();
}

const address = (page) => prefix + page.replace(/(^|\/)index\.html$/, "$1");

// nothingRuns returns the parts of a page that could run, or that a strict policy
// would block.
function nothingRuns() {
  const found = [];
  for (const e of document.querySelectorAll("*")) {
    if (e.localName === "script" && e.type !== "application/ld+json") found.push("a script");
    if (e.localName === "style") found.push("a style element");
    for (const a of e.attributes) {
      if (a.name === "style" || a.name.startsWith("on")) found.push(`${e.localName} with ${a.name}`);
      if (/^\s*javascript:/i.test(a.value)) found.push(`${e.localName} with ${a.value}`);
    }
  }
  return found;
}

// tooWide returns elements that do not fit into a narrow window.
function tooWide() {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.body.querySelectorAll("*")]
    .filter((e) => { const r = e.getBoundingClientRect(); return r.right > width + 1 || r.left < -1; })
    .slice(0, 3).map((e) => e.outerHTML.slice(0, 120));
}

// links returns the links of a page. Links to the site's URL become links to the
// server here.
function links() {
  const own = document.querySelector("link[rel=canonical]")?.href;
  const here = (href) => (own && href.startsWith(new URL(own).origin + "/") ? location.origin + href.slice(new URL(own).origin.length) : href);
  return [...document.querySelectorAll("a[href], link[href]")].map((a) => here(a.href));
}
const ids = () => [...document.querySelectorAll("[id]")].map((e) => e.id);

const faults = [];
const server = createServer(serve);
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const host = `http://127.0.0.1:${server.address().port}`;
const browser = await chromium.launch({
  executablePath: process.env.BROWSER || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"],
});

const list = pages().filter((page) => !readFileSync(join(folder, page), "utf8").includes('http-equiv="refresh"'));
if (list.length === 0) faults.push(`${folder} holds no page`);
if (headers.length === 0) faults.push(`${folder}/_headers is missing or empty`);
const places = new Map(); // path of a page: its ids
const wanted = []; // links within the site: from, to

async function open(context, page) {
  const tab = await context.newPage();
  const fault = (what) => faults.push(`${page}: ${what}`);
  tab.on("console", (message) => fault(`console: ${message.text()}`));
  tab.on("pageerror", (error) => fault(`error: ${error.message}`));
  tab.on("request", (request) => {
    if (!request.url().startsWith(host + "/")) fault(`asks another host: ${request.url()}`);
  });
  tab.on("response", (response) => {
    if (response.status() >= 400) fault(`${response.status()} ${response.url()}`);
  });
  const response = await tab.goto(host + address(page), { waitUntil: "load" });
  const policy = response.headers()["content-security-policy"] ?? "";
  if (!policy.includes("default-src 'none'")) fault(`no strict Content-Security-Policy, but ${JSON.stringify(policy)}`);
  return { tab, fault };
}

async function judge(context, page, scheme) {
  const { tab, fault } = await open(context, page);
  if (scheme === "light") {
    for (const what of await tab.evaluate(nothingRuns)) fault(what);
    places.set(address(page), new Set(await tab.evaluate(ids)));
    for (const to of await tab.evaluate(links)) if (to.startsWith(host + "/")) wanted.push([page, to]);
    await tab.setViewportSize({ width: 320, height: 640 });
    for (const what of await tab.evaluate(tooWide)) fault(`wider than 320 pixels: ${what}`);
    await tab.setViewportSize({ width: 1280, height: 900 });
  }
  await tab.evaluate(axe);
  const result = await tab.evaluate(() => axe.run({ resultTypes: ["violations"] }));
  for (const v of result.violations) {
    for (const node of v.nodes.slice(0, 3)) {
      fault(`${scheme}: ${v.id}: ${v.help}: ${node.html.slice(0, 160)}\n\t${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? ""}`);
    }
  }
  await tab.close();
}

try {
  for (const scheme of ["light", "dark"]) {
    const context = await browser.newContext({ colorScheme: scheme, viewport: { width: 1280, height: 900 } });
    const rest = [...list]; // checked two at a time
    const some = async () => { while (rest.length) await judge(context, rest.shift(), scheme); };
    await Promise.all([some(), some()]);
    await context.close();
  }
} finally {
  await browser.close();
  server.close();
}

for (const [from, to] of new Set(wanted)) {
  const url = new URL(to);
  const path = decodeURIComponent(url.pathname);
  const id = decodeURIComponent(url.hash.slice(1));
  const here = places.get(path);
  if (!here && !existsSync(join(folder, path.slice(prefix.length)))) faults.push(`${from}: link to ${path} leads nowhere`);
  if (here && id && !here.has(id)) faults.push(`${from}: link to ${path}#${id}: there is no such place`);
}

for (const fault of new Set(faults)) console.log(fault);
console.log(`${list.length} pages, light and dark: ${new Set(faults).size} faults`);
process.exit(faults.length === 0 ? 0 : 1);
