import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { serviceKeys, type LonLat, type ServiceKey, type Services } from '../src/core/feed';
import { labelPoint } from '../src/core/labelpoint';
import { sharedLine } from '../src/order/cutline';
import type { DeskParcel } from '../src/core/orders';
import { between, planeOf } from '../src/core/projection';
import { writeSurvey } from '../src/core/survey';
import { light } from '../src/core/theme';
import { launch } from './browser';
import { parcels } from './feeds';
import { dataFolder, removeFolder, startLuodi, type Luodi } from './luodi';
import { isNear, pixelsAt, project, rgbOf, type Rgb } from './pixels';
import {
  accept,
  action,
  addUser,
  closeAll,
  confirm,
  deskParcel,
  deskParcels,
  newestRecord,
  openParcel,
  settled,
  shoot,
  still,
} from './planner';

let luodi: Luodi;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  luodi = await startLuodi(await dataFolder());
  browser = await launch([], { sharp: true });
  page = await accept(browser, await addUser(luodi, 'li.na', '李娜', 'planner'));
});
afterAll(async () => {
  await browser?.close();
  await luodi?.stop();
  if (luodi) await removeFolder(luodi.data);
});

beforeEach(() => clearAll());

const shot = (name: string): Promise<void> => shoot(page, 'orders', name);
const plane = planeOf(4550);
const [focus, paper] = [rgbOf(light.focus), rgbOf(light.sheet)];
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

/** What services of two parcels add up to, and which don't. */
function joined(
  a: Services | null,
  b: Services | null,
): { sums: Partial<Record<ServiceKey, number | null>>; open: ServiceKey[] } {
  const sums: Partial<Record<ServiceKey, number | null>> = {};
  const open: ServiceKey[] = [];
  for (const key of serviceKeys) {
    const [x, y] = [a?.[key], b?.[key]];
    if (!x && !y) continue;
    if (x?.ready !== y?.ready || ((x?.capacity ?? null) === null) !== ((y?.capacity ?? null) === null))
      open.push(key);
    else sums[key] = x?.capacity == null ? null : Math.round((x.capacity + (y?.capacity ?? 0)) * 1e6) / 1e6;
  }
  return { sums, open };
}

/** A place beside the middle of a boundary, on the first parcel's ground. */
function boundaryOff(a: DeskParcel, ends: readonly [LonLat, LonLat]): LonLat {
  return between(plane, between(plane, ...ends, 0.5), labelPoint(a.geometry) as LonLat, 0.3);
}

/** The longest side of a parcel's that it doesn't share along a line. */
function outerSide(a: DeskParcel, line: readonly LonLat[]): [LonLat, LonLat] {
  const shared = new Set(line.map(String));
  const ring = ringOf(a);
  const sides = ring
    .slice(1)
    .map((to, i): [LonLat, LonLat] => [ring[i] as LonLat, to])
    .filter(([from, to]) => !shared.has(String(from)) && !shared.has(String(to)))
    .sort(([p, q], [r, s]) => Math.hypot(s[0] - r[0], s[1] - r[1]) - Math.hypot(q[0] - p[0], q[1] - p[1]));
  if (!sides[0]) throw new Error(`${a.properties.code} has no side of its own`);
  return sides[0];
}

/** A parcel's ring with a corner that is nobody else's cut off, and the new side. */
function chamfered(of: DeskParcel, all: readonly DeskParcel[]): { ring: LonLat[]; side: [LonLat, LonLat] } {
  const others = new Set(all.filter(({ id }) => id !== of.id).flatMap((each) => ringOf(each).map(String)));
  const ring = ringOf(of).slice(0, -1);
  const length = (p: LonLat, q: LonLat): number => Math.hypot((p[0] - q[0]) * 0.8, p[1] - q[1]);
  const before = (i: number): LonLat => ring.at(i - 1) as LonLat;
  const after = (i: number): LonLat => ring[(i + 1) % ring.length] as LonLat;
  const free = ring
    .map((point, i) => ({ point, i }))
    .filter(({ point }) => !others.has(String(point)))
    .sort(
      (p, q) =>
        Math.min(length(q.point, before(q.i)), length(q.point, after(q.i))) -
        Math.min(length(p.point, before(p.i)), length(p.point, after(p.i))),
    )[0];
  if (!free) throw new Error(`${of.properties.code} has no corner of its own`);
  const side: [LonLat, LonLat] = [
    between(plane, free.point, before(free.i), 0.4),
    between(plane, free.point, after(free.i), 0.4),
  ];
  const cut = [...ring.slice(0, free.i), ...side, ...ring.slice(free.i + 1)];
  return { ring: [...cut, cut[0] as LonLat], side };
}

/** Picks parcels in the list, which leaves the map where it was. */
async function pick(...codes: string[]): Promise<void> {
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '列表' }).click();
  await page.locator('[name=browse-inview]').uncheck();
  for (const code of codes) await page.getByRole('checkbox', { name: `选取 ${code}`, exact: true }).check();
  await page.getByRole('button', { name: '地图', exact: true }).click();
}

/** Waits until the preview's line lies on the map over a side of the land it would make. */
const previewSeen = (side: readonly [LonLat, LonLat]): Promise<void> => seen(side, [focus, paper]);

/** Waits until one of the colours lies on the map along a line. */
async function seen(side: readonly [LonLat, LonLat], wanted: readonly Rgb[]): Promise<void> {
  const places = [0.2, 0.35, 0.5, 0.65, 0.8].map((share) => between(plane, ...side, share));
  await expect
    .poll(
      async () => {
        await still(page);
        const colours = await pixelsAt(
          page,
          places.map((place) => project(page, place)),
        );
        return colours.some((colour) => wanted.some((each) => isNear(colour, each, 24)));
      },
      { interval: 500 },
    )
    .toBe(true);
}

const clearAll = (): Promise<void> => closeAll(page);

/** Looks at the map as it was at the newest record. */
async function lookBack(): Promise<void> {
  await clearAll();
  await newestRecord(page);
  await page.locator('.facts ol li').first().getByRole('button', { name: '看当时的地图' }).click();
  await page.getByText('历史状态').first().waitFor();
}

async function returnToday(): Promise<void> {
  await page.getByRole('button', { name: '回到今天' }).click();
  await expect.poll(() => new URL(page.url()).searchParams.has('on')).toBe(false);
}

/** The newest record in the park's history, with the panel shut again. */
async function told(): Promise<string> {
  await clearAll();
  const text = await newestRecord(page);
  await clearAll();
  return text;
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
    expect(await told()).toMatch(/恢复[\s\S]*管线已迁移[\s\S]*李娜/);
  });

  it('hides a parcel from the public and shows it again', async () => {
    const { a } = await besides();
    const { code } = a.properties;
    const isPublic = async (): Promise<boolean> =>
      (await parcels(luodi.url)).some(({ properties }) => properties.code === code);
    await openParcel(page, code);
    await action(page, '取消发布').click();
    expect(await confirm(page, '尚未定价')).toContain('取消发布');
    expect(await isPublic()).toBe(false);
    await page.getByText('未发布').waitFor();

    // planners see in the past what planners saw then, not what the public did
    await lookBack();
    await settled(page);
    await page.getByRole('button', { name: '列表' }).click();
    await page.locator('#parcels').getByRole('button', { name: code, exact: true }).waitFor();
    await expect
      .poll(() => page.getByRole('checkbox', { name: `选取 ${code}`, exact: true }).isEnabled())
      .toBe(false);
    await page.getByRole('button', { name: '地图', exact: true }).click();
    await returnToday();

    // an answer of the past that comes after the return to today changes nothing
    let release = (): void => {};
    const late = new Promise<void>((done) => (release = done));
    let asked = 0;
    await page.route('**/desk.geojson?datetime=*', async (route) => {
      asked += 1;
      await late;
      await route.continue();
    });
    await lookBack();
    await expect.poll(() => asked).toBe(1);
    await returnToday();
    await openParcel(page, code);
    await action(page, '发布').waitFor();
    const answered = page.waitForResponse(/desk\.geojson\?datetime=/);
    release();
    await (await answered).finished();
    await page.unrouteAll({ behavior: 'wait' });
    await settled(page);
    await action(page, '发布').waitFor();

    await openParcel(page, code);
    await action(page, '发布').click();
    expect(await confirm(page, '已定价')).toContain('发布');
    expect(await isPublic()).toBe(true);
    expect(await told()).toMatch(/发布[\s\S]*已定价[\s\S]*李娜/);
  });

  it('takes a held parcel back', async () => {
    const held = (await deskParcels(page)).find(({ properties }) => properties.status === 'held');
    const right = held?.properties.allotment;
    expect(right).toBeTruthy();
    await openParcel(page, held?.properties.code ?? '');
    await action(page, '收回').click();
    expect(await confirm(page, '项目未按期签约')).toContain('收回');
    const ground = (await deskParcels(page)).filter(({ properties }) => properties.allotment === right);
    expect(ground).toEqual([]);
    expect((await deskParcel(page, held?.properties.code ?? ''))?.properties.status).toBe('available');
    expect(await told()).toMatch(/收回[\s\S]*项目未按期签约[\s\S]*李娜/);
  });

  it('extends a hold once with a reason; the second time is refused, and says why', async () => {
    const held = (await deskParcels(page)).find(({ properties }) => properties.status === 'held');
    const code = held?.properties.code ?? '';
    const before = held?.properties.expires_at ?? '';
    await openParcel(page, code);
    await action(page, '延期').click();
    expect(await confirm(page, '等待环评批复')).toContain('延期');
    const after = (await deskParcel(page, code))?.properties.expires_at ?? '';
    expect(Date.parse(after)).toBeGreaterThan(Date.parse(before));
    await action(page, '延期').click();
    await page.locator('textarea[name=reason]').fill('再等等');
    const why = page.locator('.preview').getByRole('alert');
    await why.waitFor();
    expect(await why.innerText()).toMatch(/不能办理[\s\S]*一次/);
    await expect.poll(() => page.getByRole('button', { name: '确认办理' }).isEnabled()).toBe(false);
    await shot('extended-twice');
    expect((await deskParcel(page, code))?.properties.expires_at).toBe(after);
    expect(await told()).toMatch(/延期[\s\S]*等待环评批复[\s\S]*李娜/);
  });

  it('merges parcels whose conditions differ only once the planner has decided', async () => {
    const { a, b, line } = await besides();
    const [one, two] = [a.properties, b.properties];
    expect(JSON.stringify(one.services)).not.toBe(JSON.stringify(two.services));
    await pick(one.code, two.code);
    await action(page, '合并').click();
    const { sums, open } = joined(one.services, two.services);
    if (open.length > 0) {
      const due = page.getByRole('alertdialog', { name: '合并前须逐项决定' });
      await due.getByRole('radio').first().waitFor();
      await shot('merge-undecided');
      await expect.poll(() => page.getByRole('button', { name: '确认办理' }).isEnabled()).toBe(false);
      await expect.poll(() => due.getByRole('group').count()).toBe(open.length);
      for (const field of await due.getByRole('group').all())
        await field.getByRole('radio', { name: two.code }).check();
      await due.getByRole('button', { name: '按此决定' }).click();
      await page.getByText(/^已决定：.+。/).waitFor();
    }
    await page.locator('.preview li', { hasText: one.code }).last().waitFor();
    await previewSeen(outerSide(a, line));
    await shot('merge-decided');
    expect(await confirm(page, '整宗供应给一个项目')).toContain('合并');
    const merged = await deskParcel(page, one.code);
    for (const [key, capacity] of Object.entries(sums))
      expect(merged?.properties.services?.[key as ServiceKey]?.capacity ?? null).toBe(capacity);
    for (const key of open) expect(merged?.properties.services?.[key]).toEqual(two.services?.[key]);
    expect(merged?.properties.legal_m2).toBeCloseTo(one.legal_m2 + two.legal_m2, 4);
    expect(await deskParcel(page, two.code)).toBeUndefined();
    expect(await told()).toMatch(/合并[\s\S]*整宗供应给一个项目[\s\S]*李娜/);
  });

  it('undoes the merge, and undoes the undoing', async () => {
    await page.getByRole('button', { name: '历史', exact: true }).click();
    const first = page.locator('.facts ol li').first();
    await first.getByRole('button', { name: '撤销' }).click();
    expect(await confirm(page, '项目退出')).toContain('撤销');
    const apart = (await deskParcels(page)).length;
    await page.locator('.done').getByRole('button', { name: '撤销' }).click();
    expect(await confirm(page, '项目又回来了')).toContain('撤销');
    expect((await deskParcels(page)).length).toBe(apart - 1);
    expect(await told()).toMatch(/撤销[\s\S]*项目又回来了[\s\S]*李娜/);
    await page.getByRole('button', { name: '历史', exact: true }).click();
    await page.locator('.facts ol li').nth(2).waitFor();
    // what was undone already is not offered again
    await expect
      .poll(() => page.locator('.facts ol li').nth(1).getByRole('button', { name: '撤销' }).count())
      .toBe(0);
    await expect
      .poll(() => page.locator('.facts ol li').nth(2).getByRole('button', { name: '撤销' }).count())
      .toBe(0);
    await clearAll();
  });

  it('moves the boundary between two parcels, and is told at the place why a line won’t do', async () => {
    const { a, b, line } = await besides();
    const [one, two] = [a.properties, b.properties];
    await pick(one.code, two.code);
    await action(page, '调整共用边界').click();
    await still(page);
    const ends = [line[0], line.at(-1)] as [LonLat, LonLat];
    const middle = between(plane, ...ends, 0.5);

    // far beyond the two parcels
    await page.getByLabel('折点坐标').fill(writeSurvey([[ends[0], [middle[0] + 0.02, middle[1]]]], plane));
    await page.getByLabel('折点坐标').press('Control+Enter');
    await page.locator('.preview').getByRole('alert').filter({ hasText: '不能办理' }).waitFor();
    await still(page);
    await shot('move-refused');

    await page.getByRole('button', { name: '重画' }).click();
    const off = boundaryOff(a, ends);
    for (const point of [ends[0], off, ends[1]]) await page.mouse.click(...project(page, point));
    await page.keyboard.press('Enter');
    await page.locator('.preview li', { hasText: one.code }).waitFor();
    await previewSeen(outerSide(a, line));
    await shot('move');
    expect(await confirm(page, '按实际围墙调整')).toContain('调整共用边界');
    const now = await Promise.all([one.code, two.code].map((code) => deskParcel(page, code)));
    const areas = now.map((parcel) => parcel?.properties.legal_m2 ?? NaN);
    expect((areas[0] ?? 0) + (areas[1] ?? 0)).toBeCloseTo(one.legal_m2 + two.legal_m2, 4);
    expect(Math.abs((areas[0] ?? 0) - one.legal_m2)).toBeGreaterThan(1);
    expect(await told()).toMatch(/调整共用边界[\s\S]*按实际围墙调整[\s\S]*李娜/);
  });

  it('splits a parcel into equal parts', async () => {
    const { a } = await besides();
    const { code, legal_m2 } = a.properties;
    await openParcel(page, code);
    await still(page);
    await action(page, '分割').click();
    await page.getByRole('button', { name: '等分' }).click();
    await page.locator('input[name=parts]').fill('3');
    await page.locator('.preview li', { hasText: `${code}-3` }).waitFor();
    await previewSeen([ringOf(a)[0] as LonLat, ringOf(a)[1] as LonLat]);
    await shot('split-in-three');
    expect(await confirm(page, '分给三家小企业')).toContain('分割');
    const areas = await Promise.all(
      [1, 2, 3].map(async (n) => (await deskParcel(page, `${code}-${n}`))?.properties.legal_m2 ?? NaN),
    );
    expect(areas.reduce((sum, area) => sum + area, 0)).toBeCloseTo(legal_m2, 4);
    for (const area of areas) expect(Math.abs(area - legal_m2 / 3)).toBeLessThan(0.5);
    expect(await told()).toMatch(/分割[\s\S]*分给三家小企业[\s\S]*李娜/);
  });

  it('corrects a survey: by corners pasted, with the area and the document that it rests on', async () => {
    const { a } = await besides();
    const { code, legal_m2 } = a.properties;
    await openParcel(page, code);
    await still(page);
    await action(page, '更正测绘').click();
    const corners = page.getByLabel('界址点');
    await corners.fill('第一点 在 这里');
    await corners.press('Control+Enter');
    await page.getByText('第 1 行第 5 字（X）：应为 小数').waitFor();

    // beyond the neighbours: refused where it would lie over them
    const ring = ringOf(a);
    const wide = ring.map(([lon, lat]): LonLat => [lon + 0.0008, lat]);
    await corners.fill(JSON.stringify({ type: 'Polygon', coordinates: [wide] }));
    await corners.press('Control+Enter');
    await page.locator('.preview').getByRole('alert').filter({ hasText: '不能办理' }).waitFor();
    await shot('correct-refused');

    // a corner of the street side cut off a little
    const cut = chamfered(a, await deskParcels(page));
    await corners.fill(writeSurvey([cut.ring.slice(0, -1)], plane));
    await corners.press('Control+Enter');
    await page.locator('.preview li', { hasText: code }).waitFor();
    await previewSeen(cut.side);
    await page.locator('input[name=legal]').fill((legal_m2 - 12.5).toFixed(4));
    await page.locator('textarea[name=reason]').fill('复测发现界桩偏移');
    await page.locator('.preview li').first().waitFor();
    await expect.poll(() => page.getByRole('button', { name: '确认办理' }).isEnabled()).toBe(false);
    await page.locator('input[name=paper]').fill('勘测定界报告');
    await page.getByLabel('文号').fill('临测〔2026〕18号');
    await shot('correct');
    expect(await confirm(page, '复测发现界桩偏移')).toContain('更正测绘');
    const now = await deskParcel(page, code);
    expect(now?.properties.legal_m2).toBeCloseTo(legal_m2 - 12.5, 4);
    expect(now?.properties.computed_m2).toBeLessThan(a.properties.computed_m2);
    expect(await told()).toMatch(/更正测绘[\s\S]*复测发现界桩偏移[\s\S]*临测〔2026〕18号[\s\S]*李娜/);
  });

  it('corrects a survey drawn on the map', async () => {
    const { a } = await besides();
    const { code } = a.properties;
    await openParcel(page, code);
    await still(page);
    await action(page, '更正测绘').click();
    await page.getByRole('button', { name: '在地图上画' }).click();
    await still(page);
    const cut = chamfered(a, await deskParcels(page));
    for (const point of cut.ring.slice(0, -1)) await page.mouse.click(...project(page, point), { delay: 20 });
    await page.keyboard.press('Enter');
    await page.locator('.preview li', { hasText: code }).waitFor();
    await seen(cut.side, [rgbOf(light.seal), paper]);
    await shot('correct-drawn');
    await page.locator('input[name=paper]').fill('勘测定界报告');
    expect(await confirm(page, '现场放样')).toContain('更正测绘');
    const now = await deskParcel(page, code);
    expect(now?.properties.legal_m2).toBe(a.properties.legal_m2);
    expect(now?.properties.computed_m2).toBeLessThan(a.properties.computed_m2);
  });

  it('keeps an order that is being filled in from a click beside it', async () => {
    const { a, b } = await besides();
    await openParcel(page, a.properties.code);
    await still(page);
    await action(page, '锁定').click();
    await page.locator('textarea[name=reason]').fill('写到一半');
    await page.mouse.click(...project(page, labelPoint(b.geometry) as LonLat));
    await page.getByText('先办完或取消当前事项').waitFor();
    await expect.poll(() => page.locator('textarea[name=reason]').inputValue()).toBe('写到一半');
    await clearAll();
  });
});
