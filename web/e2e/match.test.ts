import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, openPage, phone } from './browser';
import { dataFolder, removeFolder, startLuodi, type Luodi } from './luodi';
import { accept, addUser, confirm, deskParcel, graveFindings, shoot, surfaceStands } from './planner';

let luodi: Luodi;
let browser: Browser;
let shots: string;

beforeAll(async () => {
  luodi = await startLuodi(await dataFolder());
  browser = await launch();
  shots = await mkdtemp(join(tmpdir(), 'luodi-match-'));
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await luodi?.stop();
  if (luodi) await removeFolder(luodi.data);
});

/** Beside the prepreg maker in the sample (docs/matching.md). */
const BEST = 'TX-L04';
const site = (page: Page, code: string) => page.locator(`.sites > li[data-code="${code}"]`);
const order = (page: Page): Promise<(string | null)[]> =>
  page.locator('.sites > li').evaluateAll((items) => items.map((item) => item.getAttribute('data-code')));

async function example(page: Page, button: string): Promise<void> {
  await page.locator('.now .siting').click();
  await page.getByRole('button', { name: button }).click();
  await page.locator('.sites > li').first().waitFor();
}

describe('a need stated', () => {
  it('ranks first the ground next door to the prepreg maker, with the reason, in Chinese', async () => {
    const { page, errors } = await openPage(browser, luodi.url);
    await example(page, '举例：复合材料制品厂');
    expect((await order(page))[0]).toBe(BEST);
    await site(page, BEST).getByText('（TX-L03）相邻，一墙之隔').waitFor();
    await page.getByText('只按公开信息排序').waitFor();
    await site(page, BEST).locator('button.site').click();
    await page.locator(`.sites > li.open[data-code="${BEST}"]`).waitFor();
    await expect.poll(() => page.url()).toContain(`parcel=${BEST}`);
    await page.locator('.excluded b').first().waitFor();
    await shoot(page, shots, 'ranked');
    expect(await graveFindings(page)).toEqual([]);
    expect(await page.getByRole('button', { name: '锁定这块地' }).count()).toBe(0);
    expect(errors).toEqual([]);

    const again = await openPage(browser, page.url());
    await site(again.page, BEST).waitFor();
    expect(await order(again.page)).toEqual(await order(page));
    await again.page.context().close();
    await page.context().close();
  }, 180_000);

  it('and in English, on a phone', async () => {
    const { page } = await openPage(browser, `${luodi.url}/?lang=en`, phone);
    await example(page, 'Example: a maker of composite parts');
    expect((await order(page))[0]).toBe(BEST);
    await site(page, BEST)
      .getByText(/next door to .*\(TX-L03\), one boundary between them/)
      .waitFor();
    await page.getByText('Ranked by what is public alone.').waitFor();
    await shoot(page, shots, 'phone-ranked-en');
    expect(await graveFindings(page)).toEqual([]);
    await page.context().close();
  }, 180_000);

  it('is ranked anew by the sliders, with nothing asked of the server', async () => {
    const { page, paths } = await openPage(browser, luodi.url);
    await example(page, '举例：复合材料制品厂');
    const before = await order(page);
    const asked = paths.filter((path) => path === '/api/match').length;
    await page.locator('#weight-partner_prepreg_m').focus();
    await page.keyboard.press('Home'); // the neighbour counts for nothing: the size alone tells
    await expect.poll(() => order(page)).not.toEqual(before);
    expect((await order(page))[0]).not.toBe(BEST);
    expect(paths.filter((path) => path === '/api/match').length).toBe(asked);
    await page.getByRole('button', { name: '恢复提交时的轻重' }).click();
    await expect.poll(() => order(page)).toEqual(before);
    await page.context().close();
  }, 180_000);

  it('is told at the field what is wrong with it', async () => {
    const { page } = await openPage(browser, luodi.url);
    await page.locator('.now .siting').click();
    await page.locator('input[name=match-min]').fill('十');
    await page.getByRole('button', { name: '找地', exact: true }).click();
    await page.getByRole('alert').filter({ hasText: '请检查标出的各项' }).waitFor();
    expect(await page.locator('input[name=match-min]').getAttribute('aria-invalid')).toBe('true');
    await page.context().close();
    const refused = await openPage(browser, `${luodi.url}/?match=min:10,node:nobody`);
    await refused.page.getByRole('alert').filter({ hasText: 'chain_node' }).waitFor();
    expect(await refused.page.locator('select[name=match-node]').getAttribute('aria-invalid')).toBe('true');
    await refused.page.context().close();
  }, 180_000);

  it('puts places side by side, and raises a surface', async () => {
    const { page, errors } = await openPage(browser, luodi.url);
    await example(page, '举例：复合材料制品厂');
    const [first = '', second = ''] = (await order(page)).map((code) => code ?? '');
    await page.getByLabel(`对比 ${first}`).check();
    await page.getByLabel(`对比 ${second}`).check();
    expect(await page.locator('table thead th').allInnerTexts()).toEqual([first, second]);
    const heat = page.waitForResponse((response) => response.url().endsWith('/api/heat'));
    await page.getByLabel('立体热力面').check();
    expect((await heat).status()).toBe(200);
    await page.getByText('越高越合适').waitFor();
    await surfaceStands(page);
    await shoot(page, shots, 'surface');
    expect(await graveFindings(page)).toEqual([]);
    expect(errors).toEqual([]);
    await page.context().close();
  }, 180_000);
});

describe('a planner', () => {
  it('holds a site from the list, and splits a lot off a larger one', async () => {
    const page = await accept(browser, await addUser(luodi, 'wang.li', '王丽', 'planner'));
    await example(page, '举例：复合材料制品厂');
    await page.getByText('按园区内部全部信息排序').waitFor();

    await site(page, 'TX-R01').locator('button.site').click();
    await page.getByRole('button', { name: '看看怎么划' }).click();
    await page.getByText(/方案 1：25 亩/).waitFor();
    await shoot(page, shots, 'lots');
    expect(await graveFindings(page)).toEqual([]);
    const split = page.getByRole('button', { name: '按此线分割' });
    await split.click();
    await page.locator('.facts .preview li').first().waitFor();
    await shoot(page, shots, 'split');
    await page.getByRole('button', { name: '取消' }).first().click();

    await page.locator('.now .siting').click();
    await site(page, BEST).locator('button.site').click();
    await page.getByRole('button', { name: '锁定这块地' }).click();
    await page.locator('select[name=project]').selectOption({ index: 1 });
    await confirm(page, '选址后锁定');
    await expect.poll(async () => (await deskParcel(page, BEST))?.properties.status).toBe('held');
    await page.locator('.now .siting').click();
    await page.getByRole('button', { name: '重新找' }).click();
    await expect.poll(() => order(page)).not.toContain(BEST);
    await page.context().close();
  }, 240_000);
});
