import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Position } from 'geojson';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planeOf, toPlane, type Plane } from '../src/core/projection';
import { graveFindings } from './axe';
import { launch, openPanel } from './browser';
import { park } from './feeds';
import { dataFolder, removeFolder, startLuodi, type Luodi } from './luodi';
import { accept, addUser, closeAll, deskParcel, deskParcels, shoot } from './planner';

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

/** A rectangle of the survey plane, in metres from a corner of the ground that is free. */
interface Plot {
  code: string;
  x: number;
  width: number;
}

const HEIGHT = 30;
/** Three parcels beside each other. */
const three = (prefix: string, last = 30): Plot[] => [
  { code: `${prefix}-1`, x: 0, width: 30 },
  { code: `${prefix}-2`, x: 30, width: 30 },
  { code: `${prefix}-3`, x: 60, width: last },
];
/** One more that lies on the first. */
const wrong = (prefix: string): Plot => ({ code: `${prefix}-9`, x: 10, width: 15 });

type Corner = [east: number, north: number];

function ringOf({ x, width }: Plot, [east, north]: Corner): Corner[] {
  const [w, e, s, n] = [east + x, east + x + width, north, north + HEIGHT];
  return [
    [w, s],
    [e, s],
    [e, n],
    [w, n],
    [w, s],
  ];
}

function geoJSON(plots: readonly Plot[], at: Corner): string {
  return JSON.stringify({
    type: 'FeatureCollection',
    crs: { type: 'name', properties: { name: 'EPSG:4550' } },
    features: plots.map((plot) => ({
      type: 'Feature',
      properties: { 地块编号: plot.code, 用途码: '100102', 备注: '测试' },
      geometry: { type: 'Polygon', coordinates: [ringOf(plot, at)] },
    })),
  });
}

function exchangeText(plots: readonly Plot[], at: Corner): string {
  const head = [
    '[属性描述]',
    '坐标系=2000国家大地坐标系',
    '几度分带=3',
    '投影类型=高斯克吕格',
    '计量单位=米',
    '带号=41',
    '[地块坐标]',
  ];
  const parcels = plots.flatMap((plot) => {
    const ring = ringOf(plot, at);
    const hectares = ((plot.width * HEIGHT) / 10_000).toFixed(4);
    return [
      `${ring.length},${hectares},${plot.code},,面,,工业用地,100102,@`,
      ...ring.map(
        ([east, north], i) =>
          `J${i === ring.length - 1 ? 1 : i + 1},1,${north.toFixed(3)},${(east + 41_000_000).toFixed(3)}`,
      ),
    ];
  });
  return [...head, ...parcels].join('\r\n');
}

/** The plots as GDAL writes them; args after its own. */
function byGDAL(plots: readonly Plot[], at: Corner, ending: string, ...args: string[]): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'luodi-e2e-'));
  try {
    const [from, to] = [join(folder, 'from.json'), join(folder, `地块.${ending}`)];
    writeFileSync(from, geoJSON(plots, at));
    execFileSync('ogr2ogr', [...args, to, from]);
    return readFileSync(to);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Each format is a row: what the file is called, how it is written, and which of its columns says the land use. */
const formats = [
  { format: 'GeoJSON', name: '测绘.geojson', write: geoJSON, use: '用途码' },
  { format: 'Survey TXT', name: '勘测定界.txt', write: exchangeText, use: null },
] as const;

const inside = (ring: readonly Corner[], [x, y]: Corner): boolean =>
  ring.reduce((is, [ax, ay], i) => {
    const [bx, by] = ring[i === 0 ? ring.length - 1 : i - 1] ?? [ax, ay];
    return ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax ? !is : is;
  }, false);

/** A corner of ground that is in the park and no parcel's, with room for three parcels and some more. */
async function freeGround(taken: readonly Corner[]): Promise<Corner> {
  const plane = planeOf(4550) as Plane;
  const flat = (ring: readonly Position[]): Corner[] =>
    ring.map(([lon = 0, lat = 0]) => {
      const { east, north } = toPlane(plane, lon, lat);
      return [east, north];
    });
  const border = await page.evaluate(async (code) => {
    const answer = await fetch('/ogc/collections/parks/items?f=json&limit=100');
    const { features } = (await answer.json()) as {
      features: { geometry: { coordinates: number[][][][] }; properties: { code: string } }[];
    };
    return features.find(({ properties }) => properties.code === code)?.geometry.coordinates[0]?.[0] ?? [];
  }, park);
  const ground = flat(border);
  const parcels = (await deskParcels(page)).map(({ geometry }) => flat(geometry.coordinates[0] ?? []));
  const easts = ground.map(([east]) => east);
  const norths = ground.map(([, north]) => north);
  const free = ([east, north]: Corner): boolean => {
    for (let x = -10; x <= 120; x += 5)
      for (let y = -10; y <= 45; y += 5) {
        const at: Corner = [east + x, north + y];
        if (!inside(ground, at) || parcels.some((ring) => inside(ring, at))) return false;
      }
    return !taken.some(([e, n]) => Math.abs(e - east) < 130 && Math.abs(n - north) < 60);
  };
  for (let north = Math.ceil(Math.min(...norths)); north < Math.max(...norths); north += 25)
    for (let east = Math.ceil(Math.min(...easts)); east < Math.max(...easts); east += 25)
      if (free([east, north])) return [east, north];
  throw new Error('no free ground');
}

const panel = () => page.locator('.facts, .sheet');
const shown = (text: string | RegExp) => panel().getByText(text).first().waitFor();
const field = (name: string) => panel().locator(`[name="${name}"]`);
const shot = (name: string): Promise<void> => shoot(page, 'intake', name);

/** Drops a file on the map, as from a folder beside the browser. */
async function drop(name: string, file: string | Buffer): Promise<void> {
  const transfer = await page.evaluateHandle(
    ({ name, base64 }) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name));
      return data;
    },
    { name, base64: Buffer.from(file).toString('base64') },
  );
  await page.dispatchEvent('section.map', 'drop', { dataTransfer: transfer });
}

const used: Corner[] = [];

describe.each(formats)('a file of $format', ({ format, name, write, use }) => {
  const prefix = format === 'GeoJSON' ? '甲' : '乙';
  let at: Corner;

  it('dropped on the map is shown there, its refused row with the reason, and taken in as one record', async () => {
    at = await freeGround(used);
    used.push(at);
    await closeAll(page);
    await drop(name, write([...three(prefix), wrong(prefix)], at));
    await shown('新增 3，修改 0，未变 0，不能导入 1');
    await shown(new RegExp(`第 4 行 ${prefix}-9：与行 1 ${prefix}-1 重叠 4(49|50)\\.`));
    await expect.poll(() => page.locator('section.map').getAttribute('data-found')).toBe('5');
    const take = panel().getByRole('button', { name: '导入为一次变更' });
    await expect.poll(() => take.isDisabled()).toBe(true);
    // its place on the map
    await panel()
      .getByRole('button', { name: new RegExp(`${prefix}-9`) })
      .first()
      .click();
    if (use) {
      await field('fill-land_use').selectOption({ label: use });
      await shown('如 100102');
    } else {
      await field('fill-land_use').selectOption({ label: '统一的值……' });
      await field('value-land_use').fill('100102');
      await field('value-land_use').press('Tab');
    }
    await field('intake-skip').check();
    await expect.poll(() => take.isDisabled()).toBe(false);
    expect(await graveFindings(page)).toEqual([]);
    await shot(`${format}-preview-zh`);
    await take.click();
    await shown(/已写入第 \d+ 次变更：新增 3，修改 0/);
    await expect.poll(() => page.locator('section.map').getAttribute('data-found')).toBe(null);
    for (const { code } of three(prefix))
      expect((await deskParcel(page, code))?.properties.land_use, code).toBe('100102');
    await shot(`${format}-taken-zh`);
    await panel().getByRole('button', { name: '在历史中查看' }).click();
    await shown('新增 3，修改 0，注销 0，未变 0，不能导入 1');
    await panel().getByText('导入报告').first().click();
    await shown(new RegExp(`${prefix}-9：与行 1`));
    await shot(`${format}-history-zh`);
  });

  it('changes nothing when it comes again, and corrects when it comes changed', async () => {
    await closeAll(page);
    await drop(name, write(three(prefix), at));
    // the columns are filled as the last time
    await shown('已按上次导入同样的列时的选择填好');
    await shown('与园区现状相同，没有可写入的');
    await closeAll(page);
    await drop(name, write(three(prefix, 40), at));
    await shown('新增 0，修改 1，未变 2，不能导入 0');
    await shown(new RegExp(`第 3 行 ${prefix}-3：图形`));
    await shot(`${format}-changed-zh`);
    await panel().getByRole('button', { name: '导入为一次变更' }).click();
    await shown(/已写入第 \d+ 次变更：新增 0，修改 1，未变 2/);
    const now = (await deskParcel(page, `${prefix}-3`))?.properties.computed_m2 ?? 0;
    expect(Math.round(now)).toBe(40 * HEIGHT);
  });
});

it('of all parcels but one proposes to retire that one, where it is ticked', async () => {
  await addUser(luodi, 'wang.wei', '王伟', 'approver');
  const gone = '甲-1';
  const rest = (await deskParcels(page)).filter(({ properties }) => properties.code !== gone);
  await closeAll(page);
  await drop(
    '全部.geojson',
    JSON.stringify({
      type: 'FeatureCollection',
      features: rest.map(({ geometry, properties: { code } }) => ({
        type: 'Feature',
        properties: { code },
        geometry,
      })),
    }),
  );
  await shown('与园区现状相同，没有可写入的');
  await panel().getByText('园区有而文件没有').click();
  await shown(gone);
  const take = panel().getByRole('button', { name: '导入为一次变更' });
  expect(await take.isDisabled()).toBe(true);
  expect(await field('intake-retire').isChecked()).toBe(false);
  await field('intake-retire').press('Space');
  await expect.poll(() => take.isDisabled()).toBe(false);
  expect(await graveFindings(page)).toEqual([]);
  await shot('retire-zh');
  await take.click();
  await shown('已申请注销 1 宗，等另一人批准');
  await panel().getByRole('button', { name: '查看待批准的申请' }).click();
  await shown(gone);
  expect((await deskParcel(page, gone))?.properties.code).toBe(gone);
});

/** Takes in what is looked at, and finds it in the history. */
async function takeIn(made: number): Promise<void> {
  const take = panel().getByRole('button', { name: '导入为一次变更' });
  await expect.poll(() => take.isDisabled()).toBe(false);
  await take.click();
  await shown(new RegExp(`已写入第 \\d+ 次变更：新增 ${made}，修改 0`));
  await panel().getByRole('button', { name: '在历史中查看' }).click();
  await shown(`新增 ${made}，修改 0，注销 0，未变 0，不能导入 0`);
}

it('of a Shapefile in GBK has its Chinese columns and codes', async () => {
  const at = await freeGround(used);
  used.push(at);
  await closeAll(page);
  await drop('宗地.zip', byGDAL(three('丙'), at, 'shz', '-f', 'ESRI Shapefile', '-lco', 'ENCODING=GBK'));
  await shown('新增 3，修改 0，未变 0，不能导入 0');
  await field('fill-land_use').selectOption({ label: '用途码' });
  await shown('如 100102');
  await takeIn(3);
  expect((await deskParcel(page, '丙-1'))?.properties.land_use).toBe('100102');
});

it('of a GeoPackage with a gap of 5 mm is mended when that is asked for', async () => {
  const at = await freeGround(used);
  used.push(at);
  await closeAll(page);
  const [first, second, third] = three('丁') as [Plot, Plot, Plot];
  const apart = [first, { ...second, x: second.x + 0.005, width: second.width - 0.005 }, third];
  await drop('测绘.gpkg', byGDAL(apart, at, 'gpkg', '-f', 'GPKG'));
  await shown('图形问题（2.0 cm 内）');
  await panel()
    .getByRole('button', { name: /^缝隙 丁-1，丁-2：最宽 0\.005\d m/ })
    .press('Enter');
  await expect
    .poll(() => Number(/(?:#|=)(\d+(?:\.\d+)?)\//.exec(decodeURIComponent(page.url()))?.[1] ?? 0))
    .toBeGreaterThan(17);
  await shot('flaws-zh');
  await field('intake-snap').press('Space');
  await shown(/已对齐的地块（2\.0 cm 内，最大移动 5\.\d mm）/);
  await shown(/^第 \d 行 丁-\d：[\d,.]+ → [\d,.]+ m²，最大移动 5\.\d mm$/);
  await shown('已修正的图形问题');
  await expect.poll(() => panel().getByText('图形问题（2.0 cm 内）').count()).toBe(0);
  // less than the gap mends nothing
  await field('intake-snap-cm').fill('0.3');
  await field('intake-snap-cm').press('Enter');
  await expect.poll(() => panel().getByText('已对齐的地块').count()).toBe(0);
  await field('intake-snap-cm').fill('2');
  await field('intake-snap-cm').press('Enter');
  await shown('已修正的图形问题');
  expect(await graveFindings(page)).toEqual([]);
  await shot('snapped-zh');
  await takeIn(3);
  const easts = async (code: string): Promise<number[]> =>
    (await deskParcel(page, code))?.geometry.coordinates[0]?.map(([lon]) => lon as number) ?? [];
  expect(Math.max(...(await easts('丁-1')))).toBe([...(await easts('丁-2'))].sort((a, b) => a - b)[1]);
});

it('of a drawing needs a reference system, which is chosen', async () => {
  const at = await freeGround(used);
  used.push(at);
  await closeAll(page);
  await drop('总图.dxf', byGDAL(three('戊'), at, 'dxf', '-f', 'DXF'));
  await expect.poll(() => field('intake-crs').getAttribute('aria-invalid')).toBe('true');
  await field('intake-crs').fill('EPSG:4550');
  await field('intake-crs').press('Enter');
  await shown('新增 3，修改 0，未变 0，不能导入 0');
  await takeIn(3);
  await shot('drawing-zh');
});

it('is said what is wrong with it where it is no file of land, and is worked with the keyboard', async () => {
  await closeAll(page);
  await openPanel(page, 'intake');
  await shown('GeoJSON、GeoPackage');
  await field('intake-file').setInputFiles({
    name: 'notes.bin',
    mimeType: '',
    buffer: Buffer.from('not land'),
  });
  await shown(/不认识的格式/);
  expect(await graveFindings(page)).toEqual([]);
});

it('is readable on a phone and in English', async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${luodi.url}/?lang=en`);
  await page.getByRole('button', { name: 'History', exact: true }).waitFor();
  const at = await freeGround(used);
  await openPanel(page, 'intake');
  await field('intake-file').setInputFiles({
    name: 'survey.geojson',
    mimeType: '',
    buffer: Buffer.from(geoJSON([...three('P'), wrong('P')], at)),
  });
  await shown('3 new, 0 changed, 0 unchanged, 1 refused');
  expect(await graveFindings(page)).toEqual([]);
  await shot('phone-en');
});
