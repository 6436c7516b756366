// Reads what a site has for programs with programs that are not ours:
//
//   - every versions.json and policies.json is valid by its JSON Schema (Ajv)
//   - every Atom feed is read by a feed reader, with a title, a link, an id and
//     a date for each entry, and the ids are those of the JSON feed beside it
//   - the dates of every page's JSON-LD are in order
//   - every version that policies.json leads to is in its versions.json
//
// usage: NODE_PATH=.../node_modules node formats.mjs SCHEMAS FOLDER...

import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { existsSync, readFileSync, readdirSync } from "node:fs";

const library = (process.env.NODE_PATH ?? "").split(delimiter).filter(Boolean);
const require = createRequire(join(library[0] ?? process.cwd(), "none.js"));
const find = (name) => require(require.resolve(name, { paths: library.length ? library : undefined }));
const Ajv = find("ajv/dist/2020").default;
const formats = find("ajv-formats");
const Parser = find("rss-parser");

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

function page(file) {
  const text = readFileSync(file, "utf8");
  for (const [, block] of text.matchAll(/<script type="application\/ld\+json">(.*?)<\/script>/gs)) {
    const all = [JSON.parse(block)].flat().flatMap((one) => one["@graph"] ?? [one]);
    for (const { datePublished, dateModified } of all) {
      if (datePublished && dateModified && Date.parse(dateModified) < Date.parse(datePublished)) {
        complain(file, `it was modified on ${dateModified}, and published on ${datePublished}`);
      }
    }
  }
}

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
    } else if (entry.name.endsWith(".html")) {
      page(file);
    }
  }
}
console.log(`${read} files, ${wrong} faults`);
process.exit(wrong || !read ? 1 : 0);
