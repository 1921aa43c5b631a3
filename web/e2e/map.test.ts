import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { legendRows } from '../src/park/balance';
import type { Parcel } from '../src/core/feed';
import { fixed, muOf } from '../src/core/format';
import { light } from '../src/core/theme';
import { desktop, launch, openPage } from './browser';
import { balance, facts, largest, parcels, park, tenanted, withNeighbours } from './feeds';
import { isNear, pixelsAt, placesInside, project, rgbOf } from './pixels';
import { still } from './planner';

const url = inject('url');
/** So much of a parcel's ground must show its colour; lettering may take the rest. */
const SEEN = 0.6;
let browser: Browser;
beforeAll(async () => (browser = await launch([], { sharp: true })));
afterAll(() => browser.close());

/** The share of a parcel's ground that shows a colour; lettering and crosses take the rest. */
async function shareOf(page: Page, parcel: Parcel, hex: string): Promise<number> {
  const points = placesInside(parcel.geometry, 120).map((place) => project(page, place));
  const seen = await pixelsAt(page, points);
  return seen.filter((rgb) => isNear(rgb, rgbOf(hex))).length / seen.length;
}

async function drawn(page: Page, parcel: Parcel, hex: string): Promise<void> {
  await page.waitForFunction(() => new URL(location.href).searchParams.has('view'));
  await expect.poll(() => shareOf(page, parcel, hex), { interval: 400 }).toBeGreaterThan(SEEN);
}

describe('the map', () => {
  it('shows every status of the park in its own colour', async () => {
    const present = new Set((await parcels(url)).map((parcel) => parcel.properties.status));
    expect(present).toContain('reserve');
    const { page } = await openPage(browser, url);
    for (const status of present) {
      // the hatching over withdrawn land leaves less of its ground to see
      if (status !== 'withdrawn') await drawn(page, await largest(url, status), light.status[status]);
    }
    await page.context().close();
  });

  it('shows the land in its colours where the map will draw it, before the map’s code is there', async () => {
    const context = await browser.newContext(desktop);
    const page = await context.newPage();
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/assets/parkmap-*.js', async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(`${url}/?on=2020-01-01`);
    await page.locator('.first-sight').waitFor({ state: 'attached' });
    await expect.poll(() => page.locator('.first-sight path[data-code]').count()).toBe(0); // no land yet
    await page.goto(url);
    const first = page.locator('.first-sight path[data-code]');
    await expect.poll(() => first.count()).toBe((await parcels(url)).length);
    const reserve = await largest(url, 'reserve');
    const drawnFirst = page.locator(`.first-sight path[data-code="${reserve.properties.code}"]`);
    await expect.poll(() => drawnFirst.getAttribute('fill')).toBe(light.status.reserve);
    const box = (await drawnFirst.boundingBox()) ?? { x: NaN, y: NaN, width: NaN, height: NaN };
    // a parcel answers before the map is there
    await drawnFirst.click();
    await page.locator('.facts h2', { hasText: reserve.properties.code }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.facts').waitFor({ state: 'detached' });
    release();
    await first.first().waitFor({ state: 'detached' });
    await still(page);
    const places = (reserve.geometry.coordinates[0] ?? []).map(([lon = 0, lat = 0]) =>
      project(page, [lon, lat]),
    );
    const [xs, ys] = [places.map(([x]) => x), places.map(([, y]) => y)];
    expect(Math.abs(box.x - Math.min(...xs))).toBeLessThan(2);
    expect(Math.abs(box.y - Math.min(...ys))).toBeLessThan(2);
    expect(Math.abs(box.x + box.width - Math.max(...xs))).toBeLessThan(2);
    expect(Math.abs(box.y + box.height - Math.max(...ys))).toBeLessThan(2);
    await context.close();
  });

  it('shows the park on its ground first: nothing is sea before the coast is there', async () => {
    const context = await browser.newContext(desktop);
    const page = await context.newPage();
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/basemap/**', async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(`${url}/?view=9.00/37.2000/122.2000`);
    await page.locator('.stack i').first().waitFor();
    const places = Array.from({ length: 200 }, (_, i): [number, number] => [
      400 + (i % 20) * 45,
      60 + Math.floor(i / 20) * 80,
    ]);
    const sea = async (): Promise<number> =>
      (await pixelsAt(page, places)).filter((rgb) => isNear(rgb, rgbOf(light.sea), 3)).length;
    expect(await sea()).toBe(0);
    release();
    await expect.poll(sea, { interval: 400 }).toBeGreaterThan(20);
    await context.close();
  });

  it('dims what the legend’s filter leaves out, and only that', async () => {
    const [reserve, other] = [await largest(url, 'reserve'), await largest(url, 'available')];
    const { page } = await openPage(browser, url);
    await drawn(page, reserve, light.status.reserve);
    await page.getByTitle('只看“储备”').click();
    await expect.poll(() => shareOf(page, other, light.status.available)).toBe(0);
    expect(await shareOf(page, reserve, light.status.reserve)).toBeGreaterThan(SEEN);
    await expect.poll(() => new URL(page.url()).searchParams.get('status')).toBe('reserve');
    await page.context().close();
  });

  it('opens the parcel that was clicked, with its neighbours one click away', async () => {
    const parcel = await largest(url, 'reserve');
    const known = await facts(url, parcel.id);
    const { page } = await openPage(browser, url);
    await drawn(page, parcel, light.status.reserve);
    await still(page); // the land is seen before the map is there to be clicked
    await page.mouse.click(...project(page, known.point));
    const heading = page.locator('.facts h2');
    await expect.poll(() => heading.textContent()).toContain(known.code);
    const text = await page.locator('.facts').innerText();
    expect(text).toContain(muOf('zh', known.legal_m2));
    expect(text.indexOf('亩')).toBeLessThan(text.indexOf('m²'));

    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('.facts').count()).toBe(0);
    await page.context().close();
  });

  it('goes next door and back', async () => {
    const known = await withNeighbours(url);
    const next = known.neighbours.toSorted((a, b) => b.shared_m - a.shared_m)[0];
    const { page } = await openPage(browser, `${url}/?parcel=${known.code}`);
    const heading = page.locator('.facts h2');
    const first = page.locator('.facts li button').first();
    await first.waitFor();
    expect(await first.innerText()).toContain(fixed('zh', next?.shared_m ?? NaN, 1));
    await first.click();
    await expect.poll(() => heading.textContent()).toContain(next?.code);
    await expect.poll(() => new URL(page.url()).searchParams.get('parcel')).toBe(next?.code);
    await page.goBack();
    await expect.poll(() => heading.textContent()).toContain(known.code);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('.facts').count()).toBe(0);
    await page.context().close();
  });

  it('letters the balance of the feed, to the hundredth of a mu', async () => {
    const { page } = await openPage(browser, url);
    const known = await balance(url);
    const side = page.locator('.side');
    await side.getByText(muOf('zh', known.total.legal_m2)).first().waitFor();
    const text = await side.innerText();
    for (const row of legendRows(known)) expect(text).toContain(muOf('zh', row.legalM2));
    expect(text).toContain(muOf('zh', known.boundary_m2));
    await page.context().close();
  });

  it('finds a parcel by its tenant in either language and flies to it', async () => {
    const parcel = await tenanted(url);
    for (const [lang, name] of [
      ['zh', parcel.properties.tenant_zh],
      ['en', parcel.properties.tenant_en],
    ] as const) {
      const { page } = await openPage(browser, `${url}/?lang=${lang}`);
      await page.locator('.stack i').first().waitFor();
      await page.keyboard.press('/');
      await page.keyboard.type(name);
      await page.locator('#hits li', { hasText: parcel.properties.code }).click();
      await expect.poll(() => page.locator('.facts h2').textContent()).toContain(parcel.properties.code);
      const { point } = await facts(url, parcel.id);
      const inSight = async (): Promise<boolean> => {
        const [x, y] = project(page, point);
        return x > 360 && x < 1030 && y > 0 && y < 900;
      };
      await expect.poll(inSight).toBe(true);
      await page.context().close();
    }
  });

  it('shows who looks for a product the plant by its project, and the free land beside it', async () => {
    const { page } = await openPage(browser, url);
    await page.locator('.stack i').first().waitFor();
    await page.keyboard.press('/');
    await page.locator('#search-hint').waitFor();
    await page.keyboard.type('预浸料');
    const hit = page.locator('#hits li').first();
    await expect.poll(() => hit.locator('b').textContent()).toContain('预浸料');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('.facts .tenant').textContent()).toContain('预浸料');
    const beside = page.locator('.facts li button', { hasText: '可供' }).first();
    await beside.waitFor();
    const free = await beside.locator('b').textContent();
    const land = (await parcels(url)).find(({ properties }) => properties.code === free);
    const area = muOf('zh', land?.properties.legal_m2 ?? NaN);
    expect(await beside.innerText()).toContain(`${area} 亩`);
    expect(await page.locator('.facts .free').innerText()).toContain('可供');
    await beside.click();
    await expect.poll(() => page.locator('.facts h2').textContent()).toContain(free);
    await page.locator('.facts li', { hasText: '预浸料' }).waitFor();
    await page.context().close();
  });

  it('says everything in the other language after a switch, and keeps what is open', async () => {
    const parcel = await tenanted(url);
    const { page } = await openPage(browser, `${url}/?parcel=${parcel.properties.code}`);
    const chinese = /[\u4e00-\u9fff]/;
    await page.getByText(parcel.properties.tenant_zh).first().waitFor();
    await page.getByRole('heading', { name: '邻地' }).waitFor();
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Next door' }).waitFor();
    await page.locator('.facts').getByText(parcel.properties.tenant_en).first().waitFor();
    await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe('en');
    const left = (await page.locator('.side').innerText())
      .replace('中文', '')
      .replace('落', '')
      .replace('地', '');
    expect(left).not.toMatch(chinese);
    await page.getByRole('button', { name: '中文' }).click();
    await page.getByRole('heading', { name: '邻地' }).waitFor();
    await page.context().close();
  });

  it('restores a link: park, view, parcel, filter, layers, language', async () => {
    const parcel = await largest(url, 'reserve');
    const link =
      `/?park=${park}&parcel=${parcel.properties.code}&view=15.50/37.25000/122.03000` +
      '&status=reserve&show=plan&hide=gas&lang=en';
    const { page } = await openPage(browser, url + link);
    await expect.poll(() => page.locator('.facts h2').textContent()).toContain(parcel.properties.code);
    await page.locator('summary').click();
    await expect.poll(() => page.getByLabel('Plan units').isChecked()).toBe(true);
    await expect.poll(() => page.getByLabel('Gas').isChecked()).toBe(false);
    expect(await page.locator('li button[aria-pressed=true]').innerText()).toContain('Reserve');
    await expect.poll(() => new URL(page.url()).search).toBe(link.slice(1));
    await page.context().close();
  });

  it('says so where the link names a park or parcel that is not there', async () => {
    const one = await openPage(browser, `${url}/?park=atlantis`);
    await one.page.getByText('atlantis').waitFor();
    await expect.poll(() => new URL(one.page.url()).searchParams.get('park')).toBe(park);
    const two = await openPage(browser, `${url}/?park=${park}&parcel=NOWHERE-1&lang=en`);
    await two.page.getByText('NOWHERE-1').waitFor();
    await one.page.context().close();
    await two.page.context().close();
  });

  it('explains that the shapes are illustrative', async () => {
    const { page } = await openPage(browser, url);
    await page.getByRole('button', { name: '示意图形' }).click();
    await page.getByText('不能用于办理土地手续').waitFor();
    await page.context().close();
  });

  it('asks nothing of any other origin and logs no error', async () => {
    const { page, errors, strays, paths } = await openPage(browser, url);
    await drawn(page, await largest(url, 'reserve'), light.status.reserve);
    for (let i = 0; i < 3; i++) await page.getByRole('button', { name: '缩小' }).click();
    await page.getByRole('button', { name: 'English' }).click();
    for (const end of ['.pmtiles', '.woff2'])
      await expect.poll(() => paths.some((path) => path.endsWith(end))).toBe(true);
    await still(page);
    await page.waitForLoadState('networkidle');
    expect(strays).toEqual([]);
    expect(errors).toEqual([]);
    await page.context().close();
  });
});
