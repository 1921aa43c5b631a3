import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { launch, openPage } from './browser';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

it.each([
  ['zh', '需向园区询问', /另有 \d+ 块需向园区询问/, '余量紧张', '0 吨/时'],
  ['en', 'ask the park', /Ask the park about \d+ more/, 'little left', ' 0 t/h'],
] as const)(
  'lists what only a word is published of, with its mark (%s)',
  async (lang, mark, count, word, zero) => {
    const { page } = await openPage(
      browser,
      `${inject('url')}/?lang=${lang}&match=use:1001,area:1,target:25,steam:2`,
    );
    const sites = page.locator('.sites > li');
    await sites.first().waitFor();
    expect(await sites.first().innerText()).toContain(mark);
    await expect.poll(() => sites.count()).toBeGreaterThan(10);
    const panel = await page.locator('.facts').innerText();
    expect(panel).toMatch(count);
    expect(panel).toContain(word);
    expect(panel).not.toContain(zero);
    await page.context().close();
  },
);

it.each([
  ['zh', '碳古大道', '碳谷大道', '拼音相同', '22.8亩', '列出20.52–25.08 亩', '没有找到', '看全部可供地块'],
  [
    'en',
    'carbom valley',
    'Carbon Valley Avenue',
    'nearly so',
    '22.8 mu',
    'List 20.52–25.08 mu',
    'Nothing found',
    'Show all available parcels',
  ],
] as const)(
  'finds by the keyboard what is typed wrong, lists a size, and leads on where nothing is found (%s)',
  async (lang, typo, road, how, size, list, none, free) => {
    const { page } = await openPage(browser, `${inject('url')}/?lang=${lang}`);
    const box = page.locator('[role=search] [role=combobox]');
    const rows = page.locator('#hits[aria-busy=false] li');

    await box.fill(typo);
    await rows.filter({ hasText: how }).first().waitFor();
    expect(await rows.first().innerText()).toContain(road);
    await box.press('Enter');
    await page.locator('.facts', { hasText: road }).waitFor();

    await box.fill(size);
    await rows.filter({ hasText: list }).waitFor();
    expect(await rows.first().innerText()).toContain(list);
    await box.press('Enter');
    await page.locator('#parcels tbody tr', { hasText: 'TX-C05' }).waitFor();
    expect(new URL(page.url()).searchParams.get('mu')).toBe('20.52-25.08');

    await box.fill('qqqqqqqq');
    await page.locator('.empty', { hasText: none }).waitFor();
    await rows.filter({ hasText: free }).waitFor();
    await box.press('ArrowUp');
    await box.press('Enter');
    await expect.poll(() => new URL(page.url()).searchParams.get('status')).toBe('available');
    await page.context().close();
  },
);
