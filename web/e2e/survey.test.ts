import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LonLat } from '../src/core/feed';
import type { DeskParcel } from '../src/core/orders';
import { planeOf, toPlane, type Plane } from '../src/core/projection';
import { launch } from './browser';
import { dataFolder, removeFolder, startLuodi, type Luodi } from './luodi';
import { accept, action, addUser, deskParcels, openParcel, shoot, still } from './planner';

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

const plane = planeOf(4550) as Plane;
const shot = (name: string): Promise<void> => shoot(page, 'survey', name);

/** The exchange text of a parcel as its survey would write it. */
function textOf({ geometry, properties }: DeskParcel): string {
  const ring = (geometry.coordinates[0] as LonLat[]).map((point) => toPlane(plane, ...point));
  const hectares = (properties.computed_m2 / 10_000).toFixed(4);
  return [
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
