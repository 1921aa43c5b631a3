import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graveFindings } from './axe';
import { launch, openPage } from './browser';
import { dataFolder, removeFolder, startLuodi, type Luodi } from './luodi';
import { accept, addUser, shoot } from './planner';

let luodi: Luodi;
let browser: Browser;
let planner: Page;

beforeAll(async () => {
  luodi = await startLuodi(await dataFolder());
  browser = await launch();
  planner = await accept(browser, await addUser(luodi, 'li.na', '李娜', 'planner'), 'no map');
});
afterAll(async () => {
  await browser?.close();
  await luodi?.stop();
  if (luodi) await removeFolder(luodi.data);
});

const shot = (page: Page, name: string): Promise<void> => shoot(page, 'building', name);
const panel = (page: Page) => page.locator('.facts');
const field = (page: Page, name: string) => panel(page).locator(`[name="${name}"]`);
const press = (page: Page, name: string) =>
  panel(page).getByRole('button', { name, exact: true }).first().click();

/** What overflows the page or its panel sideways; the table of units scrolls by itself. */
const wide = (page: Page): Promise<boolean> =>
  page.evaluate(() => {
    const facts = document.querySelector('.facts');
    const root = document.documentElement;
    return root.scrollWidth > root.clientWidth || (facts?.scrollWidth ?? 0) > (facts?.clientWidth ?? 0);
  });

describe('workshops', () => {
  it('are made, held and let by a planner', async () => {
    await planner.locator('[data-panel=buildings]').click();
    await panel(planner).locator('[data-building="CF-01"] [data-unit="101"]').getByText('已出租').waitFor();
    await press(planner, '＋ 登记厂房');
    await field(planner, 'building-parcel').selectOption({ label: 'TX-L03' });
    await field(planner, 'building-code').fill('CF-03');
    await field(planner, 'building-name-zh').fill('三号厂房');
    await field(planner, 'building-name-en').fill('Workshop three');
    await field(planner, 'building-stage').selectOption('ready');
    await field(planner, 'building-since').fill('2026-01-05');
    await field(planner, 'building-public').check();
    expect(await graveFindings(planner)).toEqual([]);
    await shot(planner, 'form-zh');
    await press(planner, '保存');
    const made = panel(planner).locator('[data-building="CF-03"]');
    await made.getByRole('button', { name: '＋ 登记单元' }).click();
    await field(planner, 'unit-code').fill('A1');
    await field(planner, 'unit-area_m2').fill('1800.5');
    await field(planner, 'unit-clear_height_m').fill('9');
    await field(planner, 'unit-crane_t').fill('0');
    await field(planner, 'unit-public').check();
    await press(planner, '保存');
    await made.locator('[data-unit="A1"]').getByText('1,800.5 m²').waitFor();
    await made.getByRole('button', { name: 'A1', exact: true }).click();
    await made.getByRole('button', { name: '＋ 预留或出租' }).click();
    await field(planner, 'letting-project').selectOption({ index: 5 });
    await field(planner, 'letting-from').fill('2026-02-01');
    await field(planner, 'letting-hold-until').fill('2199-01-31');
    await press(planner, '预留');
    await made.locator('[data-unit="A1"]').getByText('已预留').waitFor();
    await made.getByRole('button', { name: '＋ 预留或出租' }).click();
    await field(planner, 'letting-project').selectOption({ index: 6 });
    await field(planner, 'letting-from').fill('2026-03-01');
    await field(planner, 'letting-document').fill('2026-L-08');
    await made.locator('.lettings form').getByRole('button', { name: '出租' }).click();
    await panel(planner).getByText('单元自 2026-02-01 起已预留或出租').waitFor();
    await press(planner, '取消');
    await made.getByRole('button', { name: '出租', exact: true }).click();
    await field(planner, 'lease-document').fill('2026-L-07');
    await made.locator('.lettings form').getByRole('button', { name: '出租' }).click();
    await made.locator('[data-unit="A1"]').getByText('已出租').waitFor();
    await made.locator('.lettings').getByText('2026-L-07').waitFor();
    expect(await graveFindings(planner)).toEqual([]);
    expect(await wide(planner)).toBe(false);
    await shot(planner, 'let-zh');
  });

  it('are browsed by an investor, on a desk and on a phone, in both languages', async () => {
    for (const [lang, device, viewport] of [
      ['en', 'desk', { width: 1440, height: 900 }],
      ['zh', 'phone', { width: 360, height: 740 }],
      ['en', 'phone', { width: 360, height: 740 }],
    ] as const) {
      const { page, errors } = await openPage(browser, `${luodi.url}/?lang=${lang}`, { viewport }, 'no map');
      await page.locator('[data-panel=buildings]').click();
      const unit = page.locator('[data-building="CF-03"] [data-unit="A1"]');
      await unit.getByText(lang === 'zh' ? '已出租' : 'let', { exact: true }).waitFor();
      await unit
        .getByText(lang === 'zh' ? '未知' : 'not known')
        .first()
        .waitFor();
      expect(await page.locator('body').textContent()).not.toContain('2026-L-07');
      expect(await graveFindings(page)).toEqual([]);
      expect(await wide(page)).toBe(false);
      await shot(page, `browse-${lang}-${device}`);
      await page.locator('[name=units-height]').fill('10');
      await unit.waitFor({ state: 'detached' });
      await page.locator('[data-building="CF-02"] [data-unit="101"]').waitFor();
      expect(errors).toEqual([]);
      await page.context().close();
    }
  });
});
