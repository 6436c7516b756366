#!/usr/bin/env node
// Takes a screenshot of every page kind in every shipped theme, width, and color
// scheme, and prints every page to PDF:
//
//	npm install --prefix /tmp/shots playwright-core
//	go build -o /tmp/shots/privgen ./cmd/privgen
//	NODE_PATH=/tmp/shots/node_modules .ci/screenshots.mjs /tmp/shots/privgen FOLDER [SITE [PAGE...]]
//
// FOLDER receives THEME/PAGE-WIDTH-SCHEME.png and THEME/PAGE.pdf. The pages are
// those of the sample site, of the theme's gallery, and of two sites below, which have
// other kinds of pages; or PAGE... of SITE, a folder with a privgen.toml. BROWSER is
// the browser's path. THEMES, WIDTHS, and SCHEMES are lists that replace the defaults.
// A long page is cut off below 2,400 pixels. The script prints at which height the
// text of each page begins.
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";

const library = (process.env.NODE_PATH ?? "").split(path.delimiter)[0] || process.cwd();
const { chromium } = createRequire(path.join(library, "none.js"))(path.join(library, "playwright-core"));

const [privgen, out, asked, ...paths] = process.argv.slice(2);
const gallery = ".privgen/gallery/";
const sample = {
  "": "home", "privacy/": "policy", "privacy/2027-01-01/": "upcoming", "privacy/2023-06-15/": "superseded",
  "privacy/archive/": "archive", "privacy/redline/2025-02-10..2026-04-01/": "redline",
  "privacy/redline/2022-11-01..in-force/": "since", "no-such-page/": "notfound", "cookies/": "cookies",
  "ar/privacy/": "arabic", "ar/privacy/archive/": "arabic-archive", "ar/": "arabic-home", "de/privacy/": "german",
  "privacy/draft/": "draft", "privacy/redline/2024-03-01..2025-02-10/": "redline-folded",
  [gallery]: "gallery", [gallery + "text/"]: "gallery-text", [gallery + "history/archive/"]: "archive-years",
  [gallery + "longest/"]: "gallery-longest", [gallery + "retired/"]: "withdrawn", [gallery + "upcoming/"]: "not-yet",
  [gallery + "changes/"]: "upcoming-banner", [gallery + "changes/redline/2024-01-01..2025-01-01/"]: "cosmetic",
};
const many = {
  "": "groups", "orders/": "corrected", "orders/archive/": "archive-corrected",
  "orders/redline/2022-01-01..2023-01-01/": "moved", "orders/redline/2023-01-01..2024-01-01/": "restructured",
  "orders/redline/2024-01-01..2025-01-01/": "unmarked", "orders/redline/2025-01-01..2026-01-01/": "sides",
  "ko/delivery/redline/2025-01-01..2026-01-01/": "korean-redline",
  "ar/delivery/redline/2025-01-01..2026-01-01/": "arabic-redline", "ar/delivery/": "arabic-mixed",
};

// A site with features that the sample site does not have: groups, a correction, and
// redlines in which text only moved, was restructured, did not change, or was rewritten.
const header = (title) => `[site]\ntitle = "${title}"\nbase_url = "https://legal.alder.example/"\nlanguage = "en-GB"\nday = 2026-11-15\n` +
  `[organization]\nname = "Alder Road Bicycles Ltd"\nemail = "legal@alder.example"\n`;
const version = (day, text) => [`${day}.md`, `+++\neffective = ${day}\n+++\n\n${text}`];
const orders = (...blocks) => "# Orders\n\n" + blocks.join("\n\n") + "\n";
const blocks = {
  order: "## Orders\n\nYou order with the button at the end of the page. We confirm each order by e-mail within an hour, and the contract begins with that message.",
  pay: "## Payment\n\nYou pay when we send the bicycle, by card or by transfer. We charge no fee for either of them.",
  back: "## Returns\n\nYou have 30 days to return what you ordered. Send it to our workshop in the box it came in, and we pay the carrier.",
  list: "## Returns\n\n- You have 30 days to return what you ordered.\n- Send it to our workshop in the box it came in, and we pay the carrier.",
  anew: "## Returns\n\nReturns are free for a hundred days: take the bicycle to any of our shops or let a courier collect it at your door, whichever suits you best, and the money is on your account within a week.\n\n| Part | Days |\n|---|---|\n| Bicycles | 100 |\n| Helmets | 100 |",
  table: "## Returns\n\n| Part | Days |\n|---|---|\n| Bicycles | 30 |\n| Helmets | 14 |\n\n",
};
const files = (policy, settings, texts) => Object.fromEntries(
  [["policy.toml", settings], ...texts].map(([name, text]) => [`content/${policy}/${name}`, text]));
const scenes = {
  "privgen.toml": header("Alder Road Bicycles") + "[languages.ar]\n[languages.ko]\n",
  ...files("orders", `title = "Orders and returns"\ngroup = "Shop"\n`, [
    version("2022-01-01", orders(blocks.order, blocks.pay, blocks.back)),
    version("2023-01-01", orders(blocks.back, blocks.order, blocks.pay)),
    version("2024-01-01", orders(blocks.list, blocks.order, blocks.pay)),
    version("2025-01-01", orders(blocks.list, blocks.order, blocks.pay)),
    version("2026-01-01", orders(blocks.anew, blocks.order.replace("an hour", "a day"), blocks.pay)),
  ]),
  ...files("delivery", `title = "Delivery"\ngroup = "Shop"\n[translations.ar]\ntitle = "التسليم"\n[translations.ko]\ntitle = "배송"\n`, [
    version("2025-01-01", "# Delivery\n\nWe deliver within five days.\n"),
    version("2026-01-01", "# Delivery\n\nWe deliver within three days.\n"),
    ["2025-01-01.ar.md", "# التسليم\n\n## المدة\n\nنسلم الدراجة خلال خمسة أيام. اكتبوا إلى legal@alder.example: نجيب خلال يوم.\n\n## العنوان\n\n5 Alder Road, Alderton: هنا الورشة.\n"],
    ["2026-01-01.ar.md", "# التسليم\n\n## المدة\n\nنسلم الدراجة خلال ثلاثة أيام. اكتبوا إلى legal@alder.example: نجيب خلال ساعة.\n\n## العنوان\n\n5 Alder Road, Alderton: هنا الورشة والمتجر.\n"],
    ["2025-01-01.ko.md", "# 배송\n\n## 제1조 (기간)\n\n회사는 자전거를 5일 이내에 배송합니다.\n\n## 제2조 (보관)\n\n회사는 주문 기록을 5년간 보관합니다.\n\n## 제3조 (문의)\n\n고객센터로 문의하실 수 있습니다.\n"],
    ["2026-01-01.ko.md", "# 배송\n\n## 제1조 (기간)\n\n회사는 자전거를 3일 이내에 배송하며, 지연되는 경우 이메일로 알립니다.\n\n## 제2조 (보관)\n\n회사는 주문 기록을 3년간 보관한 후 지체 없이 파기합니다.\n\n## 제3조 (문의)\n\n고객센터로 문의하실 수 있습니다.\n"],
  ]),
  ...files("privacy", `title = "Privacy"\ngroup = "Everywhere"\n`, [version("2026-02-01", "# Privacy\n\nWe keep your address.\n"), version("2027-02-01", "# Privacy\n\nWe keep your address for a year.\n")]),
  ...files("jobs", `title = "Applications"\ngroup = "Workshop"\n`, [version("2024-06-01", "# Applications\n\nWe keep applications for six months.\n")]),
};
const single = { "privgen.toml": header("Alder Road Bicycles") + "", "content/privacy.md": "+++\neffective = 2026-02-01\n+++\n\n# Privacy\n\nWe keep your address.\n\n## Rights\n\nYou can ask for a copy.\n" };
single["privgen.toml"] = single["privgen.toml"].replace("day =", 'home = "privacy"\nday =');

const widths = (process.env.WIDTHS ?? "360,768,1280,1600").split(",").map(Number);
const schemes = (process.env.SCHEMES ?? "light,dark").split(",");

function temporary(fill) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), "privgen-shots-"));
  fill(dir);
  return dir;
}

// copied returns the folder of a copy of a site, without its themes and templates.
const copied = (site) => temporary((dir) => {
  for (const name of ["privgen.toml", "privgen.lock", "content", "static"]) {
    const from = path.join(site, name);
    if (fs.existsSync(from)) fs.cpSync(from, path.join(dir, name), { recursive: true });
  }
});

const written = (texts) => temporary((dir) => {
  for (const [name, text] of Object.entries(texts)) {
    fs.mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
    fs.writeFileSync(path.join(dir, name), text);
  }
});

function run(dir, ...args) {
  const ended = spawnSync(privgen, [...args, "--config", dir], { encoding: "utf8" });
  if (ended.status !== 0) throw new Error(`privgen ${args.join(" ")}: ${ended.stdout}${ended.stderr}`);
}

// correct records a correction in the site of the scenes.
function correct(dir) {
  run(dir, "lock", "--yes");
  const file = path.join(dir, "content/orders/2026-01-01.md"), earlier = path.join(dir, "earlier.md");
  fs.copyFileSync(file, earlier);
  fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace("your account", "your bank account"));
  run(dir, "correct", "orders", "2026-01-01", "--reason", "A word was missing.", "--earlier", earlier, "--yes");
}

function withTheme(dir, theme) {
  const file = path.join(dir, "privgen.toml");
  let config = fs.readFileSync(file, "utf8").replace(/^\[theme\][^[]*/m, "");
  config += `\n[theme]\nname = "${theme}"\nsettings = { clause_history = true }\n`;
  fs.writeFileSync(file, config);
  return dir;
}

async function serve(dir) {
  const server = spawn(privgen, ["serve", "--watch", "--config", dir, "--addr", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
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

async function shoot(browser, dir, theme, pages) {
  const folder = path.join(out, theme);
  fs.mkdirSync(folder, { recursive: true });
  const { server, url } = await serve(withTheme(dir, theme));
  try {
    for (const colorScheme of schemes) {
      for (const width of widths) {
        const phone = width < 600; // a phone has no pointer that hovers
        const context = await browser.newContext({ colorScheme, isMobile: phone, hasTouch: phone, viewport: { width, height: 740 } });
        for (const [page, name] of Object.entries(pages)) {
          const tab = await context.newPage(); // a tab has a pointer again after a screenshot
          const answer = await tab.goto(url + page);
          if (!answer.ok() && name !== "notfound") throw new Error(`${theme}: ${url}${page}: ${answer.status()}`);
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
          await tab.close();
        }
        await context.close();
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
for (const theme of (process.env.THEMES ?? "plain,gazette,center").split(",")) {
  if (asked) {
    const names = paths.map((p) => [p, p.replaceAll("/", "-").replace(/-$/, "") || "home"]);
    await shoot(browser, copied(asked), theme, names.length > 0 ? Object.fromEntries(names) : sample);
    continue;
  }
  await shoot(browser, copied(path.join(import.meta.dirname, "..")), theme, sample);
  const dir = written(scenes);
  correct(dir);
  await shoot(browser, dir, theme, many);
  await shoot(browser, written(single), theme, { "": "single" });
}
await browser.close();
