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
    expect(await sites.count()).toBeGreaterThan(10);
    const panel = await page.locator('.facts').innerText();
    expect(panel).toMatch(count);
    expect(panel).toContain(word);
    expect(panel).not.toContain(zero);
    await page.context().close();
  },
);
