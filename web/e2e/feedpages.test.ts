import { readFile } from 'node:fs/promises';
import { createServer, request as ask, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violations } from './axe';
import { desktop, launch, openPage, phone } from './browser';
import { parcels, park } from './feeds';
import { dataFolder, removeFolder, startLuodi, type Luodi } from './luodi';
import { shoot } from './planner';

let luodi: Luodi;
let folder: string;
let browser: Browser;

beforeAll(async () => {
  folder = await dataFolder();
  [luodi, browser] = await Promise.all([startLuodi(folder, 0, '--behind-proxy'), launch()]);
});

afterAll(async () => {
  await browser?.close();
  await luodi?.stop();
  await removeFolder(folder);
});

const items = `/ogc/collections/parcels/items?f=html&park=${park}&limit=200`;

describe("the feeds' own pages", () => {
  it.each([
    ['zh', desktop],
    ['en', phone],
  ] as const)('are whole, legible and our own in %s', async (lang, window) => {
    for (const path of ['/ogc?f=html', '/ogc/collections/parcels?f=html', items]) {
      const watched = await openPage(browser, `${luodi.url}${path}&lang=${lang}`, window);
      const { page } = watched;
      await page.waitForLoadState('load');
      // the type is the program's: what no font of the machine has is drawn all the same
      await expect
        .poll(() =>
          page.evaluate(() => [...document.fonts].filter((font) => font.status === 'loaded').length),
        )
        .toBeGreaterThan(1);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), path).toBeLessThan(
        1,
      );
      expect((await violations(page)).map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
      expect(watched.errors).toEqual([]);
      expect(watched.strays).toEqual([]);
      await page.context().close();
    }
  });

  it.each([
    ['zh', desktop, 'TX-L04'],
    ['en', phone, 'TX-R01'],
  ] as const)('tell one site on a page and on a sheet of A4 in %s', async (lang, window, code) => {
    const watched = await openPage(browser, `${luodi.url}/sites/${park}/${code}?lang=${lang}`, window);
    const { page } = watched;
    await page.waitForLoadState('load');
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThan(1);
    expect((await violations(page)).map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
    // on paper a millimetre of the plan is one: 96 pixels of CSS are an inch
    await page.emulateMedia({ media: 'print' });
    const plan = await page.locator('figure.paper:not(.solid) svg').boundingBox();
    expect(plan?.width).toBeCloseTo((180 * 96) / 25.4, 0);
    expect(plan?.height).toBeCloseTo((120 * 96) / 25.4, 0);
    expect(watched.errors).toEqual([]);
    expect(watched.strays).toEqual([]);
    await page.context().close();
  });

  it.each([
    ['zh', 'desk', desktop],
    ['en', 'desk', desktop],
    ['zh', 'narrow phone', { ...phone, viewport: { width: 360, height: 780 } }],
    ['en', 'narrow phone', { ...phone, viewport: { width: 360, height: 780 } }],
  ] as const)('sum parks, sites and free land in %s on a %s', async (lang, device, window) => {
    for (const [name, path] of [
      ['site', `/sites/${park}/TX-L04`],
      ['set', `/sites/${park}/TX-L04,TX-M02`],
      ['embed', `/embed/${park}`],
      ['overview', '/overview'],
    ] as const) {
      const watched = await openPage(browser, `${luodi.url}${path}?lang=${lang}`, window);
      const { page } = watched;
      await page.waitForLoadState('load');
      await shoot(page, 'pages', `${name}-${device.replace(' ', '-')}-${lang}`);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), path).toBeLessThan(
        1,
      );
      // wide tables scroll in their own box; no text is wider than what holds it
      const clipped = await page.evaluate(() =>
        [...document.querySelectorAll('main :is(h1, h2, p, td, th)')]
          .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1)
          .map(({ textContent }) => textContent),
      );
      expect(clipped, path).toEqual([]);
      expect((await violations(page)).map(({ id, nodes }) => [path, id, nodes[0]?.html])).toEqual([]);
      if (name === 'overview') {
        await page.getByRole('link', { name: lang === 'zh' ? '碳纤维产业链' : 'Carbon-fibre chain' }).click();
        await page.locator('.nodes > li[data-node=fibre] .tenant').waitFor();
      }
      expect(watched.errors).toEqual([]);
      expect(watched.strays).toEqual([]);
      await page.context().close();
    }
  });

  it('draw each parcel once, in the colour of the legend, and lead to it without a script', async () => {
    const context = await browser.newContext({ ...desktop, javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${luodi.url}${items}&lang=zh`);
    const all = await parcels(luodi.url);
    await expect.poll(() => page.locator('figure svg a path').count()).toBe(all.length);
    await expect.poll(() => page.getByRole('button', { name: '复制' }).count()).toBe(0);
    await page.locator('select[name=status]').selectOption({ label: '储备' });
    await page.getByRole('button', { name: '筛选' }).click();
    await page.waitForURL(
      (url) => url.searchParams.get('status') === 'reserve' && !url.searchParams.has('code'),
    );
    const reserve = all.filter(({ properties }) => properties.status === 'reserve');
    await expect.poll(() => page.locator('figure svg a path').count()).toBe(reserve.length);
    const fill = await page
      .locator('figure svg a path')
      .first()
      .evaluate((path) => getComputedStyle(path).fill);
    expect(fill).toBe('rgb(237, 202, 98)'); // --status-reserve of the light theme
    await page.locator('tbody a').first().click();
    await page.getByRole('heading', { level: 1, name: String(reserve[0]?.properties.code) }).waitFor();
    await context.close();
  });
});

describe('the documents of the API', () => {
  it.each([
    ['/api/docs?lang=zh', '投资者与公众', '/api/parks'],
    ['/api/docs?of=ogc&lang=en', 'Parcels', '/collections/parcels'],
  ])('%s can be tried, and ask nobody else', async (path, group, operation) => {
    const watched = await openPage(browser, luodi.url + path);
    const { page } = watched;
    await page.locator('.opblock-tag', { hasText: group }).first().waitFor();
    const block = page
      .locator('.opblock', { has: page.locator(`[data-path="${operation}"]`) })
      .filter({ hasText: 'GET' })
      .first();
    await block.locator('.opblock-summary-control').click();
    await block.getByRole('button', { name: 'Execute' }).click();
    await block.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor();
    expect(watched.errors).toEqual([]);
    expect(watched.strays).toEqual([]);
    await page.context().close();
  });

  it('are readable without scripts', async () => {
    const context = await browser.newContext({ ...desktop, javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${luodi.url}/api/docs?lang=en`);
    await page.waitForURL('**/api/docs/plain?lang=en');
    await page.getByRole('heading', { name: 'GET /api/parks', exact: true }).waitFor();
    await context.close();
  });
});

describe("the pages below a proxy's prefix", () => {
  const prefix = '/city/land';
  let proxy: Server;

  beforeAll(async () => {
    proxy = createServer((asked, answer) => {
      const path = asked.url ?? '/';
      if (!path.startsWith(`${prefix}/`)) {
        answer.writeHead(404).end();
        return;
      }
      const headers = { ...asked.headers, 'x-forwarded-prefix': prefix };
      const options = { port: luodi.port, path: path.slice(prefix.length), method: asked.method, headers };
      asked.pipe(
        ask(options, (got) => {
          answer.writeHead(got.statusCode ?? 502, got.headers);
          got.pipe(answer);
        }),
      );
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => proxy.close());

  it.each([
    ['/ogc/collections/parcels/items?f=html&lang=zh', '地块'],
    ['/api/docs?lang=zh', '投资者与公众'],
    ['/api/docs?of=ogc&lang=en', 'Parcels'],
  ])('%s is whole', async (path, text) => {
    const missing: string[] = [];
    const page = await (await browser.newContext(desktop)).newPage();
    page.on('response', (response) => {
      if (response.status() === 404) missing.push(response.url());
    });
    await page.goto(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}${prefix}${path}`);
    await page.getByText(text).filter({ visible: true }).first().waitFor();
    await page.evaluate(() => document.fonts.ready);
    if (path.includes('of=ogc')) {
      const block = page
        .locator('.opblock', { has: page.locator('[data-path="/collections/parcels/items/{featureId}"]') })
        .first();
      await block.locator('.opblock-summary-control').click();
      await block.getByRole('button', { name: 'Execute' }).click(); // with an id that was looked up
      await block.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor();
    }
    expect(missing).toEqual([]);
    expect(await page.evaluate(() => [...document.fonts].some((font) => font.status === 'loaded'))).toBe(
      true,
    );
    await page.context().close();
  });
});

describe('a map on a page of another origin', () => {
  let elsewhere: Server;
  const shipped = fileURLToPath(new URL('../node_modules/maplibre-gl/dist/', import.meta.url));

  beforeAll(async () => {
    elsewhere = createServer((request, response) => {
      const name = new URL(request.url ?? '/', 'http://x').pathname.slice(1);
      if (!/^maplibre-gl[a-z-]*\.mjs$/.test(name)) {
        response
          .setHeader('Content-Type', 'text/html')
          .end('<link rel="icon" href="data:,"><div id="map"></div>');
        return;
      }
      response.setHeader('Content-Type', 'text/javascript');
      readFile(shipped + name).then(
        (body) => response.end(body),
        () => response.writeHead(404).end(),
      );
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => elsewhere.close());

  it('draws the feed with MapLibre', async () => {
    const page = await (await browser.newContext(desktop)).newPage();
    await page.goto(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`);
    const drawn = await page.evaluate(async (data) => {
      const load = new Function('name', 'return import(name)'); // this file's own import is the runner's
      const { Map: MapLibre, setWorkerUrl } = await load('/maplibre-gl.mjs');
      setWorkerUrl('/maplibre-gl-worker.mjs');
      const holder = document.getElementById('map') as HTMLElement;
      holder.style.cssText = 'width:800px;height:600px';
      const map = new MapLibre({
        container: holder,
        center: [122.029, 37.2505],
        zoom: 14,
        style: {
          version: 8,
          sources: { parcels: { type: 'geojson', data, promoteId: 'code' } },
          layers: [{ id: 'parcels', type: 'fill', source: 'parcels', paint: { 'fill-color': '#7cc3a3' } }],
        },
      });
      await map.once('idle');
      const seen = map.queryRenderedFeatures({ layers: ['parcels'] }) as { id: string }[];
      return new Set(seen.map(({ id }) => id)).size;
    }, `${luodi.url}/ogc/collections/parcels/items?f=json&limit=10000&park=${park}`);
    expect(drawn).toBe((await parcels(luodi.url)).length);
    await page.context().close();
  });
});
