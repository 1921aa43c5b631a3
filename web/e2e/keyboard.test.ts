import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch } from './browser';
import { largest } from './feeds';
import { dataFolder, removeFolder, startLuodi, type Luodi } from './luodi';
import { accept, addUser, deskParcel, settled, still } from './planner';

let luodi: Luodi;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  luodi = await startLuodi(await dataFolder());
  browser = await launch();
  page = await accept(browser, await addUser(luodi, 'li.na', '李娜', 'planner'));
});
afterAll(async () => {
  await browser?.close();
  await luodi?.stop();
  if (luodi) await removeFolder(luodi.data);
});

const onFocus = (selector: string): Promise<boolean> =>
  page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector);

/** Goes on with the Tab key until what is focused matches, once it is there. */
async function tabTo(selector: string): Promise<void> {
  await page.locator(selector).first().waitFor();
  for (let i = 0; i < 60; i++) {
    if (await onFocus(selector)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never came to ${selector}`);
}

async function focused(selector: string): Promise<void> {
  await expect.poll(() => onFocus(selector)).toBe(true);
}

/** Opens a parcel as quick hands do: Enter comes before the answer. */
async function find(code: string): Promise<void> {
  await page.keyboard.press('/');
  await page.keyboard.type(code);
  await page.keyboard.press('Enter');
  await page.locator('.facts h2', { hasText: code }).waitFor();
  await focused('.facts h2');
}

describe('without a mouse', () => {
  it('splits a parcel by a line of a bearing, tells why, and undoes it', async () => {
    const parcel = await largest(luodi.url, 'available');
    const { code, legal_m2 } = parcel.properties;
    await find(code);
    await tabTo('[data-kind=split]');
    await page.keyboard.press('Enter');
    await focused('.panel-head h2');
    await tabTo('[role=slider]');
    await page.keyboard.press('Shift+ArrowRight');
    await tabTo('input[name=offset]');
    await page.keyboard.type('10');
    await tabTo('.beside .button');
    await page.keyboard.press('Enter');
    await page.locator('.preview li', { hasText: `${code}-2` }).waitFor();
    await tabTo('textarea[name=reason]');
    await page.keyboard.type('分期供地');
    await page.locator('.button.main:enabled').waitFor();
    await tabTo('.button.main');
    await page.keyboard.press('Enter');
    await page.locator('.done').waitFor();
    await settled(page);
    const halves = await Promise.all(['-1', '-2'].map((end) => deskParcel(page, code + end)));
    expect(halves.reduce((sum, half) => sum + Number(half?.properties.legal_m2), 0)).toBeCloseTo(legal_m2, 4);
    await focused('.panel-head h2, .facts h2');

    await tabTo('.done .link');
    await page.keyboard.press('Enter');
    await focused('.panel-head h2');
    await tabTo('textarea[name=reason]');
    await page.keyboard.type('画错了');
    await page.locator('.button.main:enabled').waitFor();
    await tabTo('.button.main');
    await page.keyboard.press('Enter');
    await page.locator('.done', { hasText: '撤销' }).waitFor();
    await settled(page);
    expect((await deskParcel(page, code))?.properties.legal_m2).toBe(legal_m2);
  });

  it('corrects a line by its typed points, and cancels with Escape back to where it began', async () => {
    const { code } = (await largest(luodi.url, 'available')).properties;
    await find(code);
    await tabTo('[data-kind=split]');
    await page.keyboard.press('Enter');
    await tabTo('.beside .button');
    await page.keyboard.press('Enter');
    await page.locator('.preview li', { hasText: `${code}-2` }).waitFor();
    await tabTo('textarea.points');
    await page.keyboard.press('Control+End');
    await page.keyboard.type('\n4124000');
    await page.keyboard.press('Control+Enter');
    await page.getByText('第 3 行：应为 点号、圈号、北、东').waitFor();
    for (let i = 0; i < '\n4124000'.length; i++) await page.keyboard.press('Backspace');
    await page.keyboard.press('Control+Enter');
    await expect.poll(() => page.getByText('第 3 行：应为').count()).toBe(0);
    await page.locator('.preview li', { hasText: `${code}-2` }).waitFor();
    await page.keyboard.press('Escape');
    await focused('[data-kind=split]');
    expect(await deskParcel(page, `${code}-1`)).toBeUndefined();
  });

  it('draws on the map itself: Space sets the middle, Enter ends, Backspace takes back', async () => {
    const { code } = (await largest(luodi.url, 'available')).properties;
    await find(code);
    await still(page);
    await tabTo('[data-kind=split]');
    await page.keyboard.press('Enter');
    const points = async (): Promise<number> =>
      (await page.locator('textarea.points').inputValue()).split('\n').filter(Boolean).length;
    await page.locator('canvas').focus();
    await page.keyboard.press('Space');
    await expect.poll(points).toBe(1);
    await page.keyboard.press('ArrowUp', { delay: 200 });
    await expect
      .poll(async () => {
        await page.keyboard.press('Space');
        return points();
      })
      .toBe(2);
    await page.keyboard.press('Enter');
    await page.locator('.preview').getByRole('alert').waitFor();
    await page.keyboard.press('Backspace');
    await expect.poll(points).toBe(1);
    await page.keyboard.press('Escape');
    await focused('[data-kind=split]');
  });

  it('comes back to the bar from a panel', async () => {
    await page.keyboard.press('Escape');
    await tabTo('[data-panel=history]');
    await page.keyboard.press('Enter');
    await focused('.panel-head h2');
    await page.keyboard.press('Escape');
    await focused('[data-panel=history]');
  });

  it('takes what was typed, not what was found before, however quickly Enter comes', async () => {
    const other = (await largest(luodi.url, 'built')).properties.code;
    const wanted = (await largest(luodi.url, 'supplied')).properties.code;
    await page.keyboard.press('/');
    await page.keyboard.type(other);
    await page.locator('#hits li', { hasText: other }).first().waitFor();
    await page.keyboard.press('Control+A');
    await page.keyboard.type(wanted);
    await page.keyboard.press('Enter');
    await page.locator('.facts h2', { hasText: wanted }).waitFor();
  });
});
