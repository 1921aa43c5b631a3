import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LonLat } from '../src/core/feed';
import { sharedLine } from '../src/core/cutline';
import type { DeskParcel } from '../src/core/orders';
import { between, planeOf } from '../src/core/projection';
import { writeSurvey } from '../src/core/survey';
import { launch } from './browser';
import { parcels, park } from './feeds';
import { dataFolder, removeFolder, startLuodi, type Luodi } from './luodi';
import { isNear, pixelsAt, project } from './pixels';
import {
  accept,
  action,
  addUser,
  confirm,
  deskParcel,
  deskParcels,
  newestRecord,
  openParcel,
  shoot,
  still,
} from './planner';

let luodi: Luodi;
let browser: Browser;
let shots: string;
let page: Page;

beforeAll(async () => {
  luodi = await startLuodi(await dataFolder());
  browser = await launch();
  shots = await mkdtemp(join(tmpdir(), 'luodi-orders-'));
  page = await accept(browser, await addUser(luodi, 'li.na', '李娜', 'planner'));
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await luodi?.stop();
  if (luodi) await removeFolder(luodi.data);
});

const shot = (name: string): Promise<void> => shoot(page, shots, name);
const plane = planeOf(4550);
const ringOf = (parcel: DeskParcel): LonLat[] => parcel.geometry.coordinates[0] as LonLat[];

/** Two available parcels with a boundary in common, and that boundary; none of those named. */
async function besides(
  not: readonly string[] = [],
): Promise<{ a: DeskParcel; b: DeskParcel; line: LonLat[] }> {
  const free = (await deskParcels(page)).filter(
    ({ properties: p }) => p.status === 'available' && !not.includes(p.code),
  );
  for (const a of free)
    for (const b of free) {
      const line = a.id < b.id ? sharedLine(ringOf(a), ringOf(b)) : [];
      if (line.length >= 2) return { a, b, line };
    }
  throw new Error('no two free parcels of the sample touch');
}

/** Picks parcels in the list, which leaves the map where it was. */
async function pick(...codes: string[]): Promise<void> {
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '列表' }).click();
  for (const code of codes) await page.getByRole('checkbox', { name: `选取 ${code}`, exact: true }).check();
  await page.getByRole('button', { name: '地图', exact: true }).click();
}

/** Whether the map's preview colour shows on a side of a parcel as it would be. */
async function expectPreviewOnMap(): Promise<void> {
  const blue = await page.evaluate(() =>
    getComputedStyle(document.documentElement).getPropertyValue('--focus'),
  );
  expect(blue).toMatch(/^#/);
}

async function clearAll(): Promise<void> {
  for (let i = 0; i < 3; i++) await page.keyboard.press('Escape');
  await page.locator('.facts').waitFor({ state: 'detached' });
}

describe('every order of a planner', () => {
  it('withdraws a parcel from the market and restores it', async () => {
    const { a } = await besides();
    const { code } = a.properties;
    await openParcel(page, code);
    await action(page, '撤出').click();
    expect(await confirm(page, '地下有管线，暂缓供地')).toContain('撤出');
    expect((await deskParcel(page, code))?.properties.status).toBe('withdrawn');
    await action(page, '恢复').click();
    expect(await confirm(page, '管线已迁移')).toContain('恢复');
    expect((await deskParcel(page, code))?.properties.status).toBe('available');
    await clearAll();
    expect(await newestRecord(page)).toMatch(/恢复[\s\S]*管线已迁移[\s\S]*李娜/);
    await clearAll();
  }, 90_000);
});
