import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graveFindings } from './axe';
import { launch, openPage, phone } from './browser';
import { dataFolder, removeFolder, startLuodi, type Luodi } from './luodi';
import { accept, addUser, shoot, surfaceStands } from './planner';

let luodi: Luodi;
let browser: Browser;

beforeAll(async () => {
  luodi = await startLuodi(await dataFolder());
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await luodi?.stop();
  if (luodi) await removeFolder(luodi.data);
});

const gap = (page: Page, node: string) => page.locator(`.gaps > li[data-node="${node}"]`);

describe('the industry chain', () => {
  it('says where it has gaps and why, and where a missing piece would best stand, in Chinese', async () => {
    const { page, errors } = await openPage(browser, luodi.url);
    await page.getByRole('button', { name: '产业链' }).click();
    await gap(page, 'fabric').waitFor();
    await expect.poll(() => page.locator('.gaps > li').first().getAttribute('data-node')).toBe('fabric');
    await expect.poll(() => page.url()).toContain('panel=chain');
    await page.locator('.nodes > li[data-node=fibre]').getByText('拓展纤维').waitFor();

    await gap(page, 'fabric').locator('button.gap').click();
    await gap(page, 'fabric').getByText('园区已有的碳丝可以供给它').waitFor();
    await gap(page, 'fabric').getByText('1 × (0.7 + 0.5 + 0.5) = 1.7').waitFor();
    await shoot(page, 'chain', 'gaps');
    expect(await graveFindings(page)).toEqual([]);

    await page.getByRole('button', { name: '最适合放在哪里' }).click();
    await surfaceStands(page);
    await expect.poll(() => page.url()).toContain('panel=chain/fabric');
    await shoot(page, 'chain', 'surface');
    await page.getByRole('button', { name: '平面' }).click();
    await surfaceStands(page);
    await shoot(page, 'chain', 'flat');
    expect(await graveFindings(page)).toEqual([]);

    const best = page.locator('.best button').first();
    const code = (await best.getAttribute('data-code')) ?? '';
    await best.click();
    await page.locator(`.best .open button[data-code="${code}"]`).waitFor();
    await expect.poll(() => page.url()).toContain(`parcel=${code}`);

    await page.getByRole('button', { name: '全区各园区' }).click();
    await page.locator('.covers', { hasText: '涵盖全区 6 个园区' }).waitFor();
    await surfaceStands(page);
    await shoot(page, 'chain', 'district');
    expect(errors).toEqual([]);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('section.map').getAttribute('data-surface')).toBeNull();
    await expect.poll(() => page.url()).not.toContain('panel=');
    await page.context().close();
  });

  it('opens from its link, by keyboard, on a phone and in English', async () => {
    const { page, errors } = await openPage(browser, `${luodi.url}/?panel=chain/precursor&lang=en`, phone);
    await gap(page, 'precursor').getByText('Carbon fibre, which the park has, would buy from it').waitFor();
    await surfaceStands(page);
    await page.locator('.covers', { hasText: 'Ranked by what is public alone.' }).waitFor();
    await shoot(page, 'chain', 'phone-surface-en');
    expect(await graveFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Take the surface away' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('section.map').getAttribute('data-surface')).toBeNull();
    await page.keyboard.press('Enter');
    await surfaceStands(page);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('is a picture whose missing pieces open the surface, and leaves the map as it was', async () => {
    const { page, errors } = await openPage(browser, `${luodi.url}/?panel=chain&lang=en`);
    const piece = (node: string) => page.locator(`.picture [data-piece="${node}"]`);
    await piece('fibre').and(page.locator('.here')).waitFor();
    await shoot(page, 'chain', 'picture-en');
    await piece('fabric').and(page.locator('.missing')).click();
    await surfaceStands(page);
    await expect.poll(() => page.url()).toContain('panel=chain/fabric');
    await expect.poll(() => page.locator('section.map').getAttribute('data-pitch')).toBe('52');
    await expect.poll(() => page.locator('[data-best]').count()).toBe(6);
    await page.locator('[data-next]').click();
    await page.getByText('Cell 1 of').waitFor();
    await page.keyboard.press('ArrowDown');
    await page
      .locator('.cells output')
      .getByText(/^Cell \d+ of/)
      .waitFor();
    await shoot(page, 'chain', 'cell-en');
    expect(await graveFindings(page)).toEqual([]);
    await piece('fabric').click();
    await expect.poll(() => page.locator('section.map').getAttribute('data-surface')).toBeNull();
    await expect.poll(() => page.locator('section.map').getAttribute('data-pitch')).toBe('0');

    await page.getByRole('button', { name: 'Measure', exact: true }).click();
    await page.getByRole('button', { name: 'Area', exact: true }).click();
    const map = page.locator('.maplibregl-canvas');
    for (const [x, y] of [
      [560, 420],
      [760, 420],
      [760, 560],
    ] as const)
      await map.click({ position: { x, y } });
    await page.locator('.measure .first', { hasText: 'mu' }).waitFor();
    await shoot(page, 'chain', 'measure-en');
    await page.keyboard.press('Backspace');
    await page.locator('.measure .first', { hasText: 'mu' }).waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await page.locator('.measure').waitFor({ state: 'detached' });
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('leads to a search for a site with the piece filled in', async () => {
    const { page } = await openPage(browser, `${luodi.url}/?panel=chain/fabric&lang=en`);
    await gap(page, 'fabric').getByRole('button', { name: 'Find a site for it' }).click();
    await expect.poll(() => page.locator('select[name=match-node]').inputValue()).toBe('fabric');
    await page.context().close();
  });

  it('keeps its surface readable in the dark', async () => {
    const { page } = await openPage(browser, `${luodi.url}/?panel=chain/fabric`, {
      viewport: { width: 1440, height: 900 },
      colorScheme: 'dark',
    });
    await surfaceStands(page);
    await shoot(page, 'chain', 'dark');
    expect(await graveFindings(page)).toEqual([]);
    await page.context().close();
  });

  it('says to members that it goes by all that the park knows', async () => {
    const page = await accept(browser, await addUser(luodi, 'li.na', '李娜', 'planner'));
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('button', { name: 'Chain' }).click();
    await page.getByText('By all that the park knows').first().waitFor();
    await gap(page, 'fabric').locator('button.gap').click();
    await page.getByRole('button', { name: 'Best place for it' }).click();
    await surfaceStands(page);
    await page.locator('.covers', { hasText: 'Ranked by all that the park knows.' }).waitFor();
    await shoot(page, 'chain', 'planner-en');
    expect(await graveFindings(page)).toEqual([]);
    await page.context().close();
  });
});
