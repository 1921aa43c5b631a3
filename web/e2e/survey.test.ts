import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { LonLat } from '../src/core/feed';
import type { DeskParcel } from '../src/core/orders';
import { planeOf, toPlane, type Plane } from '../src/core/projection';
import { launch } from './browser';
import { dataFolder, removeFolder, startLuodi, type Luodi } from './luodi';
import { accept, action, addUser, closeAll, deskParcels, openParcel, shoot, still } from './planner';

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

beforeEach(() => closeAll(page));

const plane = planeOf(4550) as Plane;
const shot = (name: string): Promise<void> => shoot(page, 'survey', name);

/** The exchange text of a parcel as its survey would write it, changed by pairs of texts. */
function textOf({ geometry, properties }: DeskParcel, ...changed: [string, string][]): string {
  const ring = (geometry.coordinates[0] as LonLat[]).map((point) => toPlane(plane, ...point));
  const hectares = (properties.computed_m2 / 10_000).toFixed(4);
  const text = [
    '[属性描述]',
    '坐标系=2000国家大地坐标系',
    '几度分带=3',
    '投影类型=高斯克吕格',
    '计量单位=米',
    '带号=41',
    '[地块坐标]',
    `${ring.length},${hectares},${properties.code},,面,,工业用地,,@`,
    ...ring.map(({ north, east }, i) => {
      const name = i === ring.length - 1 ? 1 : i + 1;
      return `J${name},1,${north.toFixed(4)},${(east + 41_000_000).toFixed(4)}`;
    }),
  ].join('\r\n');
  return changed.reduce((all, [from, to]) => all.replaceAll(from, to), text);
}

async function begin(): Promise<DeskParcel> {
  const parcel = (await deskParcels(page)).find(({ properties: p }) => p.status === 'available');
  if (!parcel) throw new Error('no free parcel');
  await openParcel(page, parcel.properties.code);
  await still(page);
  await action(page, '更正测绘').click();
  return parcel;
}

const corners = () => page.getByLabel('界址点');
const legal = () => page.locator('input[name=legal]');

it('takes an exchange text that is pasted, with the area that it states as the legal one', async () => {
  const parcel = await begin();
  await corners().fill(textOf(parcel));
  await corners().press('Control+Enter');
  const hectares = (parcel.properties.computed_m2 / 10_000).toFixed(4);
  await expect.poll(() => legal().inputValue()).toBe((Number(hectares) * 10_000).toFixed(4));
  await page.locator('.preview li', { hasText: parcel.properties.code }).waitFor();
  await shot('pasted');
});

it('says by line what of a text is wrong, and takes none of it', async () => {
  const parcel = await begin();
  await corners().fill(textOf(parcel, ['2000国家大地坐标系', '1980西安坐标系']));
  await corners().press('Control+Enter');
  await page.getByText('第 2 行（坐标系）：应为 EPSG:4550').waitFor();
  expect(await legal().inputValue()).toBe('');
  await corners().fill(textOf(parcel, ['J2,1,', 'J2,1,x'], ['J3,1,', 'J3,A,']));
  await corners().press('Control+Enter');
  const faults = page.locator('ul.refused li');
  await faults.filter({ hasText: '第 10 行第 6 字（X）：应为 小数' }).waitFor();
  await faults.filter({ hasText: '第 11 行第 4 字（圈号）：应为 从 1 起的圈号' }).waitFor();
  await shot('faults');
  await corners().fill(`${textOf(parcel)}\r\n${textOf(parcel).split('\r\n').slice(7).join('\r\n')}`);
  await corners().press('Control+Enter');
  await page.getByText('文本里有 2 块地').waitFor();
});

it('takes a file whatever its encoding', async () => {
  const parcel = await begin();
  const wrong = Buffer.from(`\uFEFF${textOf(parcel, ['带号=41', '带号=40'])}`, 'utf16le');
  await page
    .locator('input[name=survey-file]')
    .setInputFiles({ name: '勘测.txt', mimeType: 'text/plain', buffer: wrong });
  await page.getByText('40 带（第 6 行）').waitFor();
  const buffer = Buffer.from(`\uFEFF${textOf(parcel)}`, 'utf16le');
  await page
    .locator('input[name=survey-file]')
    .setInputFiles({ name: '勘测.txt', mimeType: 'text/plain', buffer });
  await expect.poll(() => legal().inputValue()).not.toBe('');
  await page.locator('.preview li', { hasText: parcel.properties.code }).waitFor();
});

it('says it in English', async () => {
  const parcel = await begin();
  await page.getByRole('button', { name: 'English' }).click();
  const field = page.getByLabel('Corners: north, east');
  await field.fill(textOf(parcel, ['J2,1,', 'J2,1,x'], ['J3,1,', 'J3,A,']));
  await field.press('Control+Enter');
  await page.getByText('line 10, column 6 (X): expected a decimal').waitFor();
  await shot('faults-en');
});
