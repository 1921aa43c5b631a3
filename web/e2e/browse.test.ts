import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launch, openPage } from './browser';
import { facts, park, parcels } from './feeds';
import { project } from './pixels';
import { shoot } from './planner';

const url = inject('url');
let browser: Browser;
beforeAll(async () => (browser = await launch()));
afterAll(() => browser.close());

const rows = (page: Page): Promise<number> => page.locator('#parcels tbody.rows tr').count();
const query = (page: Page, name: string): string | null => new URL(page.url()).searchParams.get(name);

/** Texts that their own box cuts, of what stands in parts of the page. */
const clipped = (page: Page, parts: string): Promise<string[]> =>
  page.evaluate((selector) => {
    const cut: string[] = [];
    for (const part of document.querySelectorAll(selector))
      for (const each of part.querySelectorAll<HTMLElement>('*')) {
        const own = [...each.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim());
        if (!own || each.closest('.sr, .last, .names, select') || each.clientWidth === 0) continue;
        if (getComputedStyle(each).overflowX === 'visible') continue;
        if (each.scrollWidth > each.clientWidth + 1) cut.push(each.textContent?.trim() ?? '');
      }
    return cut;
  }, parts);

describe('browsing land', () => {
  it('keeps list, map, counts and address in step, by filter, chip, Back, and zoom', async () => {
    const free = (await parcels(url)).filter(({ properties }) =>
      ['available', 'reserve'].includes(properties.status),
    );
    const answer = (await (await fetch(`${url}/api/parks/${park}/measures`)).json()) as {
      ids: string[];
      measures: { measure: string; values: (number | null)[] }[];
    };
    const port = answer.measures.find(({ measure }) => measure === 'port_m')?.values ?? [];
    const middle = (port as number[]).toSorted((a, b) => a - b)[Math.floor(port.length / 2)] ?? NaN;
    const km = Math.ceil(middle / 10) / 100;
    const near = port.filter((m) => m !== null && m <= km * 1000).length;

    const { page, errors } = await openPage(browser, `${url}/?as=list&status=reserve,available&within=park`);
    await expect.poll(() => rows(page)).toBe(free.length);
    await page.locator('[data-panel=filter]').click();
    await page.locator('.form[aria-busy=false] [name=browse-port-most]').fill(String(km));
    await page.keyboard.press('Tab');
    await expect.poll(() => rows(page)).toBe(near);
    expect(query(page, 'port')).toBe(`-${km}`);
    await shoot(page, 'browse', 'filters');

    // nothing is so near: the filter that costs most is named, and goes by one press
    await page.locator('[name=browse-mu-least]').fill('999999');
    await page.keyboard.press('Tab');
    await page.locator('#parcels .loosen').waitFor();
    await page.goBack();
    await expect.poll(() => rows(page)).toBe(near);
    await page.locator('#parcels [data-filter=port]').focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => rows(page)).toBe(free.length);
    expect(query(page, 'port')).toBeNull();

    // the pointer on the map marks the row
    await page.locator('.panel-head .close').click();
    const { point, code } = await facts(url, free[0]?.id ?? '');
    await page.goto(`${url}/?as=list&within=park&view=15.50/${point[1]}/${point[0]}`);
    await page.locator('#parcels tbody.rows tr').first().waitFor();
    await page.locator('.map[data-idle]').waitFor();
    const marked = async (): Promise<string> => {
      const [x, y] = project(page, point);
      await page.mouse.move(x + 3, y + 3);
      await page.mouse.move(x, y);
      return (await page.locator('tr.hovered .code').allInnerTexts()).join();
    };
    await expect.poll(marked, { interval: 400 }).toBe(code);
    // and the list shows what the map shows
    await page.locator('[name=browse-inview]').check();
    await page.locator('#parcels .outside').waitFor();
    await expect.poll(() => rows(page)).toBeLessThan((await parcels(url)).length);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('cuts no text at 360, 1280 and 2560 px in either language', async () => {
    const { page } = await openPage(browser, `${url}/?status=available&mu=10-`);
    for (const width of [2560, 1280, 360])
      for (const lang of ['zh-CN', 'en']) {
        const where = `${lang} at ${width} px`;
        await page.setViewportSize({ width, height: width === 360 ? 740 : 900 });
        if ((await page.locator('html').getAttribute('lang')) !== lang) await page.locator('.lang').click();
        await page.locator(`html[lang=${lang}]`).waitFor({ state: 'attached' });
        await page.locator(width === 360 ? '.chips [data-filter=mu]' : '.column [data-filter=mu]').waitFor();
        expect(await clipped(page, '.strip, .column, .sheet, .chips'), where).toEqual([]);
        // all of the bar is in sight where the page is a desk's
        const over = await page
          .locator('.side > .strip')
          .evaluate((row) => row.scrollWidth - row.clientWidth);
        if (width > 1000) expect(over, where).toBeLessThanOrEqual(0);
        await page.locator('.views button').last().click();
        await page.locator('#parcels tbody tr').first().waitFor();
        expect(await clipped(page, '#parcels .head, #parcels thead'), where).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth), where).toBeLessThanOrEqual(
          width,
        );
        await page.locator('.views button').first().click();
      }
    await page.context().close();
  });
});
