import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { desktop, launch, openPage } from './browser';
import { dataFolder, emptyFolder, removeFolder, startLuodi, type Luodi } from './luodi';
import { isNear, pixelsAt, type Point, type Rgb } from './pixels';
import { still } from './planner';
import { picture, serveTiles, tileFile, type TileServer } from './tiles';

const ofTiles: Rgb = [190, 40, 200];
const ofFile: Rgb = [30, 160, 90];
/** Software draws each pixel of it. */
const small = { ...desktop, viewport: { width: 960, height: 600 } };
let browser: Browser;
let tiles: TileServer;
let luodi: Luodi;
let folder: string;

beforeAll(async () => {
  [browser, tiles, folder] = await Promise.all([
    launch([], { sharp: true }),
    serveTiles(picture(ofTiles)),
    emptyFolder(),
  ]);
  await writeFile(join(folder, 'ortho.pmtiles'), tileFile(picture(ofFile)));
  const named = (code: string, name: string): object => ({
    code,
    name_zh: name,
    name_en: name,
    attribution_zh: `${name}测绘院`,
    attribution_en: `${name} survey`,
  });
  const backgrounds = [
    { ...named('city', '市图'), kind: 'xyz', url: `${tiles.url}/{z}/{x}/{y}.png` },
    { ...named('ortho', '正射影像'), kind: 'pmtiles', file: 'ortho.pmtiles' },
    { ...named('shut', '拒图'), kind: 'xyz', url: `${tiles.url}/refused/{z}/{x}/{y}.png` },
  ];
  await writeFile(join(folder, 'backgrounds.json'), JSON.stringify({ backgrounds }));
  luodi = await startLuodi(await dataFolder(), 0, '--backgrounds', folder);
});
afterAll(async () => {
  await browser.close();
  await luodi.stop();
  tiles.server.close();
  await removeFolder(luodi.data);
  await removeFolder(folder);
});

/** How many of 160 places beside the column show a colour. */
async function showing(page: Page, colour: Rgb): Promise<number> {
  const places = Array.from({ length: 160 }, (_, i): Point => [
    400 + (i % 20) * 26,
    70 + Math.floor(i / 20) * 64,
  ]);
  return (await pixelsAt(page, places)).filter((rgb) => isNear(rgb, colour, 4)).length;
}

describe('a background', () => {
  it('lies under the park where the installation sets one, and no other machine is asked before', async () => {
    const { page, strays } = await openPage(browser, luodi.url, small);
    await still(page);
    expect(strays).toEqual([]);
    expect(await showing(page, ofTiles)).toBe(0);

    await page.getByRole('button', { name: '背景图' }).click();
    await page.getByLabel('市图').check();
    await expect.poll(() => showing(page, ofTiles), { interval: 400 }).toBeGreaterThan(20);
    expect(await page.locator('.credit').innerText()).toContain('市图测绘院');
    expect(new URL(page.url()).searchParams.get('background')).toBe('city');
    expect(new Set(strays.map((address) => new URL(address).origin))).toEqual(new Set([tiles.url]));

    strays.length = 0;
    await page.getByLabel('正射影像').check();
    await expect.poll(() => showing(page, ofFile), { interval: 400 }).toBeGreaterThan(20);
    expect(await page.locator('.credit').innerText()).toContain('正射影像测绘院');
    expect(strays).toEqual([]);

    await page.getByLabel('拒图').check();
    await page.locator('.credit [role=status]').filter({ hasText: '403' }).waitFor();
    await page.getByLabel('无', { exact: true }).check();
    await page.locator('.credit').waitFor({ state: 'detached' });
    await expect.poll(() => showing(page, ofFile), { interval: 400 }).toBe(0);
    await page.context().close();
  });
});
