import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { graveFindings } from './axe';
import { launch, openPage, phone } from './browser';
import { facts, largest, parcels, park, tenanted } from './feeds';
import { project } from './pixels';

const url = inject('url');
let browser: Browser;
beforeAll(async () => (browser = await launch()));
afterAll(() => browser.close());

const ready = (page: Page): Promise<void> => page.locator('.stack i').first().waitFor();

describe('within everyone’s reach', () => {
  it.each(['zh', 'en'])('axe finds nothing serious on map, menus, facts and list (%s)', async (lang) => {
    const parcel = await tenanted(url);
    const { page } = await openPage(browser, `${url}/?lang=${lang}&show=plan&status=reserve`);
    await ready(page);
    await page.locator('summary').click();
    await page.locator('.badge').click();
    await page.locator('.chooser').click();
    expect(await graveFindings(page), 'menus').toEqual([]);

    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await page.keyboard.type(parcel.properties.code);
    await page.locator('#hits[aria-busy=false] li').first().waitFor();
    expect(await graveFindings(page), 'search').toEqual([]);
    await page.keyboard.press('Enter');
    await page.locator('.facts .edge').first().waitFor();
    expect(await graveFindings(page), 'facts').toEqual([]);

    await page.locator('.views button').last().click();
    await page.locator('[name=browse-inview]').uncheck(); // the map is at one parcel, which the filter leaves out
    await page.locator('#parcels tbody tr').first().waitFor();
    await page.locator('[data-panel=filter]').click();
    await page.locator('.form[aria-busy=false] [name=browse-port-most]').waitFor();
    expect(await graveFindings(page), 'list and filters').toEqual([]);
    await page.context().close();
  });

  it('axe finds nothing serious by night and on a phone', async () => {
    const parcel = await tenanted(url);
    for (const options of [{ colorScheme: 'dark' as const, viewport: { width: 1440, height: 900 } }, phone]) {
      const { page } = await openPage(browser, `${url}/?parcel=${parcel.properties.code}`, options);
      await page.locator('.edge').first().waitFor();
      expect(await graveFindings(page)).toEqual([]);
      await page.context().close();
    }
  });

  it('goes by keyboard alone: search, open, neighbour, close', async () => {
    const parcel = await tenanted(url);
    const { page } = await openPage(browser, url);
    await ready(page);
    await page.keyboard.press('/');
    await page.keyboard.type(parcel.properties.code);
    await page.locator('#hits[aria-busy=false] li').first().waitFor();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => page.getByRole('combobox').getAttribute('aria-activedescendant')).toBe('hit-0');
    await page.keyboard.press('Enter');
    const heading = page.locator('.facts h2');
    await expect.poll(() => heading.textContent()).toContain(parcel.properties.code);
    await page.locator('.facts .edge').first().waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.matches('.facts h2'))).toBe(true);
    await expect
      .poll(() => page.locator('[aria-live=polite]').textContent())
      .toContain(parcel.properties.code);
    const onNeighbour = (): Promise<boolean> =>
      page.evaluate(() => document.activeElement?.matches('.facts li button') ?? false);
    for (let i = 0; i < 12 && !(await onNeighbour()); i++) await page.keyboard.press('Tab');
    await expect.poll(() => onNeighbour()).toBe(true);
    const outline = await page.evaluate(
      () => getComputedStyle(document.activeElement as Element).outlineStyle,
    );
    expect(outline).toBe('solid');
    await page.keyboard.press('Enter');
    await expect.poll(() => heading.textContent()).not.toContain(parcel.properties.code);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('.facts').count()).toBe(0);
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('role')))
      .toBe('combobox');
    await page.context().close();
  });

  it('reaches every parcel in the list from the first tab stop', async () => {
    const all = await parcels(url);
    const { page } = await openPage(browser, url);
    await ready(page);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('#parcels tbody tr').count()).toBe(Math.min(all.length, 200));
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('parcels');
    await page.getByRole('button', { name: '面积（亩）' }).click();
    await page.getByRole('button', { name: '面积（亩）' }).click();
    const biggest = all.toSorted((a, b) => b.properties.legal_m2 - a.properties.legal_m2)[0];
    await expect
      .poll(() => page.locator('#parcels tbody tr').first().innerText())
      .toContain(biggest?.properties.code);
    await page.context().close();
  });

  it('shows the list where the browser has no WebGL', async () => {
    const without = await launch(['--disable-gpu', '--disable-3d-apis']);
    const { page } = await openPage(without, `${url}/?park=${park}`);
    // said in passing, before the list has its rows
    await page.getByText('WebGL').waitFor();
    await page.locator('#parcels tbody tr').first().waitFor();
    await page.locator('#parcels tbody button').first().click();
    await page.locator('.facts h2').waitFor();
    await without.close();
  });

  it.each([
    ['on a phone', phone],
    ['of 1280 by 800 at 200 % zoom', { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 }],
    ['of 1440 by 900 at 200 % zoom', { viewport: { width: 720, height: 450 }, deviceScaleFactor: 2 }],
  ])('leaves the map more than half of the screen %s: the bar is one row', async (_, options) => {
    const { page } = await openPage(browser, url, options);
    await page.locator('.sheet .stack i').first().waitFor();
    const { height } = options.viewport ?? { height: 0 };
    const side = await page.locator('.side').boundingBox();
    const sheet = await page.locator('.sheet').boundingBox();
    expect(side?.height).toBeLessThanOrEqual(56);
    const free = (sheet?.y ?? 0) - (side?.y ?? 0) - (side?.height ?? 0);
    expect(free / height).toBeGreaterThan(0.5);
    // what is beyond the row's end is in it all the same
    await page.locator('.side [data-panel=match]').click();
    await page.locator('.facts .panel-head').waitFor();
    await page.context().close();
  });

  it('works at phone width: tap a parcel, read it in the sheet, put it away', async () => {
    const parcel = await largest(url, 'reserve');
    const { point, code } = await facts(url, parcel.id);
    const { page, errors } = await openPage(browser, `${url}/?view=15.50/${point[1]}/${point[0]}`, phone);
    await page.locator('.sheet').waitFor();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(390);
    const open = async (): Promise<string> => {
      if (
        (await page.locator('.sheet h2').count()) === 0 ||
        !(await page.locator('.sheet').innerText()).includes(code)
      )
        await page.touchscreen.tap(...project(page, point));
      return page.locator('.sheet').innerText();
    };
    await expect.poll(open, { interval: 1000 }).toContain(code);
    const box = await page.locator('.sheet').boundingBox();
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeCloseTo(844, 0);
    await page.locator('.sheet').getByRole('button', { name: '关闭' }).click();
    await page.locator('.sheet .tabs').waitFor();
    await page.locator('.sheet').getByRole('button', { name: '图层' }).click();
    await page.getByLabel('规划单元').check();
    await expect.poll(() => new URL(page.url()).searchParams.get('show')).toBe('plan');
    expect(errors).toEqual([]);
    await page.context().close();
  });
});
