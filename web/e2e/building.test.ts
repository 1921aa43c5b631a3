import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graveFindings } from './axe';
import { labelPoint } from '../src/core/labelpoint';
import type { LonLat, Parcel } from '../src/core/feed';
import { desktop, launch, openPage, phone } from './browser';
import { dataFolder, removeFolder, startLuodi, type Luodi } from './luodi';
import { project } from './pixels';
import { accept, addUser, chooseProject, shoot, still } from './planner';

let luodi: Luodi;
let browser: Browser;
let planner: Page;

beforeAll(async () => {
  luodi = await startLuodi(await dataFolder());
  browser = await launch();
  planner = await accept(browser, await addUser(luodi, 'li.na', '李娜', 'planner'), 'no map');
});
afterAll(async () => {
  await browser?.close();
  await luodi?.stop();
  if (luodi) await removeFolder(luodi.data);
});

const shot = (page: Page, name: string): Promise<void> => shoot(page, 'building', name);
const panel = (page: Page) => page.locator('.facts');
const field = (page: Page, name: string) => panel(page).locator(`[name="${name}"]`);
const press = (page: Page, name: string) =>
  panel(page).getByRole('button', { name, exact: true }).first().click();

/** What overflows the page or its panel sideways; the table of units scrolls by itself. */
const wide = (page: Page): Promise<boolean> =>
  page.evaluate(() => {
    const facts = document.querySelector('.facts');
    const root = document.documentElement;
    return root.scrollWidth > root.clientWidth || (facts?.scrollWidth ?? 0) > (facts?.clientWidth ?? 0);
  });

describe('workshops', () => {
  it('are made, held and let by a planner', async () => {
    await planner.locator('[data-panel=buildings]').click();
    await panel(planner).locator('[data-building="CF-01"] [data-unit="101"]').getByText('已出租').waitFor();
    await press(planner, '＋ 登记厂房');
    await field(planner, 'building-parcel').selectOption({ label: 'TX-L03' });
    await field(planner, 'building-code').fill('CF-03');
    await field(planner, 'building-name-zh').fill('三号厂房');
    await field(planner, 'building-name-en').fill('Workshop three');
    await field(planner, 'building-stage').selectOption('ready');
    await field(planner, 'building-since').fill('2026-01-05');
    await field(planner, 'building-public').check();
    expect(await graveFindings(planner)).toEqual([]);
    await shot(planner, 'form-zh');
    await press(planner, '保存');
    const made = panel(planner).locator('[data-building="CF-03"]');
    await made.getByRole('button', { name: '＋ 登记单元' }).click();
    await field(planner, 'unit-code').fill('A1');
    await field(planner, 'unit-area_m2').fill('1800.5');
    await field(planner, 'unit-clear_height_m').fill('9');
    await field(planner, 'unit-crane_t').fill('0');
    await field(planner, 'unit-public').check();
    await press(planner, '保存');
    await made.locator('[data-unit="A1"]').getByText('1,800.5 m²').waitFor();
    await made.getByRole('button', { name: 'A1', exact: true }).click();
    await made.getByRole('button', { name: '＋ 预留或出租' }).click();
    await chooseProject(planner, 5);
    await field(planner, 'letting-from').fill('2026-02-01');
    await field(planner, 'letting-hold-until').fill('2199-01-31');
    await press(planner, '预留');
    await made.locator('[data-unit="A1"]').getByText('已预留').waitFor();
    await made.getByRole('button', { name: '＋ 预留或出租' }).click();
    await chooseProject(planner, 6);
    await field(planner, 'letting-from').fill('2026-03-01');
    await field(planner, 'letting-document').fill('2026-L-08');
    await made.locator('.lettings form').getByRole('button', { name: '出租' }).click();
    await panel(planner).getByText('单元自 2026-02-01 起已预留或出租').waitFor();
    await press(planner, '取消');
    await made.getByRole('button', { name: '出租', exact: true }).click();
    await field(planner, 'lease-document').fill('2026-L-07');
    await made.locator('.lettings form').getByRole('button', { name: '出租' }).click();
    await made.locator('[data-unit="A1"]').getByText('已出租').waitFor();
    await made.locator('.lettings').getByText('2026-L-07').waitFor();
    expect(await graveFindings(planner)).toEqual([]);
    expect(await wide(planner)).toBe(false);
    await shot(planner, 'let-zh');
  });

  it('are browsed by an investor, on a desk and on a phone, in both languages', async () => {
    for (const [lang, device, viewport] of [
      ['en', 'desk', { width: 1440, height: 900 }],
      ['zh', 'phone', { width: 360, height: 740 }],
      ['en', 'phone', { width: 360, height: 740 }],
    ] as const) {
      const { page, errors } = await openPage(browser, `${luodi.url}/?lang=${lang}`, { viewport }, 'no map');
      await page.locator('[data-panel=buildings]').click();
      const unit = page.locator('[data-building="CF-03"] [data-unit="A1"]');
      await unit.getByText(lang === 'zh' ? '已出租' : 'let', { exact: true }).waitFor();
      await unit
        .getByText(lang === 'zh' ? '未知' : 'not known')
        .first()
        .waitFor();
      expect(await page.locator('body').textContent()).not.toContain('2026-L-07');
      expect(await graveFindings(page)).toEqual([]);
      expect(await wide(page)).toBe(false);
      await shot(page, `browse-${lang}-${device}`);
      await page.locator('[name=units-height]').fill('10');
      await unit.waitFor({ state: 'detached' });
      await page.locator('[data-building="CF-02"] [data-unit="101"]').waitFor();
      expect(errors).toEqual([]);
      await page.context().close();
    }
  });

  const found = (page: Page, unit: string) =>
    page.locator(`.units > li[data-building="${unit.slice(0, 5)}"]`);
  const asked = (page: Page, name: string): string => new URL(page.url()).searchParams.get(name) ?? '';
  /** States a need for floor space in the steps, and asks for it. */
  async function seek(page: Page, say: { next: string; show: string }): Promise<void> {
    await page.locator('[data-panel=match]').click();
    await page.locator('h3[data-step=made]').waitFor();
    await page.locator('[name=match-place][value=floor_space]').check();
    await page.locator('[name=match-use]').first().waitFor({ state: 'detached' });
    await page.getByRole('button', { name: say.next, exact: true }).click();
    await page.locator('h3[data-step=floor]').waitFor();
    await page.locator('[name=match-floor_m2]').fill('2000');
    await page.locator('[name=match-floor_height]').fill('8');
    await page.locator('[name=match-floor_crane]').fill('10');
    await page.locator('.count[data-units="2"]').waitFor();
    await page.getByRole('button', { name: say.show, exact: true }).click();
    await page.locator('[data-units="2"]').waitFor();
  }
  const says = {
    zh: { next: '下一步', show: '看排名', met: '净高 8.1 m，满足要求', ask: '行车起重量未知，须询问园区' },
    en: {
      next: 'Next',
      show: 'Show the ranking',
      met: 'clear height 8.1 m: meets what is asked',
      ask: 'crane not known: ask the park',
    },
  } as const;

  it('are found by a need for floor space, without an account, desk and phone, in both languages', async () => {
    for (const [lang, device, options] of [
      ['zh', 'desk', desktop],
      ['en', 'desk', desktop],
      ['zh', 'phone', phone],
      ['en', 'phone', phone],
    ] as const) {
      const { page, errors } = await openPage(browser, `${luodi.url}/?lang=${lang}`, options, 'no map');
      await seek(page, says[lang]);
      const ranked = page.locator('.units > li');
      await expect
        .poll(() =>
          ranked.evaluateAll((all) =>
            (all as HTMLElement[]).map(({ dataset }) => `${dataset.building} ${dataset.unit}`),
          ),
        )
        .toEqual(['CF-01 102', 'CF-02 101', 'CF-02 102']);
      await ranked.first().getByText(says[lang].met).waitFor();
      await ranked.last().getByText(says[lang].ask).waitFor();
      expect(await page.locator('.sites').count()).toBe(0);
      expect(asked(page, 'match')).toContain('place:floor_space,floor_m2:2000,floor_height:8,floor_crane:10');
      expect(await graveFindings(page)).toEqual([]);
      expect(await wide(page)).toBe(false);
      await shot(page, `match-${lang}-${device}`);
      await page.reload();
      await ranked.first().getByText(says[lang].met).waitFor();
      await ranked.first().getByRole('button').click();
      await page.locator('section.opened[data-building="CF-01"] tr.opened[data-unit="102"]').waitFor();
      expect(asked(page, 'building')).toBe('CF-01');
      expect(asked(page, 'unit')).toBe('102');
      expect(await wide(page)).toBe(false);
      await shot(page, `opened-${lang}-${device}`);
      await page.goBack();
      await ranked.first().waitFor();
      expect(errors).toEqual([]);
      await page.context().close();
    }
  });

  it('are ranked beside plots where either will do, and a limit that crosses is told', async () => {
    const need = 'match=min:10,target:25,area:1,use:1001,place:either,floor_m2:2000';
    const { page } = await openPage(browser, `${luodi.url}/?lang=en&${need}`, desktop, 'no map');
    await page.locator('.units > li').first().waitFor();
    await page.locator('.sites > li').first().waitFor();
    await page.locator('details:has([name=match-min]) > summary').first().click();
    await page.locator('[name=match-floor_most]').fill('1000');
    await page.locator('form.form button[type=submit]').first().click();
    await page.locator('[name=match-floor_most][aria-invalid=true]').waitFor();
    await shot(page, 'either-en-desk');
    await page.context().close();
  });

  it('are searched by name and code, and listed in the place of ground', async () => {
    const { page, errors } = await openPage(browser, `${luodi.url}/?lang=zh`, desktop, 'no map');
    const search = page.locator('[role=search] [role=combobox]');
    await search.fill('CF-01 102');
    await page.locator('#hits[aria-busy=false] li', { hasText: '标准厂房 01（示意） 102' }).first().waitFor();
    await page.keyboard.press('Enter');
    await page.locator('section.opened[data-building="CF-01"] tr.opened[data-unit="102"]').waitFor();
    await search.fill('bzcf 02');
    await page.locator('#hits[aria-busy=false] li', { hasText: '标准厂房 02' }).first().click();
    await page.locator('section.opened[data-building="CF-02"]').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: '列表', exact: true }).click();
    await page.locator('.kinds').getByRole('button', { name: '厂房单元' }).click();
    await page.locator('tr[data-unit="CF-01 201"]').waitFor();
    await page.locator('[name=list-units-m2]').fill('2500');
    await page.locator('tr[data-unit="CF-01 201"]').waitFor({ state: 'detached' });
    await page.locator('tr[data-unit="CF-02 101"]').waitFor();
    expect(asked(page, 'unit_m2')).toBe('2500');
    expect(await graveFindings(page)).toEqual([]);
    await shot(page, 'list-zh-desk');
    await page.reload();
    await page.locator('tr[data-unit="CF-02 101"]').getByRole('button').click();
    await page.locator('section.opened[data-building="CF-02"] tr.opened[data-unit="101"]').waitFor();
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('that were found are held and let, stand on the project’s page, and are told in the history', async () => {
    await planner.goto(`${luodi.url}/?lang=zh`);
    await seek(planner, says.zh);
    await found(planner, 'CF-01').getByRole('button').click();
    const building = panel(planner).locator('section.opened[data-building="CF-01"]');
    await building.getByRole('button', { name: '102', exact: true }).click();
    await building.getByRole('button', { name: '＋ 预留或出租' }).click();
    await chooseProject(planner, 7);
    const tenant = await field(planner, 'project').inputValue();
    await field(planner, 'letting-from').fill('2026-02-01');
    await field(planner, 'letting-hold-until').fill('2199-01-31');
    await press(planner, '预留');
    await building.locator('[data-unit="102"]').getByText('已预留').waitFor();
    await building.getByRole('button', { name: '出租', exact: true }).click();
    await field(planner, 'lease-document').fill('2026-L-09');
    await building.locator('.lettings form').getByRole('button', { name: '出租' }).click();
    await building.locator('[data-unit="102"]').getByText('已出租').waitFor();
    await building.locator('details.history > summary').click();
    await building.getByText(`单元 标准厂房 01（示意） 102 由预留转为出租给 ${tenant}`).waitFor();
    await shot(planner, 'building-history-zh-desk');

    for (const lang of ['zh', 'en'] as const) {
      await planner.goto(`${luodi.url}/?lang=${lang}`);
      await planner.locator('[data-panel=history]').click();
      await panel(planner)
        .getByRole('button', { name: lang === 'zh' ? '厂房' : 'Workshops', exact: true })
        .click();
      const records = panel(planner).locator('.workshop-records > li[data-thing=letting]');
      await records.first().getByText('2026-L-09').waitFor();
      const what = lang === 'zh' ? /由预留转为出租给/ : /held before, let to/;
      await records.first().getByText(what).waitFor();
      await records
        .nth(1)
        .getByText(lang === 'zh' ? /^为 .+ 预留单元/ : /held for/)
        .waitFor();
      expect(await graveFindings(planner)).toEqual([]);
      expect(await wide(planner)).toBe(false);
      await shot(planner, `history-${lang}-desk`);
    }
    const id = await planner.evaluate(async () => {
      const { lettings } = (await (await fetch('/api/parks/carbon-fibre/lettings')).json()) as {
        lettings: { document: string | null; project: { id: string } }[];
      };
      return lettings.find(({ document }) => document === '2026-L-09')?.project.id;
    });
    await planner.goto(`${luodi.url}/?lang=en&page=projects/${id}`);
    const placed = planner.locator('[data-part=units] [data-unit="CF-01 102"][data-state=let]');
    await placed.waitFor();
    await shot(planner, 'project-en-desk');
    await placed.getByRole('button').click();
    await planner.locator('section.opened[data-building="CF-01"] tr.opened[data-unit="102"]').waitFor();
  });

  it('stand on the map, and open from there', async () => {
    const { page, errors } = await openPage(browser, `${luodi.url}/?lang=zh`, desktop);
    const parcel = await page.evaluate(async () => {
      const path = '/ogc/collections/parcels/items?f=json&limit=10000&park=carbon-fibre';
      const { features } = (await (await fetch(path)).json()) as { features: Parcel[] };
      return features.find(({ properties }) => properties.code === 'TX-L01');
    });
    const search = page.locator('[role=search] [role=combobox]');
    await search.fill('TX-L01');
    await page.locator('#hits[aria-busy=false] li', { hasText: 'TX-L01' }).first().waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.facts [data-workshop="CF-02"]').getByText('2 个单元中可租 2 个').waitFor();
    await page.keyboard.press('Escape');
    await still(page);
    if (!parcel) throw new Error('no parcel TX-L01');
    const at = labelPoint(parcel.geometry) as LonLat;
    await expect
      .poll(async () => {
        await page.mouse.click(...project(page, at));
        return page.locator('section.opened[data-building="CF-02"]').count();
      })
      .toBe(1);
    await shot(page, 'map-zh-desk');
    expect(errors).toEqual([]);
    await page.context().close();
  });
});
