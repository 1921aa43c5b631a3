// Measures the page's first load on a poor line: a real server over the sample park, a browser with an empty cache,
// the line as Chromium's own emulation makes it. Prints one table: requests, bytes over the wire by kind, the time to
// the first figure of the land balance, until the land is seen in its colours, until the map is drawn and rests; then
// the waterfall of the median round.
//
//   node scripts/benchpage.mjs [--bin ../bin/luodi] [--rounds 3] [--lang zh-CN] [--encoding gzip] [--phone]
//     [--url http://127.0.0.1:8080] [--quiet 4000] [--shot page.png]
//
// --encoding names what the browser offers; without it all that it knows: br and zstd too, as over TLS.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const { values: asked } = parseArgs({
  options: {
    bin: { type: 'string', default: fileURLToPath(new URL('../../bin/luodi', import.meta.url)) },
    rounds: { type: 'string', default: '3' },
    lang: { type: 'string', default: 'zh-CN' },
    encoding: { type: 'string' },
    phone: { type: 'boolean', default: false },
    url: { type: 'string' },
    quiet: { type: 'string', default: '4000' },
    shot: { type: 'string' },
  },
});

/** The line of the measurement: 1.6 Mbit/s down, 750 kbit/s up, 400 ms there and back. */
const line = { offline: false, latency: 400, downloadThroughput: 200_000, uploadThroughput: 93_750 };
/** How long the map must rest before its last rest counts as the end, in ms. */
const QUIET_MS = Number(asked.quiet);
/** What the page may take, as it was promised. */
const limits = { kB: 700, figure: 3_000, land: 5_000 };

/** Software WebGL, and none of the browser's own calls home. */
const flags = JSON.parse(readFileSync(new URL('chromium.json', import.meta.url), 'utf8'));

async function serve() {
  if (asked.url) return { url: asked.url, stop: async () => {} };
  const folder = await mkdtemp(join(tmpdir(), 'luodi-bench-page-'));
  await chmod(folder, 0o755);
  const child = spawn(
    asked.bin,
    ['serve', '--sample', '--data', join(folder, 'var'), '--listen', '127.0.0.1:0'],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const url = await new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (text) => {
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(text);
        if (found) resolve(found[0]);
      });
    child.once('exit', (code) => reject(new Error(`luodi ended with ${code}`)));
  });
  const stop = async () => {
    child.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  return { url, stop };
}

/**
 * Runs in the page before its own scripts: notes when the first figure stands, when the parcels first do, drawn by the
 * page or by the map, and each time that the map rests.
 */
function watch() {
  window.seen = { figure: null, land: null, rest: null };
  const look = () => {
    if (window.seen.figure === null && /\d/.test(document.querySelector('.total b')?.textContent ?? ''))
      window.seen.figure = performance.now();
    const map = document.querySelector('section.map');
    const rests = map?.hasAttribute('data-idle') ?? false;
    if (window.seen.land === null && (rests || document.querySelectorAll('.first-sight path').length > 1))
      requestAnimationFrame(() => (window.seen.land ??= performance.now()));
    if (rests && !window.seen.resting) window.seen.rest = performance.now();
    window.seen.resting = rests;
  };
  new MutationObserver(look).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    characterData: true,
  });
}

/** A header's value, however the server writes its name. */
const headerOf = (headers, wanted) =>
  Object.entries(headers).find(([name]) => name.toLowerCase() === wanted)?.[1] ?? '';

const kindOf = (path, mime) => {
  if (/\.woff2$/.test(path)) return 'fonts';
  if (/\.m?js$/.test(path)) return 'scripts';
  if (/\.css$/.test(path)) return 'styles';
  if (/^\/(api|ogc)\//.test(path)) return 'data';
  if (/pmtiles/.test(path)) return 'basemap';
  return mime === 'text/html' ? 'page' : 'other';
};

/** Listens to the requests of the page and of its workers, and puts all of them on the poor line. */
async function listen(context, page) {
  const requests = new Map();
  const client = await context.newCDPSession(page);
  client.on('Network.requestWillBeSent', ({ requestId, request, timestamp }) => {
    const url = new URL(request.url);
    if (url.protocol.startsWith('http'))
      requests.set(requestId, { path: url.pathname + url.search, sent: timestamp, bytes: 0 });
  });
  client.on('Network.responseReceived', ({ requestId, response, timestamp }) => {
    const request = requests.get(requestId);
    if (!request) return;
    Object.assign(request, { answered: timestamp, encoding: headerOf(response.headers, 'content-encoding') });
    request.kind = kindOf(new URL(response.url).pathname, response.mimeType);
  });
  client.on('Network.loadingFinished', ({ requestId, encodedDataLength, timestamp }) => {
    const request = requests.get(requestId);
    if (request) Object.assign(request, { bytes: encodedDataLength, done: timestamp });
  });
  await client.send('Network.enable');
  await client.send('Network.emulateNetworkConditions', line);
  await client.send('Network.setCacheDisabled', { cacheDisabled: false });
  if (asked.encoding)
    await client.send('Network.setExtraHTTPHeaders', { headers: { 'Accept-Encoding': asked.encoding } });
  return requests;
}

async function round(browser, url) {
  const context = await browser.newContext({
    locale: asked.lang,
    reducedMotion: 'reduce',
    ...(asked.phone
      ? { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 }
      : { viewport: { width: 1440, height: 900 } }),
  });
  const page = await context.newPage();
  await page.addInitScript(watch);
  const requests = await listen(context, page);
  await page.goto(url, { waitUntil: 'commit' });
  await page.waitForFunction(
    (quiet) => window.seen.resting && performance.now() - window.seen.rest > quiet,
    QUIET_MS,
    { timeout: 120_000, polling: 250 },
  );
  const { figure, land, rest } = await page.evaluate(() => window.seen);
  if (asked.shot) await page.screenshot({ path: asked.shot });
  await context.close();
  // what the browser has in its own cache costs nothing, and was counted when it came
  const all = [...requests.values()].filter(({ bytes }) => bytes > 0).sort((a, b) => a.sent - b.sent);
  const start = all[0].sent;
  for (const each of all) {
    each.at = (each.sent - start) * 1000;
    each.took = ((each.done ?? each.sent) - each.sent) * 1000;
  }
  return { figure, land, rest, all, first: all.filter((each) => each.at <= rest) };
}

const sum = (list) => list.reduce((total, { bytes }) => total + bytes, 0);
const kB = (bytes) => (bytes / 1000).toFixed(1);
const seconds = (ms) => (ms === null ? '—' : (ms / 1000).toFixed(2));

function print(rounds) {
  console.log(`load of the machine in the last minute: ${loadavg()[0].toFixed(1)}\n`);
  const sorted = [...rounds].sort((a, b) => a.rest - b.rest);
  const median = sorted[Math.floor(sorted.length / 2)];
  const { first, all } = median;
  console.log('| what | requests | kB over the wire |');
  console.log('|---|---:|---:|');
  for (const kind of ['page', 'scripts', 'styles', 'fonts', 'data', 'basemap', 'other']) {
    const of = first.filter((each) => (each.kind ?? 'other') === kind);
    if (of.length > 0) console.log(`| ${kind} | ${of.length} | ${kB(sum(of))} |`);
  }
  console.log(`| until the map is drawn (at most ${limits.kB} kB) | ${first.length} | ${kB(sum(first))} |`);
  console.log(`| with what is fetched ahead afterwards | ${all.length} | ${kB(sum(all))} |`);
  console.log('\n| time, s | median | all rounds | at most |');
  console.log('|---|---:|---|---:|');
  for (const [name, of, most] of [
    ['first figure', (r) => r.figure, limits.figure],
    ['land seen', (r) => r.land, limits.land],
    ['map at rest', (r) => r.rest, null],
  ])
    console.log(
      `| ${name} | ${seconds(of(median))} | ${sorted.map(of).map(seconds).join(' ')} | ${seconds(most)} |`,
    );
  console.log('\n| begun, s | took, s | kB | encoding | request |');
  console.log('|---:|---:|---:|---|---|');
  for (const { at, took, bytes, encoding = '', path } of first)
    console.log(`| ${seconds(at)} | ${seconds(took)} | ${kB(bytes)} | ${encoding} | ${path} |`);
}

const server = await serve();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: flags,
});
try {
  // a round that does not count: the server's first answers are read from the database
  await round(browser, server.url);
  const rounds = [];
  for (let i = 0; i < Number(asked.rounds); i++) rounds.push(await round(browser, server.url));
  print(rounds);
} finally {
  await browser.close();
  await server.stop();
}
