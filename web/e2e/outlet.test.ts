import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { graveFindings } from './axe';
import { desktop, launch, openPage, phone } from './browser';
import { park, parcels } from './feeds';
import { shoot } from './planner';

const url = inject('url');
let browser: Browser;
beforeAll(async () => (browser = await launch()));
afterAll(() => browser.close());

const field = (page: Page, name: string) => page.locator(`[name=outlet-${name}]`);

/** Downloads by a press, and gives the name and the bytes. */
async function download(page: Page, press: () => Promise<void>): Promise<{ name: string; body: Buffer }> {
  const [file] = await Promise.all([page.waitForEvent('download'), press()]);
  return { name: file.suggestedFilename(), body: await readFile(await file.path()) };
}

describe('exporting data', () => {
  it('saves what was chosen, all or what the filters leave, by the keyboard alone', async () => {
    const { page, errors } = await openPage(browser, `${url}/?status=available`, desktop, 'no map');
    await page.getByRole('button', { name: '导出数据' }).focus();
    await page.keyboard.press('Enter');
    await field(page, 'format').selectOption('geojson');
    await expect.poll(() => page.locator('.facts h2, .panel-head h2').first().innerText()).toBe('导出数据');
    expect(await graveFindings(page)).toEqual([]);
    await shoot(page, 'outlet', 'filtered-zh');

    const free = (await parcels(url)).filter(({ properties }) => properties.status === 'available');
    const save = page.getByRole('button', { name: '下载', exact: true });
    const some = await download(page, async () => {
      await save.focus();
      await page.keyboard.press('Enter');
    });
    expect(some.name).toMatch(/^carbon-fibre-地块-\d{4}-\d\d-\d\d\.geojson$/);
    const read = JSON.parse(some.body.toString()) as { features: { properties: { code: string } }[] };
    expect(read.features.map(({ properties }) => properties.code).toSorted()).toEqual(
      free.map(({ properties }) => properties.code).toSorted(),
    );

    await page.locator('[name=outlet-what]').last().check();
    await field(page, 'format').selectOption('gpkg');
    await page.locator('[name=outlet-layer][value=zones]').check();
    const all = await download(page, () => save.click());
    expect(all.name).toMatch(/^carbon-fibre-地块-功能区-.*\.gpkg$/);
    expect(all.body.subarray(0, 15).toString()).toBe('SQLite format 3');
    await page.getByText('已下载').waitFor();

    // a format of one layer keeps one, and offers the planes alone that it holds
    await field(page, 'format').selectOption('survey-txt');
    expect(await page.locator('[name=outlet-layer]').count()).toBe(3);
    expect(await field(page, 'crs').locator('option').allInnerTexts()).toEqual([
      '格式自定',
      '园区测量坐标系 EPSG:4550',
      '同一投影带，东坐标前加带号 EPSG:4529',
    ]);
    expect(errors).toEqual([]);
  });

  it('saves what offices ask for: a workbook, a drawing, a survey text, and the plan of a parcel', async () => {
    const { page, errors } = await openPage(browser, `${url}/?parcel=TX-L04`, desktop, 'no map');
    const plan = page.getByRole('link', { name: '宗地图' });
    const pdf = await page.request.get(new URL((await plan.getAttribute('href')) ?? '', url).href);
    expect(pdf.headers()['content-type']).toBe('application/pdf');
    expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-');
    await page.getByRole('button', { name: '导出数据' }).click();
    for (const [format, begins] of [
      ['xlsx', 'PK'],
      ['dxf', '  0'],
      ['survey-txt', '[属性描述]'],
    ] as const) {
      await field(page, 'format').selectOption(format);
      const file = await download(page, () =>
        page.getByRole('button', { name: '下载', exact: true }).click(),
      );
      expect(
        file.body
          .toString()
          .replace(/^\ufeff/, '')
          .startsWith(begins),
        format,
      ).toBe(true);
    }
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('says what the server refuses, and fits a phone in English', async () => {
    const { page } = await openPage(browser, `${url}/?park=${park}&lang=en`, phone, 'no map');
    const open = page.getByRole('button', { name: 'Export data' });
    await open.waitFor({ state: 'attached' });
    await open.evaluate((button: HTMLElement) => button.click());
    await field(page, 'format').selectOption('xlsx');
    await shoot(page, 'outlet', 'phone-en');
    expect(await graveFindings(page)).toEqual([]);
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
      'nothing is wider than the phone',
    ).toBe(true);
    await page.route('**/export?**', (route) =>
      route.fulfill({
        status: 503,
        contentType: 'application/problem+json',
        body: JSON.stringify({
          type: '/problems/unavailable',
          title: 'busy',
          status: 503,
          detail: 'Others write files.',
        }),
      }),
    );
    await page.getByRole('button', { name: 'Download', exact: true }).click();
    await page.getByText('Others write files.').waitFor();
    await page.unroute('**/export?**');
    const file = await download(page, () =>
      page.getByRole('button', { name: 'Download', exact: true }).click(),
    );
    expect(file.name).toMatch(/^carbon-fibre-Parcels-.*\.xlsx$/);
    expect(file.body.subarray(0, 2).toString()).toBe('PK');
  });
});
