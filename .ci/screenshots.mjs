#!/usr/bin/env node
// Takes a screenshot of every page kind of a site in every shipped theme,
// width, and color scheme, and prints every page to PDF:
//
//	npm install --prefix /tmp/shots playwright-core
//	go build -o /tmp/shots/privgen ./cmd/privgen
//	NODE_PATH=/tmp/shots/node_modules .ci/screenshots /tmp/shots/privgen FOLDER [SITE [PAGE...]]
//
// FOLDER receives THEME/PAGE-WIDTH-SCHEME.png and THEME/PAGE.pdf. SITE is the
// folder of a privgen.toml, by default the sample site; PAGE is a path on it.
// BROWSER is the browser's path. A long page is cut off below 2,400 pixels, and
// the script prints at which height the text of each page begins.
import { spawn } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";

const library = (process.env.NODE_PATH ?? "").split(path.delimiter)[0] || process.cwd();
const { chromium } = createRequire(path.join(library, "none.js"))(path.join(library, "playwright-core"));

const [privgen, out, site = path.join(import.meta.dirname, ".."), ...paths] = process.argv.slice(2);
const kinds = {
  "": "home", "privacy/": "policy", "privacy/2027-01-01/": "upcoming", "privacy/2023-06-15/": "superseded",
  "privacy/archive/": "archive", "privacy/redline/2025-02-10..2026-04-01/": "redline",
  "privacy/redline/2022-11-01..in-force/": "since", "no-such-page/": "notfound", "cookies/": "cookies",
  "ar/privacy/": "arabic", "ar/privacy/archive/": "arabic-archive", "ar/": "arabic-home",
};
const pages = paths.length > 0
  ? Object.fromEntries(paths.map((p) => [p, p.replaceAll("/", "-").replace(/-$/, "") || "home"])) : kinds;
const widths = (process.env.WIDTHS ?? "360,768,1280,1600").split(",").map(Number);
const schemes = (process.env.SCHEMES ?? "light,dark").split(",");

// withTheme copies the site with another theme, and without its settings.
function withTheme(theme) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), "privgen-shots-"));
  for (const name of ["privgen.toml", "privgen.lock", "content", "static"]) {
    const from = path.join(site, name);
    if (fs.existsSync(from)) fs.cpSync(from, path.join(dir, name), { recursive: true });
  }
  const file = path.join(dir, "privgen.toml");
  let config = fs.readFileSync(file, "utf8").replace(/^\[theme\][^[]*/m, "");
  config += `\n[theme]\nname = "${theme}"\nsettings = { clause_history = true }\n`;
  fs.writeFileSync(file, config);
  return dir;
}

async function serve(dir) {
  const server = spawn(privgen, ["serve", "--config", dir, "--addr", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise((done, fail) => {
    let said = "";
    server.stdout.on("data", (chunk) => {
      said += chunk;
      const found = said.match(/serving (http\S+)/);
      if (found) done(found[1]);
    });
    server.on("exit", () => fail(new Error("privgen serve ended: " + said)));
  });
  return { server, url };
}

async function shoot(browser, theme) {
  const dir = withTheme(theme), folder = path.join(out, theme);
  fs.mkdirSync(folder, { recursive: true });
  const { server, url } = await serve(dir);
  try {
    for (const colorScheme of schemes) {
      for (const width of widths) {
        const phone = width < 600; // has no pointer that hovers
        const tab = await (await browser.newContext({ colorScheme, isMobile: phone, hasTouch: phone, viewport: { width, height: 740 } })).newPage();
        for (const [page, name] of Object.entries(pages)) {
          await tab.goto(url + page);
          const start = await tab.evaluate(() => {
            const first = document.querySelector("article > p:not([data-added]), article > h2, article > .clause, main > ol, main > ul");
            return first ? Math.round(first.getBoundingClientRect().top) : 0;
          });
          if (colorScheme === "light") console.log(`${theme} ${name} ${width}: ${start}`);
          const height = await tab.evaluate(() => document.documentElement.scrollHeight);
          await tab.screenshot({
            path: path.join(folder, `${name}-${width}-${colorScheme}.png`), fullPage: true,
            clip: { x: 0, y: 0, width, height: Math.min(height, 2400) },
          });
          if (colorScheme === "light" && width === widths.at(-1)) {
            await tab.pdf({ path: path.join(folder, `${name}.pdf`), preferCSSPageSize: true, tagged: true });
          }
        }
        await tab.context().close();
      }
    }
  } finally {
    await new Promise((done) => { server.removeAllListeners("exit"); server.on("exit", done); server.kill("SIGINT"); });
    fs.rmSync(dir, { recursive: true, force: true });
  }
}

const browser = await chromium.launch({
  executablePath: process.env.BROWSER || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"],
});
for (const theme of (process.env.THEMES ?? "plain,gazette,center").split(",")) await shoot(browser, theme);
await browser.close();
