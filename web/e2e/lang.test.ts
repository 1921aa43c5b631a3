import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { desktop, launch, withoutMap } from './browser';

const url = inject('url');
let browser: Browser;
beforeAll(async () => (browser = await launch()));
afterAll(() => browser.close());

/** The words of the switch, which offers the other language, and the title of the tab. */
const marks = {
  'zh-CN': { other: 'English', title: /落地$/ },
  en: { other: '中文', title: /Luodi$/ },
} as const;
type Shown = keyof typeof marks;

/** A page of a browser that asks for a language. It notes in which language each frame was drawn. */
async function visitor(locale: string): Promise<Page> {
  const context = await browser.newContext({ ...desktop, locale });
  await withoutMap(context);
  const page = await context.newPage();
  await page.addInitScript(() => {
    const drawn = new Set<string>();
    Object.assign(window, { drawn });
    const look = (): void => {
      const label = document.querySelector('.lang')?.textContent?.trim();
      if (label) drawn.add(`${document.documentElement.lang} ${label} ${document.title.split(' · ').at(-1)}`);
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  return page;
}

/** Waits until the park stands, all of it in one language from the first frame on. */
async function isIn(page: Page, lang: Shown): Promise<void> {
  await page.getByRole('button', { name: marks[lang].other, exact: true }).waitFor();
  await page.locator('.stack i').first().waitFor();
  await expect.poll(() => page.title()).toMatch(marks[lang].title);
  await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe(lang);
  const drawn = () => page.evaluate(() => [...(window as unknown as { drawn: Set<string> }).drawn]);
  await expect.poll(drawn).toEqual([`${lang} ${marks[lang].other} ${lang === 'en' ? 'Luodi' : '落地'}`]);
}

const langOf = (page: Page): string | null => new URL(page.url()).searchParams.get('lang');

describe('the language of the page', () => {
  it.each<[locale: string, lang: Shown]>([
    ['zh-CN', 'zh-CN'],
    ['en-US', 'en'],
    ['de-DE', 'en'],
  ])('is the one that a browser asks for (%s), but for a link that names another', async (locale, lang) => {
    const page = await visitor(locale);
    await page.goto(url);
    await isIn(page, lang);
    expect(langOf(page)).toBeNull();

    const linked = lang === 'en' ? 'zh' : 'en';
    await page.goto(`${url}/?lang=${linked}`);
    await isIn(page, linked === 'zh' ? 'zh-CN' : 'en');
    expect(langOf(page)).toBe(linked);

    for (const path of ['/ogc', '/api/docs']) {
      await page.goto(url + path);
      const drawn = await page.evaluate(() => document.documentElement.lang);
      expect(drawn, path).toBe(lang === 'en' ? 'en' : 'zh');
    }
    await page.context().close();
  });

  it('stays as the reader switched it: across Back, a reload and a visit without a link', async () => {
    const page = await visitor('en-US');
    await page.goto(url);
    await isIn(page, 'en');
    await page.getByRole('button', { name: 'List' }).click();
    await page.locator('#parcels').waitFor();
    await page.getByRole('button', { name: '中文', exact: true }).click();
    await page.getByRole('button', { name: 'English', exact: true }).waitFor();
    expect(langOf(page)).toBe('zh');

    await page.goBack();
    await page.locator('#parcels').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'English', exact: true }).waitFor();
    await expect.poll(() => langOf(page)).toBe('zh');
    await page.reload();
    await isIn(page, 'zh-CN');
    await page.goto(url);
    await isIn(page, 'zh-CN');

    await page.goto(`${url}/?lang=en`);
    await isIn(page, 'en');
    await page.goto(url);
    await isIn(page, 'zh-CN');
    await page.context().close();
  });
});
