import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { desktop, launch, openPage, phone } from './browser';
import { tenanted } from './feeds';
import { shoot, still } from './planner';

const url = inject('url');
const readme = fileURLToPath(new URL('../../docs/screenshot.png', import.meta.url));
let browser: Browser;
beforeAll(async () => (browser = await launch([], { sharp: true })));
afterAll(() => browser.close());

/** Pictures to look at; the first is the README's. */
it.each<[name: string, query: string, options: BrowserContextOptions, selects: boolean]>([
  ['readme', '/?', desktop, true],
  ['desktop-en', '/?lang=en&show=plan', desktop, true],
  ['desktop-list', '/?as=list', desktop, false],
  ['desktop-night', '/?', { ...desktop, colorScheme: 'dark' }, true],
  ['phone-zh', '/?', phone, false],
  ['phone-en', '/?lang=en', phone, true],
])('draws %s', async (name, query, options, selects) => {
  const { properties } = await tenanted(url);
  const { page, errors } = await openPage(
    browser,
    url + query + (selects ? `&parcel=${properties.code}` : ''),
    options,
  );
  const first = query.includes('as=list') ? page.locator('tbody.rows tr') : page.locator('.stack i, .edge');
  await first.first().waitFor();
  if (selects) await page.locator('.edge').first().waitFor();
  if (name === 'readme') await page.getByRole('button', { name: '全园' }).click();
  await page.waitForLoadState('networkidle');
  await still(page);
  // two equal pictures in a row: nothing loads, fades or flies any more
  let last = await page.screenshot();
  await expect
    .poll(
      async () => {
        const now = await page.screenshot();
        const still = now.equals(last);
        last = now;
        return still;
      },
      { interval: 700 },
    )
    .toBe(true);
  if (name === 'readme') await page.screenshot({ path: readme });
  else await shoot(page, 'park', name);
  expect(errors).toEqual([]);
  await page.context().close();
});
