import ranges from '@fontsource/noto-sans-sc/unicode.json';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graveFindings } from './axe';
import { launch } from './browser';
import { park } from './feeds';
import { dataFolder, removeFolder, startLuodi, type Luodi } from './luodi';
import { project } from './pixels';
import { accept, addUser, openParcel, settled, shoot, still } from './planner';

let luodi: Luodi;
let browser: Browser;
let planner: Page;
let colleague: Page;
let approver: Page;

beforeAll(async () => {
  luodi = await startLuodi(await dataFolder());
  browser = await launch();
  planner = await accept(browser, await addUser(luodi, 'li.na', '李娜', 'planner'));
  colleague = await accept(browser, await addUser(luodi, 'zhao.lei', '赵磊', 'planner'), 'no map');
  approver = await accept(browser, await addUser(luodi, 'chen.jie', '陈洁', 'approver'), 'no map');
});
afterAll(async () => {
  await browser?.close();
  await luodi?.stop();
  if (luodi) await removeFolder(luodi.data);
});

const shot = (page: Page, name: string): Promise<void> => shoot(page, 'things', name);

const panel = (page: Page) => page.locator('.facts');
const field = (page: Page, name: string) => panel(page).locator(`[name="${name}"]`);
const press = (page: Page, name: string) => panel(page).getByRole('button', { name, exact: true }).click();
/** The form is sent and gone, and what it made stands on the map. */
async function saved(page: Page): Promise<void> {
  await press(page, '保存');
  await panel(page).locator('form').waitFor({ state: 'detached' });
  await settled(page);
}
const heading = (page: Page, name: string) => panel(page).getByRole('heading', { level: 2, name }).waitFor();

/** Opens a list, and of it the entry of a code. */
async function openThing(page: Page, of: string, code: string, look = ''): Promise<void> {
  await page.goto(`${luodi.url}/?page=${of}${look}`);
  await field(page, 'words').fill(code);
  await panel(page).locator('li a', { hasText: code }).first().click();
  await heading(page, code);
}

/** What a feed for planners says of a thing. */
async function facts(page: Page, file: string, code: string): Promise<Record<string, unknown> | undefined> {
  const path = `/api/parks/${park}/${file}`;
  const all = await page.evaluate(async (asked) => {
    const response = await fetch(asked, { cache: 'no-store' });
    return ((await response.json()) as { features: { properties: Record<string, unknown> }[] }).features;
  }, path);
  return all.map(({ properties }) => properties).find((properties) => properties.code === code);
}

/** The slice of the shipped type that has a character. */
function sliceOf(character: string): string | undefined {
  const code = character.codePointAt(0) ?? 0;
  return Object.entries(ranges)
    .find(([, list]) =>
      list.split(',').some((range) => {
        const [from = NaN, to = from] = range
          .slice(2)
          .split('-')
          .map((hex) => parseInt(hex, 16));
        return code >= from && code <= to;
      }),
    )?.[0]
    .replace(/[[\]]/g, '');
}

/** Who fetched the slice that has a character: `css` for the page's text, `fetch` for the map. */
const drawnBy = (page: Page, character: string): Promise<string[]> =>
  page.evaluate(
    (part) => [
      ...new Set(
        performance
          .getEntriesByType('resource')
          .filter(({ name }) => name.includes(part))
          .map((entry) => (entry as PerformanceResourceTiming).initiatorType),
      ),
    ],
    `/noto-sans-sc-${sliceOf(character)}-400-normal-`,
  );

async function approve(code: string): Promise<void> {
  await approver.goto(luodi.url);
  await approver.getByRole('button', { name: /^待批/ }).click();
  const proposal = panel(approver).locator('li', { hasText: '注销' }).first();
  await proposal.getByRole('textbox').fill(`${code} 核准`);
  await proposal.getByRole('button', { name: '批准' }).click();
  await expect.poll(() => panel(approver).locator('li', { hasText: '注销' }).count()).toBe(0);
}

describe('what stands on the ground', () => {
  it('edits a parcel’s facts, and shows a colleague’s change without losing what was typed', async () => {
    await openParcel(planner, 'TX-G01');
    await press(planner, '编辑');
    await field(planner, 'price_cny_per_m2').fill('336.5');
    await field(planner, 'services.gas.ready').selectOption('true');
    await press(planner, '保存');
    await panel(planner).getByText('必须填写').waitFor();
    expect(await graveFindings(planner)).toEqual([]);
    await shot(planner, 'parcel-form-zh');

    await openThing(colleague, 'parcels', 'TX-G01');
    await press(colleague, '编辑');
    await field(colleague, 'price_cny_per_m2').fill('400');
    await field(colleague, 'land_use').fill('100101');
    await field(colleague, 'reason').fill('调整基准价');
    await saved(colleague);
    await panel(colleague).getByText('400').waitFor();

    await field(planner, 'reason').fill('评估更新');
    await press(planner, '保存');
    await panel(planner).getByText('对方已改为：400').waitFor();
    await expect.poll(() => field(planner, 'price_cny_per_m2').inputValue()).toBe('336.5');
    await expect.poll(() => field(planner, 'land_use').inputValue()).toBe('100101');
    await expect.poll(() => field(planner, 'reason').inputValue()).toBe('评估更新');
    await panel(planner).getByRole('button', { name: '保留我的' }).click();
    await saved(planner);
    expect(await facts(planner, 'desk.geojson', 'TX-G01')).toMatchObject({
      price_cny_per_m2: 336.5,
      land_use: '100101',
      services: { gas: { ready: true } },
    });
    await shot(planner, 'parcel-zh');
  });

  it('makes a parcel on free ground, drawn on the map, is told what it overlaps, and retires it by two', async () => {
    await planner.goto(`${luodi.url}/?page=parcels/new&view=16/37.2442/122.036`);
    await field(planner, 'geometry').waitFor();
    await planner.locator('.stack i').first().waitFor();
    await field(planner, 'code').fill('XJ-01');
    await field(planner, 'reason').fill('新征土地');
    // corners within a parcel that is there
    const taken = await planner.evaluate(async (path) => {
      const { features } = (await (await fetch(path)).json()) as {
        features: { properties: { code: string }; geometry: { coordinates: number[][][] } }[];
      };
      return features.find(({ properties }) => properties.code === 'TX-R01')?.geometry.coordinates[0] ?? [];
    }, `/api/parks/${park}/desk.geojson`);
    await field(planner, 'geometry').fill(taken.map(([lon, lat]) => `${lat}, ${lon}`).join('\n'));
    await press(planner, '保存');
    await panel(planner).locator('.wrong').first().waitFor();
    await expect.poll(() => field(planner, 'geometry').getAttribute('aria-invalid')).toBe('true');
    await shot(planner, 'parcel-overlaps-zh');

    await field(planner, 'geometry').fill('');
    await still(planner);
    await press(planner, '在图上画');
    for (const corner of [
      [122.0357, 37.2441],
      [122.0364, 37.2441],
      [122.036, 37.2444],
    ] as const)
      await planner.mouse.click(...project(planner, corner));
    await planner.keyboard.press('Enter');
    await expect
      .poll(async () => (await field(planner, 'geometry').inputValue()).split('\n'))
      .toHaveLength(3);
    await shot(planner, 'parcel-drawn-zh');
    await saved(planner);
    await press(planner, '在图上看');
    await expect.poll(() => planner.url()).toContain('parcel=XJ-01');
    await shot(planner, 'parcel-made-zh');

    await press(planner, '注销 …');
    await field(planner, 'reason').fill('征收撤销');
    await press(planner, '提交审批');
    await planner.getByText('已提交，待另一人批准').waitFor();
    await approve('XJ-01');
    expect(await facts(planner, 'desk.geojson', 'XJ-01')).toBeUndefined();
  });

  it('makes a node of a network, changes its capacity, and shows it on the map', async () => {
    await planner.goto(`${luodi.url}/?page=networks/new`);
    await field(planner, 'geometry').fill('37.2400, 122.0300');
    await field(planner, 'code').fill('ZQ-09');
    // a character that nobody had in use when the type was cut
    await field(planner, 'name_zh').fill('龘泉热源');
    await field(planner, 'kind').selectOption('steam');
    await field(planner, 'grade').selectOption('node');
    await field(planner, 'capacity').fill('300');
    await field(planner, 'reason').fill('二期热源');
    await press(planner, '保存');
    await panel(planner).getByText('容量与单位须同时填写').waitFor();
    await field(planner, 'unit').fill('t/h');
    await saved(planner);
    await press(planner, '编辑');
    await field(planner, 'capacity').fill('450');
    await field(planner, 'reason').fill('扩容');
    await saved(planner);
    await panel(planner).getByText('450').waitFor();
    expect(await facts(planner, 'desk/networks.geojson', 'ZQ-09')).toMatchObject({
      capacity: 450,
      unit: 't/h',
    });
    expect(await graveFindings(planner)).toEqual([]);
    await press(planner, '在图上看');
    const lat = () => Number(new URL(planner.url()).searchParams.get('view')?.split('/')[1]);
    await expect.poll(() => Math.abs(lat() - 37.24)).toBeLessThan(0.001);
    await expect.poll(() => drawnBy(planner, '龘')).toEqual(expect.arrayContaining(['css', 'fetch']));
    await shot(planner, 'node-zh');
    await openThing(colleague, 'networks', 'ZQ-09', '&lang=en');
    await panel(colleague).getByText('450').waitFor();
    expect(await graveFindings(colleague)).toEqual([]);
    await shot(colleague, 'node-en');
  });

  it('changes a plan unit’s conditions, shares in percent', async () => {
    await planner.goto(`${luodi.url}/?page=plan-units`);
    await panel(planner).locator('li a').first().click();
    await press(planner, '编辑');
    const share = field(planner, 'conditions.building_coefficient.min');
    await share.fill('45');
    await field(planner, 'conditions.far.min').fill('9');
    await field(planner, 'conditions.far.max').fill('2');
    await field(planner, 'reason').fill('控规调整');
    await press(planner, '保存');
    await panel(planner).getByText('不应小于下限').waitFor();
    expect(await graveFindings(planner)).toEqual([]);
    await shot(planner, 'plan-form-zh');
    await field(planner, 'conditions.far.min').fill('1.2');
    await saved(planner);
    const code = await panel(planner).locator('h2').innerText();
    await panel(planner).getByText('45 %').waitFor();
    await shot(planner, 'plan-zh');
    const kept = (await facts(planner, 'desk/plan-units.geojson', code))?.conditions as Record<
      string,
      unknown
    >;
    expect(kept).toMatchObject({ building_coefficient: { min: 0.45 }, far: { min: 1.2, max: 2 } });
  });

  it('keeps papers of a parcel: refused by content, added, published for all, and withheld again', async () => {
    const code = 'TX-G03';
    await planner.goto(luodi.url);
    await openParcel(planner, code);
    const papers = planner.locator('.papers');
    await papers.getByText('还没有照片与文件').waitFor();
    await papers.getByRole('button', { name: '添加' }).click();
    const file = papers.locator('[name=file]');
    await file.setInputFiles({ name: 'plot.png', mimeType: 'image/png', buffer: Buffer.from('<script>') });
    await papers.locator('[name=title_zh]').fill('东南角现状');
    await papers.locator('[name=dated]').fill('2026-03-01');
    await papers.locator('[name=public]').check();
    await papers.getByRole('button', { name: '添加' }).click();
    await papers.getByText('JPEG、PNG 或 WebP 图片').waitFor();
    expect(await graveFindings(planner)).toEqual([]);
    await shot(planner, 'paper-form-zh');

    const drawn = await (await fetch(`${luodi.url}/sites/${park}/TX-L04?f=card`)).arrayBuffer();
    await file.setInputFiles({ name: 'plot.txt', mimeType: 'image/png', buffer: Buffer.from(drawn) });
    await papers.getByRole('button', { name: '添加' }).click();
    await papers.locator('img[alt=东南角现状]').waitFor();
    await papers.getByText('公开', { exact: true }).waitFor();
    await settled(planner);

    const shown = async (): Promise<[number, number]> => {
      const read = colleague.waitForResponse((answer) => /\/parcels\/[0-9a-f-]{36}$/.test(answer.url()));
      await colleague.goto(`${luodi.url}/?investor=1&parcel=${code}`);
      const { papers: told } = (await (await read).json()) as { papers: unknown[] };
      if (told.length > 0) await colleague.locator('.papers img').waitFor();
      const here = told.length;
      await colleague.goto(`${luodi.url}/sites/${park}/${code}`);
      return [here, await colleague.locator('.photos img').count()];
    };
    await expect.poll(() => shown()).toEqual([1, 1]);
    const photo = colleague.locator('.photos img');
    await photo.scrollIntoViewIfNeeded();
    await expect.poll(() => photo.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
    expect(await photo.evaluate((img: HTMLImageElement) => img.currentSrc)).toMatch(/\?width=(320|640)$/);
    expect(await graveFindings(colleague)).toEqual([]);
    await shot(colleague, 'paper-site-zh');

    await papers.getByRole('button', { name: '撤回公开' }).click();
    await papers.getByText('不公开', { exact: true }).waitFor();
    await expect.poll(() => shown()).toEqual([0, 0]);
    await papers.getByRole('button', { name: '注销' }).click();
    const question = planner.getByRole('dialog').filter({ hasText: '注销“东南角现状”？' });
    await question.getByRole('button', { name: '取消' }).click();
    await question.waitFor({ state: 'detached' });
    await papers.locator('img[alt=东南角现状]').waitFor();
    await papers.getByRole('button', { name: '注销' }).click();
    await question.getByRole('button', { name: '注销' }).click();
    await papers.getByText('还没有照片与文件').waitFor();
  });
});
