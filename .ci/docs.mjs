// Builds a site with a search from docs/, with VitePress, and checks every link of the
// result:
//
//   NODE_PATH=.../node_modules node .ci/docs.mjs OUT
//
// Everything is written below OUT. Links to files outside of docs/ lead to the
// repository's host. The order of the pages is that of docs/README.md.

import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const library = (process.env.NODE_PATH ?? "").split(delimiter).filter(Boolean)[0];
const root = join(import.meta.dirname, ".."), out = resolve(process.argv[2]), work = join(out, "source"), site = join(out, "site");
rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
cpSync(join(root, "docs"), work, { recursive: true });
symlinkSync(library, join(out, "node_modules"));
const { build } = await import(pathToFileURL(join(library, "vitepress/dist/node/index.js")));

// slug returns the id of a heading as the repository's host creates it. Links in docs/ use these ids.
const slug = (text) => text.trim().toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-");

// outward converts a link from a page to a file outside of docs/ to a link to the repository.
function outward(page, href) {
  const [file, hash] = href.split("#");
  if (/^[a-z]+:/.test(href) || file === "") return href;
  const to = join("docs", dirname(page), file);
  if (!to.startsWith("docs/") || !/[.]md$/.test(file)) {
    if (!existsSync(join(root, to))) throw new Error(`${page}: the link ${href} leads nowhere`);
    return `https://github.com/privgen/privgen/blob/main/${to}${hash ? "#" + hash : ""}`;
  }
  return href.replace(/README[.]md/, "index.md");
}

const pages = readdirSync(work, { recursive: true }).filter((name) => name.endsWith(".md"));
for (const page of pages.filter((name) => name.endsWith("README.md"))) {
  renameSync(join(work, page), join(work, page.replace(/README[.]md$/, "index.md")));
}
const menu = [...readFileSync(join(root, "docs/README.md"), "utf8").matchAll(/\[([^\]]+)\]\(((?!\.\.)[^)#]+[.]md)\)/g)]
  .map(([, text, href]) => ({ text: text[0].toUpperCase() + text.slice(1), link: "/" + href.replace(/README[.]md/, "index.md") }));

writeFileSync(join(work, "package.json"), '{"type": "module"}');
mkdirSync(join(work, ".vitepress"));
writeFileSync(join(work, ".vitepress/config.mjs"), `export default globalThis.privgenDocs;`);
globalThis.privgenDocs = {
  title: "privgen", description: "A static site generator for legal policies", outDir: site, lastUpdated: false,
  themeConfig: { sidebar: menu, outline: [2, 3], search: { provider: "local" },
    socialLinks: [{ icon: "github", link: "https://github.com/privgen/privgen" }] },
  markdown: {
    html: false, anchor: { slugify: slug }, languageAlias: { caddy: "nginx" },
    config(md) {
      for (const rule of ["text", "code_inline"]) { // braces here are not for Vue
        const render = md.renderer.rules[rule];
        md.renderer.rules[rule] = (...of) => render.call(md.renderer.rules, ...of).replaceAll("{{", "<span v-pre>{{</span>");
      }
      md.core.ruler.push("outward", (state) => {
        for (const block of state.tokens) {
          for (const token of block.children ?? []) {
            const href = token.attrGet?.("href");
            if (href && token.type === "link_open") token.attrSet("href", outward(state.env.relativePath, href));
          }
        }
      });
    },
  },
};
await build(work);

// Check that every link leads to a page of the site, and to an id on it.
const ids = new Map(), faults = [];
const html = readdirSync(site, { recursive: true }).filter((name) => name.endsWith(".html"));
for (const name of html) ids.set(name, new Set([...readFileSync(join(site, name), "utf8").matchAll(/ id="([^"]*)"/g)].map((m) => m[1])));
let links = 0;
for (const name of html) {
  for (const [, href] of readFileSync(join(site, name), "utf8").matchAll(/<a [^>]*?href="([^"]*)"/g)) {
    if (/^(https?|mailto):/.test(href)) continue;
    links++;
    const [path, hash] = href.replaceAll("&amp;", "&").split("#");
    let to = path === "" ? name : path.startsWith("/") ? path.slice(1) : relative(site, resolve(site, dirname(name), path));
    if (to === "" || existsSync(join(site, to)) && statSync(join(site, to)).isDirectory()) to = join(to, "index.html");
    if (!ids.has(to)) faults.push(`${name}: ${href} leads nowhere`);
    else if (hash && !ids.get(to).has(decodeURIComponent(hash))) faults.push(`${name}: ${href} leads to no heading`);
  }
}
for (const fault of faults) console.log(fault);
console.log(`${html.length} pages, ${links} links`);
if (faults.length > 0 || html.length < pages.length) process.exit(1);
