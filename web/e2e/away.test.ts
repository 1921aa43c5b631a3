import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launch, openPage } from './browser';
import { tenanted } from './feeds';
import { dataFolder, removeFolder, startLuodi, type Luodi } from './luodi';
import { still } from './planner';

let browser: Browser;
let data: string;
let luodi: Luodi;
beforeAll(async () => {
  data = await dataFolder();
  [browser, luodi] = await Promise.all([launch(), startLuodi(data)]);
});
afterAll(async () => {
  await browser.close();
  await luodi.stop();
  await removeFolder(data);
});

/** What the page says when the server is gone. */
const farewell = Object.entries(
  JSON.parse(readFileSync(new URL('../../message/web.json', import.meta.url), 'utf8')) as Record<
    string,
    { zh: string }
  >,
)
  .filter(([key]) => /^web\.state\.(away|away\.text|retryin|retrying|retry)$/.test(key))
  .map(([, { zh }]) => zh)
  .join('');

/** The letters of a text that a face lacks, by face; and what the page says of fonts on their way. */
const lacking = (page: Page, text: string): Promise<string[]> =>
  page.evaluate((letters) => {
    const faces = [...new Set([...document.fonts].map(({ weight, family }) => `${weight} 14px ${family}`))];
    const without = faces.flatMap((face) => {
      const none = [...new Set(letters)].filter((letter) => !document.fonts.check(face, letter));
      return none.length > 0 ? [`${face}: ${none.join('')}`] : [];
    });
    return [...without, faces.length > 0 ? document.fonts.status : 'no face'];
  }, text);

/** Whether a part of the page's code is here: a resource has its entry once it was read. */
const fetched = (page: Page, part: string): Promise<boolean> =>
  page.evaluate(
    (name) => performance.getEntriesByType('resource').some((each) => each.name.includes(`/assets/${name}-`)),
    part,
  );

it('keeps what it shows when the server goes, says so, and goes on by itself when it returns', async () => {
  const parcel = await tenanted(luodi.url);
  const { page } = await openPage(browser, luodi.url);
  await page.locator('.stack i').first().waitFor();
  await page.waitForLoadState('networkidle');
  // the map has the letters of its own labels
  await still(page);
  await expect.poll(() => lacking(page, farewell)).toEqual(['loaded']);
  // the code of what is opened below came ahead
  for (const part of ['ParcelList', 'Facts']) await expect.poll(() => fetched(page, part)).toBe(true);
  await luodi.stop();
  await page.getByText('暂时联系不上服务器').waitFor();
  await page.getByRole('button', { name: '立即重试' }).waitFor();
  // what it says then can be read: there is no asking for a letter of it any more
  const said = await page.locator('.notices .away').innerText();
  expect(said).toContain('立即重试');
  await expect.poll(() => lacking(page, said)).toEqual(['loaded']);
  await expect.poll(() => page.locator('.stack i').count()).toBeGreaterThan(1);
  await page.getByRole('button', { name: '列表' }).click();
  await expect.poll(() => page.locator('#parcels tbody tr').count()).toBeGreaterThan(10);
  await page.getByRole('button', { name: parcel.properties.code, exact: true }).click();
  await page.locator('.facts h2').waitFor();

  luodi = await startLuodi(data, luodi.port);
  await page.getByText('已重新连上服务器').waitFor();
  await expect.poll(() => page.getByText('暂时联系不上服务器').count()).toBe(0);
  await page.locator('.facts .edge').first().waitFor();
  await page.context().close();
});
