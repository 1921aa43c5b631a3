import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launch, openPage } from './browser';
import { withNeighbours } from './feeds';

const url = inject('url');
let browser: Browser;
beforeAll(async () => (browser = await launch()));
afterAll(() => browser.close());

describe('Back and Forward', () => {
  it('bring the panel and the address back together, after a walk to a neighbour', async () => {
    const { code, neighbours } = await withNeighbours(url);
    const next = neighbours[0]?.code ?? '';
    const { page } = await openPage(browser, `${url}/?parcel=${code}&lang=en`);
    let arrive = (): void => undefined;
    const held = new Promise<void>((done) => (arrive = done));
    await page.route(/SupplyPanel/, async (route) => {
      await held;
      await route.continue();
    });
    await page.reload();
    await page.locator('.facts h2', { hasText: code }).waitFor();
    await page.locator('[data-panel=supply]').click();
    const panel = page.locator('[data-panel=supply][aria-expanded=true]');
    await panel.waitFor();

    await page.keyboard.press('/');
    await page.keyboard.type(next);
    await page.locator('#hits[aria-busy=false] li').first().waitFor();
    arrive(); // the panel comes late, and takes no keys from who is typing
    await page.locator('.panel-head h2').waitFor();
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('role')))
      .toBe('combobox');
    await page.keyboard.press('Enter');
    await page.locator('.facts h2', { hasText: next }).waitFor();
    await expect.poll(() => panel.count()).toBe(0);

    await page.goBack();
    await panel.waitFor();
    expect(new URL(page.url()).searchParams.get('parcel')).toBe(code);
    await page.goForward();
    await page.locator('.facts h2', { hasText: next }).waitFor();
    await expect.poll(() => panel.count()).toBe(0);
  });
});
