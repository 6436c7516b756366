// Tests `privgen serve --watch` in a real browser: what a page does after its text is
// edited, broken, fixed, renamed, and removed, after changes of style sheets, config,
// and theme, and after the server starts again.
//
// usage: node .ci/serve.mjs PRIVGEN
//
// PRIVGEN is the program. NODE_PATH leads to playwright-core, BROWSER is the path of
// the browser. At the first fault, it prints the fault and exits with 1.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

const { chromium } = createRequire(import.meta.url)('playwright-core');
const privgen = path.resolve(process.argv[2]);
const dir = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'privgen-serve-')), 'site');
const at = (name) => path.join(dir, name);
fs.mkdirSync(at('content/privacy'), { recursive: true });
fs.writeFileSync(at('privgen.toml'), `[site]
title = "Acme Ltd: policies"
base_url = "https://acme.example/"

[organization]
name = "Acme Ltd"

[theme]
name = "plain"
`);
const clauses = Array.from({ length: 12 }, (_, i) => `## ${i + 1}. Clause ${i + 1}\n\n${'We keep what you send us. '.repeat(20)}\n`);
fs.writeFileSync(at('content/privacy/2026-04-01.md'), '+++\neffective = 2026-04-01\n+++\n\n# Privacy policy\n\n' + clauses.join('\n'));

let server, url, said = '';
async function start(port = 0) {
  server = spawn(privgen, ['serve', '--watch', '--navigate', '--config', dir, '--at', '2026-06-01', '--addr', `127.0.0.1:${port}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  said = '';
  url = await new Promise((done, fail) => {
    server.stdout.on('data', (chunk) => {
      said += chunk;
      const m = said.match(/serving (http\S+)/);
      if (m) done(m[1]);
    });
    server.on('exit', () => fail(new Error('privgen serve ended: ' + said)));
  });
}
const stop = () => new Promise((done) => { server.on('exit', done); server.kill('SIGINT'); });

const browser = await chromium.launch({
  executablePath: process.env.BROWSER,
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const page = await (await browser.newContext({ viewport: { width: 1000, height: 600 } })).newPage();
page.setDefaultTimeout(15_000);
const faults = [];
page.on('console', (m) => { if (m.type() === 'error' && !/404|500|ERR_CONNECTION|ERR_INCOMPLETE/.test(m.text())) faults.push(m.text()); });
page.on('pageerror', (e) => faults.push(String(e)));

function check(ok, what) {
  if (ok) return;
  throw new Error(what);
}
const text = (words) => page.waitForFunction((w) => document.body.textContent.includes(w), words);
const gone = (words) => page.waitForFunction((w) => !document.body.textContent.includes(w), words);
// mark marks the document; same reports whether it was not loaded again since.
const mark = () => page.evaluate(() => { window.same = true; });
const same = () => page.evaluate(() => window.same === true);
const panel = () => page.waitForFunction(() => document.querySelector('privgen-problems')?.shadowRoot.textContent);
// oneSheet waits until the replaced style sheet is removed.
const oneSheet = () => page.waitForFunction(() => document.querySelectorAll('link[rel=stylesheet]').length === 1);
// asLoaded checks that the document equals that of a fresh load of the page.
async function asLoaded(what) {
  const patched = await page.evaluate(() => document.documentElement.outerHTML);
  const other = await page.context().newPage();
  await other.goto(page.url());
  const loaded = await other.evaluate(() => document.documentElement.outerHTML);
  await other.close();
  check(patched === loaded, `${what}: the document is not the one that a fresh load gives`);
}

let failed = '';
try {
  await start();
  const file = at('content/privacy/2026-04-01.md');
  const original = fs.readFileSync(file, 'utf8');
  await page.goto(url + 'privacy/');
  await mark();
  await page.evaluate(() => scrollTo(0, 400));

  fs.writeFileSync(file, original + '\nWords that are new.\n');
  await text('Words that are new.');
  check(await same(), 'edit: the page was loaded again');
  check((await page.evaluate(() => scrollY)) === 400, 'edit: the page scrolled');
  await asLoaded('edit');

  fs.writeFileSync(file, original.replace(/effective = .*/, 'effective = 2026-02-30'));
  const said = await (await panel()).jsonValue();
  for (const want of ['content/privacy/2026-04-01.md:2:13', 'effective = 2026-02-30', 'February 2026 has 28 days']) {
    check(said.includes(want), `break: the panel does not say ${want}: ${said}`);
  }
  check(await same(), 'break: the page was loaded again');
  await text('Words that are new.');
  if (process.env.SHOTS) {
    for (const [name, width, colorScheme] of [['light', 1000, 'light'], ['dark', 1000, 'dark'], ['narrow', 360, 'light']]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 600 });
      await page.screenshot({ path: path.join(process.env.SHOTS, `problem-${name}.png`) });
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1000, height: 600 });
  }
  await page.reload();
  await panel();
  await text('Words that are new.');
  await mark();

  fs.writeFileSync(file, original);
  await page.waitForFunction(() => !document.querySelector('privgen-problems'));
  await gone('Words that are new.');
  check(await same(), 'mend: the page was loaded again');
  await asLoaded('mend');

  fs.mkdirSync(at('content/returns'));
  fs.writeFileSync(at('content/returns/2026-05-01.md'), '# Returns\n\nBring it back.\n');
  await page.waitForURL(url + 'returns/');
  await text('Bring it back.');
  fs.renameSync(at('content/returns'), at('content/refunds'));
  await page.waitForURL(url + 'refunds/');
  await mark();
  fs.writeFileSync(at('content/refunds/2026-05-01.md'), '# Refunds\n\nWatched under its new name.\n');
  await text('Watched under its new name.');
  check(await same(), 'rename: the page was loaded again');
  fs.rmSync(at('content/refunds'), { recursive: true });
  await gone('Watched under its new name.');

  await page.goto(url + 'privacy/');
  await mark();
  fs.mkdirSync(at('templates/assets'), { recursive: true });
  fs.writeFileSync(at('templates/assets/own.css'), 'body { background-color: rgb(1, 2, 3) }\n');
  await page.waitForFunction(() => getComputedStyle(document.body).backgroundColor === 'rgb(1, 2, 3)');
  await oneSheet();
  check(await same(), 'look: the page was loaded again');
  await asLoaded('look');

  const config = fs.readFileSync(at('privgen.toml'), 'utf8');
  fs.writeFileSync(at('privgen.toml'), config.replace('Acme Ltd: policies', 'Quite another title'));
  await text('Quite another title');
  check(await same(), 'config: the page was loaded again');
  check((await page.title()).includes('Quite another title'), 'config: the title stayed');
  await asLoaded('config');
  fs.writeFileSync(at('privgen.toml'), config.replace('name = "plain"', 'name = "gazette"'));
  const sheets = () => page.evaluate(() => [...document.styleSheets].map((s) => s.href).join());
  const before = await sheets();
  await page.waitForFunction((b) => [...document.styleSheets].map((s) => s.href).join() !== b && document.querySelectorAll('link[rel=stylesheet]').length === document.styleSheets.length, before);
  check(await same(), 'theme: the page was loaded again');
  await oneSheet();
  await asLoaded('theme');

  const port = new URL(url).port;
  await stop();
  fs.writeFileSync(file, original + '\nWritten while nobody served.\n');
  await start(port);
  await text('Written while nobody served.');
  check(await same(), 'restart: the page was loaded again');
  fs.writeFileSync(file, original + '\nAnd followed again.\n');
  await text('And followed again.');

  fs.writeFileSync(at('content/privacy/draft.md'), '+++\n+++\n\n# Privacy policy\n\nWhat may come.\n');
  await page.waitForURL(url + 'privacy/draft/');
  await text('What may come.');
  await text('This is a draft.');
  if (process.env.SHOTS) await page.screenshot({ path: path.join(process.env.SHOTS, 'draft.png') });
  check(faults.length === 0, 'the browser complains: ' + faults.join('\n'));
  check(!fs.existsSync(at('public')), 'something was written to public');
} catch (e) {
  failed = String(e.stack ?? e) + '\n' + said;
  if (process.env.SHOTS) await page.screenshot({ path: path.join(process.env.SHOTS, 'failed.png') });
}
await browser.close();
await stop();
fs.rmSync(path.dirname(dir), { recursive: true, force: true });
if (failed) {
  console.error(failed);
  process.exit(1);
}
console.log('served, edited, broken, mended, renamed, removed, restyled, configured, restarted');
