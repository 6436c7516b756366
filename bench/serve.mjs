// Measures the time from saving a file until Chromium has rendered its new page.
//
// usage: node bench/serve.mjs SITE EDITS COMMAND...
//
// SITE is a folder with content/. The script edits it, so use a copy. COMMAND serves
// it; every {} in it is replaced by the port. For each edit, the page of a policy is
// open, and a line with a new mark is added to the policy's newest text. The time
// ends when the document has the mark and a frame with it was rendered. NODE_PATH
// leads to playwright-core, and BROWSER is the path of the browser.
//
//	node bench/serve.mjs SITE 100 privgen serve --watch --addr 127.0.0.1:{} --config SITE/privgen.toml
//	node bench/serve.mjs SITE 8 hugo server --renderToMemory --port {} --source HUGO --contentDir SITE/content
//
// It also prints the server's peak memory, and its processor time for an edit and
// in ten seconds without changes (Linux only).
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import path from 'node:path';

const { chromium } = createRequire(import.meta.url)('playwright-core');
const [site, edits, ...command] = process.argv.slice(2);
if (!command.length) {
  console.error('usage: node bench/serve.mjs SITE EDITS COMMAND...');
  process.exit(2);
}

const port = await new Promise((done) => {
  const s = net.createServer().listen(0, '127.0.0.1', () => {
    const { port } = s.address();
    s.close(() => done(port));
  });
});
const began = performance.now();
const server = spawn(command[0], command.slice(1).map((a) => a.replaceAll('{}', port)), { stdio: ['ignore', 'ignore', 'inherit'] });
process.on('exit', () => server.kill());

const root = `http://127.0.0.1:${port}/`;
const content = path.join(site, 'content');
const policies = fs.readdirSync(content).filter((d) => fs.statSync(path.join(content, d)).isDirectory());
const newest = (slug) => {
  const names = fs.readdirSync(path.join(content, slug)).filter((n) => n.endsWith('.md')).sort();
  return path.join(content, slug, names.at(-1));
};
const address = (slug) => root + slug + '/' + path.basename(newest(slug), '.md') + '/';

for (;;) {
  try {
    const answer = await fetch(address(policies[0]));
    if (answer.ok) { await answer.text(); break; }
  } catch {}
  await new Promise((done) => setTimeout(done, 5));
}
console.log(`start to first page: ${((performance.now() - began) / 1000).toFixed(2)} s`);

const browser = await chromium.launch({
  executablePath: process.env.BROWSER,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const page = await browser.newPage();
let seen = () => {};
await page.exposeBinding('privgenSeen', (_, mark, time) => seen(mark, time));
await page.addInitScript(() => {
  let last = '';
  const look = () => {
    const mark = document.documentElement?.textContent.match(/mark-\d+-end/g)?.at(-1);
    if (!mark || mark === last) return;
    last = mark;
    requestAnimationFrame(() => {
      const after = new MessageChannel();
      after.port1.onmessage = () => privgenSeen(mark, performance.timeOrigin + performance.now());
      after.port2.postMessage(0);
    });
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });
});

// Returns the processor time of the server so far, in ms.
const used = () => {
  if (process.platform !== 'linux') return NaN;
  const f = fs.readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(' ');
  return (+f[13] + +f[14]) * 10;
};

const now = () => performance.timeOrigin + performance.now();
const times = [];
let work = 0;
for (let i = 0; i < +edits; i++) {
  const slug = policies[(i * 7919) % policies.length];
  const file = newest(slug);
  await page.goto(address(slug), { waitUntil: 'load' });
  await page.waitForTimeout(150); // an author looks at a page before changing it
  const mark = `mark-${Date.now()}${i}-end`;
  const lines = fs.readFileSync(file, 'utf8').trimEnd().replaceAll(/\n\nmark-\d+-end/g, '');
  const rendered = new Promise((done, fail) => {
    const late = setTimeout(() => fail(new Error(`${file}: not seen after 30 s`)), 30_000);
    seen = (m, time) => { if (m === mark) { clearTimeout(late); done(time); } };
  });
  const before = used();
  fs.writeFileSync(file, `${lines}\n\n${mark}\n`);
  const saved = now();
  times.push((await rendered) - saved);
  work += used() - before;
}
const sorted = times.toSorted((a, b) => a - b);
const at = (share) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)].toFixed(1);
console.log(`${edits} edits, ms from saved to rendered: median ${at(0.5)}, 95 of 100 under ${at(0.95)}, least ${sorted[0].toFixed(1)}, most ${at(1)}`);

if (process.platform === 'linux') {
  const status = fs.readFileSync(`/proc/${server.pid}/status`, 'utf8');
  console.log(`peak memory: ${(status.match(/VmHWM:\s+(\d+)/)[1] / 1024).toFixed(0)} MiB, now ${(status.match(/VmRSS:\s+(\d+)/)[1] / 1024).toFixed(0)} MiB`);
  console.log(`processor time of the server for an edit: ${(work / +edits).toFixed(1)} ms`);
  const before = used();
  await page.waitForTimeout(10_000);
  console.log(`processor time in 10 s of rest: ${used() - before} ms`);
}
await browser.close();
server.kill('SIGINT');
