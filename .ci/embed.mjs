// Includes the texts of a site in pages of another site, with the code for the three ways of docs/embedding.md, and checks these
// pages in a browser:
//
//   - the page has the exact text of the policy's page, below a separate heading
//   - links within the text lead to their clauses, all other links to the policy site
//   - the page has only its own style, prints nothing on the console, and axe-core finds no fault
//
// usage: NODE_PATH=.../node_modules BROWSER=chromium node embed.mjs EMBEDDING.md PUBLIC [PICTURES]
//
// PUBLIC is a site with fragments. Pictures of the pages go to the folder PICTURES.

import { createRequire } from "node:module";
import { createServer } from "node:http";
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";

const require = createRequire(join(process.env.NODE_PATH, "none.js"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const [manual, folder, pictures] = process.argv.slice(2);

// block returns the n-th block of the manual in a language.
function block(lang, n = 0) {
  return [...readFileSync(manual, "utf8").matchAll(new RegExp("```" + lang + "\\n([^]*?)```", "g"))][n][1];
}

let wrong = 0, read = 0;
const complain = (page, what) => { wrong++; console.log(`${page}: ${what}`); };

// serve serves files on a local port; files returns the content of a path.
async function serve(files, headers = () => ({})) {
  const server = createServer((request, response) => {
    const path = decodeURI(request.url.split("?")[0]), body = files(path);
    if (body === undefined) return response.writeHead(404).end();
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", ...headers(path) }).end(body);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { server, url: `http://127.0.0.1:${server.address().port}/` };
}

const site = JSON.parse(readFileSync(join(folder, "policies.json"), "utf8"));
const host = (body, lang = "en") => `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><title>Shop</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<style>body { font: 16px/1.5 sans-serif; margin: 2rem; color: #123456 } table { border-collapse: collapse } td, th { border: 1px solid }</style>
</head><body><header><h1>Our shop</h1></header>${body}</body></html>`;

// The policy site. Its fragments have the header of _headers.
const open = /^\/\*\/fragment\.html\n(?: {2}.*\n)*? {2}Access-Control-Allow-Origin: \*$/m.test(readFileSync(join(folder, "_headers"), "utf8"));
const policies = await serve((path) => {
  const file = join(folder, path.endsWith("/") ? path + "index.html" : path);
  return existsSync(file) ? readFileSync(file) : undefined;
}, (path) => open && path.endsWith("/fragment.html") ? { "Access-Control-Allow-Origin": "*" } : {});

// The other site: for each fragment, a page built with it and a page that fetches it.
const pages = new Map();
const fragments = site.policies.flatMap((p) => Object.keys(p.titles).map((lang) =>
  ({ lang, path: `${lang === site.language ? "" : lang + "/"}${p.policy}/` }))).filter(({ path }) => existsSync(join(folder, path, "fragment.html")));
for (const { path, lang } of fragments) {
  pages.set(`/built/${path}`, host(`<main>${await (await fetch(`${policies.url}${path}fragment.html`)).text()}</main>`, lang));
  pages.set(`/fetched/${path}`, host(block("html", 1).replaceAll("https://legal.example.com/privacy/", policies.url + path), lang));
}
const shop = await serve((path) => pages.get(path));

const tmp = mkdtempSync(join(tmpdir(), "embed-"));
chmodSync(tmp, 0o755); // nginx drops its privileges
mkdirSync(join(tmp, "shop"));
cpSync(folder, join(tmp, "legal"), { recursive: true });
writeFileSync(join(tmp, "shop/privacy.html"), host(block("html", 0)));
const free = await serve(() => "");
const port = free.server.address().port;
await new Promise((done) => free.server.close(done));
const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${tmp}/${name};`).join(" ");
writeFileSync(join(tmp, "nginx.conf"), `daemon off; pid ${tmp}/pid; error_log stderr; events {}
http { access_log off; ${temporary} types { text/html html; } server { listen 127.0.0.1:${port}; charset utf-8; root ${tmp}/shop;
${block("nginx").replaceAll("/var/www/legal/", `${tmp}/legal/`)} } }`);
execFileSync("chmod", ["-R", "a+rX", tmp]);
const nginx = spawn("nginx", ["-e", "stderr", "-c", join(tmp, "nginx.conf")], { stdio: "inherit", env: { ...process.env, PATH: process.env.PATH + ":/usr/sbin" } });
const included = `http://127.0.0.1:${port}/privacy.html`;
for (let i = 0; i < 100 && !(await fetch(included).catch(() => undefined)); i++) await new Promise((done) => setTimeout(done, 100));

const browser = await chromium.launch({ executablePath: process.env.BROWSER, args: ["--no-sandbox"] });
const textOf = () => {
  const text = document.querySelector("article[data-policy]").cloneNode(true);
  for (const added of text.querySelectorAll("[data-added]")) added.remove();
  return text.textContent.replace(/\s+/g, "");
};

async function look(url, path) {
  const own = await browser.newPage(), page = await browser.newPage({ viewport: { width: 900, height: 1000 } });
  page.on("console", (m) => complain(url, m.text()));
  page.on("pageerror", (e) => complain(url, String(e)));
  page.on("request", (r) => { if (!r.url().startsWith("http://127.0.0.1:")) complain(url, `it asks for ${r.url()}`); });
  await own.goto(policies.url + path);
  await page.goto(url);
  await page.waitForSelector("main article[data-policy]", { timeout: 10_000 });
  if (await page.evaluate(textOf) !== await own.evaluate(textOf)) complain(url, "its text is not that of the policy's page");
  const seen = await page.evaluate((base) => ({
    headings: [...document.querySelectorAll("h1, main h2")].map((h) => h.localName).join(),
    classes: [...document.querySelectorAll("main [class]")].flatMap((e) => [...e.classList]).filter((c) => !c.startsWith("privgen-")),
    styled: document.querySelectorAll("main [style], main style, main link, main article script").length,
    links: [...document.querySelectorAll("main article a")].map((a) => a.getAttribute("href"))
      .filter((href) => href[0] === "#" ? !document.getElementById(decodeURIComponent(href.slice(1))) : !/^[a-z]+:/.test(href)),
    color: getComputedStyle(document.querySelector("main article p:not([class])")).color,
    wide: document.documentElement.scrollWidth - innerWidth,
  }), site.url);
  if (seen.headings !== "h1,h2") complain(url, `its headings are ${seen.headings}`);
  if (seen.classes.length || seen.styled || seen.color !== "rgb(18, 52, 86)") complain(url, `it has a style of its own: ${JSON.stringify(seen)}`);
  if (seen.links.length) complain(url, `these links lead nowhere: ${seen.links}`);
  await page.evaluate(axe);
  for (const { id, nodes } of (await page.evaluate(() => axe.run("main"))).violations) complain(url, `${id}: ${nodes[0].html.slice(0, 200)}`);
  if (pictures) await page.screenshot({ path: join(pictures, url.replace(/^http:..[^/]*/, "").replaceAll("/", "-") + ".png") });
  await own.close();
  await page.close();
  read++;
}

try {
  await look(included, "privacy/");
  for (const { path } of fragments) {
    for (const way of ["built", "fetched"]) await look(`${shop.url}${way}/${path}`, path);
  }
} finally {
  await browser.close();
  nginx.kill();
  rmSync(tmp, { recursive: true });
}
console.log(`${read} pages, ${wrong} faults`);
process.exit(wrong || !read ? 1 : 0);
