// Reads a site's files for programs with independent programs:
//
//   - every versions.json and policies.json is valid by its JSON Schema (Ajv)
//   - a feed reader finds a title, a link, an id, and a date for each entry of every
//     Atom feed, and the ids are those of the JSON feed beside it
//   - a reader of structured data finds the JSON-LD of every page, and its dates are in order
//   - every links.json is a link set (RFC 9264) that leads from each page to its history and to existing pages
//   - every timemap.link is a list of links (RFC 8288): one original, and existing versions in order of time
//   - a reader of sitemaps reads every sitemap, which lists existing pages
//   - pandoc converts every index.md to a Word file and a page with the title, language, direction, and words of the site's page
//   - every version in policies.json is in its versions.json
//
// usage: NODE_PATH=.../node_modules node formats.mjs SCHEMAS FOLDER...

import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { createReadStream, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";

const library = (process.env.NODE_PATH ?? "").split(delimiter).filter(Boolean);
const require = createRequire(join(library[0] ?? process.cwd(), "none.js"));
const find = (name) => require(require.resolve(name, { paths: library.length ? library : undefined }));
const Ajv = find("ajv/dist/2020").default;
const formats = find("ajv-formats");
const Parser = find("rss-parser");
const linkset = find("@drupal/linkset");
const Links = find("http-link-header");
const { structuredDataTest } = find("structured-data-testing-tool");
const cheerio = find("cheerio");
const { XMLToSitemapItemStream, parseSitemapIndex, ErrorLevel } = find("sitemap");

const [schemas, ...folders] = process.argv.slice(2);
const ajv = new Ajv({ allErrors: true, strict: true });
(formats.default ?? formats)(ajv);
const validators = {};
for (const name of readdirSync(schemas)) {
  const schema = JSON.parse(readFileSync(join(schemas, name), "utf8"));
  validators[schema.title] = { id: schema.$id, valid: ajv.compile(schema) };
}

let wrong = 0, read = 0;
const complain = (file, what) => { wrong++; console.log(`${file}: ${what}`); };

async function feed(file) {
  const text = readFileSync(file, "utf8");
  const atom = await new Parser({ customFields: { item: ["updated"] } }).parseString(text);
  for (const item of atom.items) {
    for (const key of ["title", "link", "id", "updated"]) {
      if (!item[key]) complain(file, `an entry has no ${key}: ${JSON.stringify(item).slice(0, 200)}`);
    }
    if (Number.isNaN(Date.parse(item.updated))) complain(file, `${item.updated} is no date`);
  }
  const twin = join(dirname(file), "feed.json");
  if (!existsSync(twin)) return;
  const json = JSON.parse(readFileSync(twin, "utf8"));
  const [a, b] = [atom.items.map((i) => i.id), json.items.map((i) => i.id)];
  if (a.join() !== b.join()) complain(file, `the entries are ${a}, those of feed.json ${b}`);
}

async function page(file) {
  const text = readFileSync(file, "utf8");
  const blocks = text.split('<script type="application/ld+json">').length - 1;
  if (!blocks) return;
  let result;
  try {
    result = await structuredDataTest(text, { schemas: ["jsonld:WebPage"] });
  } catch (error) {
    result = error.res ?? { failed: [{ description: String(error) }] };
  }
  for (const one of result.failed) complain(file, `structured data: ${one.description ?? one.test}`);
  const all = result.structuredData?.jsonld?.WebPage ?? [];
  if (all.length !== blocks) complain(file, `${all.length} of ${blocks} blocks of JSON-LD are read as a WebPage`);
  for (const { datePublished, dateModified } of all) {
    if (datePublished && dateModified && Date.parse(dateModified) < Date.parse(datePublished)) {
      complain(file, `it was modified on ${dateModified}, and published on ${datePublished}`);
    }
  }
}

// there reports whether a URL of the site leads to a file of the folder.
function there(folder, base, url) {
  if (!url.startsWith(base)) return false;
  const path = join(folder, decodeURI(url.slice(base.length).split("#")[0]));
  return existsSync(path) && (statSync(path).isFile() || existsSync(join(path, "index.html")));
}

function links(file, folder, base) {
  const json = JSON.parse(readFileSync(file, "utf8"));
  const set = linkset.denormalize(json);
  for (const { anchor } of json.linkset) {
    const from = [...set.linksFrom(anchor)];
    for (const rel of ["version-history", "latest-version"]) {
      if (from.filter((link) => link.rel === rel).length !== 1) complain(file, `${anchor} has not one ${rel}`);
    }
    for (const url of [anchor, ...from.map((link) => link.href)]) {
      if (!there(folder, base, url)) complain(file, `there is no ${url}`);
    }
  }
}

function timemap(file, folder, base) {
  const all = Links.parse(readFileSync(file, "utf8"));
  const [{ uri: self } = { uri: "" }] = all.rel("self"); // under a former name, the file is a copy of the current one
  if (all.rel("original").length !== 1) complain(file, "it has not one original");
  if (!there(folder, base, self) || readFileSync(join(folder, self.slice(base.length)), "utf8") !== readFileSync(file, "utf8")) {
    complain(file, `it is not ${self} itself`);
  }
  if (all.rel("timegate").length) complain(file, "a site of files has no time gate");
  let last = -Infinity;
  for (const { uri, datetime } of all.rel("memento")) {
    if (!there(folder, base, uri)) complain(file, `there is no ${uri}`);
    if (!(Date.parse(datetime) > last)) complain(file, `${uri} is of ${datetime}, out of order`);
    last = Date.parse(datetime);
  }
  const mementos = all.rel("memento");
  if (!mementos.length && !all.rel("timemap").length) complain(file, "it has no versions");
  const [page] = all.rel("original");
  if (page && !readFileSync(join(folder, page.uri.slice(base.length), "index.html"), "utf8").includes(`<link rel="timemap" href="${self}"`)) {
    complain(file, `${page.uri} does not lead to it`);
  }
}

async function sitemap(file, folder, base) {
  if (readFileSync(file, "utf8").includes("<sitemapindex")) {
    for (const { url } of await parseSitemapIndex(createReadStream(file))) {
      if (!there(folder, base, url)) complain(file, `there is no ${url}`);
    }
    return;
  }
  let n = 0;
  for await (const { url } of createReadStream(file).pipe(new XMLToSitemapItemStream({ level: ErrorLevel.THROW }))) {
    n++;
    if (!there(folder, base, url)) complain(file, `there is no ${url}`);
  }
  if (!n) complain(file, "it has no pages");
}

// letters returns the letters and digits of a page's text.
function letters(text) {
  text.find("[data-added], script, style").remove();
  return text.text().normalize("NFC").replace(/[^\p{L}\p{N}]/gu, "");
}

// document converts an index.md as docs/formats.md says, and compares it with its page.
function document(file) {
  if (!existsSync(join(dirname(file), "index.html"))) return;
  const $ = cheerio.load(readFileSync(join(dirname(file), "index.html"), "utf8"));
  const article = $("article[data-policy]");
  if (!article.length) return; // the page of a former name
  const word = join(scratch, "out.docx"), from = ["--from", "commonmark_x"];
  const pandoc = (...args) => execFileSync("pandoc", args, { encoding: "utf8" });
  const html = cheerio.load(pandoc(...from, "--standalone", "--to", "html5", file));
  const head = { title: html("title").text(), lang: html("html").attr("lang"), dir: html("html").attr("dir") };
  const want = { title: article.find("h1").first().text(), lang: article.attr("lang"), dir: article.attr("dir") ?? $("html").attr("dir") ?? "ltr" };
  if (JSON.stringify(head) !== JSON.stringify(want)) complain(file, `a page of it has ${JSON.stringify(head)}, not ${JSON.stringify(want)}`);
  pandoc(...from, "--shift-heading-level-by=-1", file, "--output", word);
  const core = cheerio.load(execFileSync("unzip", ["-p", word, "docProps/core.xml"], { encoding: "utf8" }), { xmlMode: true });
  if (core("dc\\:title").text() !== want.title) complain(file, `the title of its Word file is ${core("dc\\:title").text()}`);
  article.find("h1").first().remove();
  const made = cheerio.load(pandoc(word, "--to", "html5"));
  const [a, b] = [letters(made.root()), letters(article)];
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  if (a !== b) complain(file, `its Word file has ${a.slice(i, i + 40)} where the page has ${b.slice(i, i + 40)}`);
}

const scratch = mkdtempSync(join(tmpdir(), "formats-"));
for (const folder of folders) {
  const base = JSON.parse(readFileSync(join(folder, "policies.json"), "utf8"));
  for (const policy of base.policies) {
    const history = JSON.parse(readFileSync(join(folder, policy.versions.slice(base.url.length)), "utf8"));
    for (const version of [policy.in_force, policy.upcoming]) {
      if (!version) continue;
      const text = history.versions.find((v) => v.id === version.id)?.texts[0];
      if (text?.url !== version.url || text?.sha256 !== version.sha256) {
        complain(policy.versions, `it has no version as policies.json says: ${JSON.stringify(version)}`);
      }
    }
  }
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath ?? entry.path, entry.name);
    if (!entry.isFile()) continue;
    read++;
    if (validators[entry.name]) {
      const { id, valid } = validators[entry.name];
      const json = JSON.parse(readFileSync(file, "utf8"));
      if (json.$schema !== id) complain(file, `it names the schema ${json.$schema}, not ${id}`);
      if (!valid(json)) complain(file, ajv.errorsText(valid.errors));
    } else if (entry.name === "feed.atom") {
      await feed(file);
    } else if (entry.name === "index.md" && folder === folders[0]) {
      document(file);
    } else if (entry.name === "links.json") {
      links(file, folder, base.url);
    } else if (entry.name === "timemap.link") {
      timemap(file, folder, base.url);
    } else if (/^sitemap.*\.xml$/.test(entry.name)) {
      await sitemap(file, folder, base.url);
    } else if (entry.name.endsWith(".html")) {
      await page(file);
    }
  }
}
rmSync(scratch, { recursive: true });
console.log(`${read} files, ${wrong} faults`);
process.exit(wrong || !read ? 1 : 0);
