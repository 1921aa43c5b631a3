import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graveFindings } from './axe';
import { launch, phone } from './browser';
import { largest, park, read } from './feeds';
import { dataFolder, removeFolder, startLuodi, type Luodi } from './luodi';
import { project } from './pixels';
import {
  accept,
  action,
  addUser,
  chooseProject,
  closeAll,
  confirm,
  deskParcel,
  openParcel,
  password,
  settled,
  shoot,
  still,
} from './planner';

const MU = 10_000 / 15;

let luodi: Luodi;
let browser: Browser;
let planner: Page;
let colleague: Page;
let approver: Page;

beforeAll(async () => {
  luodi = await startLuodi(await dataFolder());
  browser = await launch();
  planner = await accept(browser, await addUser(luodi, 'li.na', '李娜', 'planner'));
  colleague = await accept(browser, await addUser(luodi, 'zhao.lei', '赵磊', 'planner'));
  approver = await accept(browser, await addUser(luodi, 'chen.jie', '陈洁', 'approver'));
});
afterAll(async () => {
  await browser?.close();
  await luodi?.stop();
  if (luodi) await removeFolder(luodi.data);
});

const shot = (page: Page, name: string): Promise<void> => shoot(page, 'planner', name);

async function approve(page: Page, code: string): Promise<void> {
  await page.getByRole('button', { name: '待批' }).click();
  const proposal = page.locator('.facts li', { hasText: code });
  await proposal.getByRole('textbox').fill('符合年度供地计划');
  await proposal.getByRole('button', { name: '批准' }).click();
  await expect.poll(() => page.locator('.facts li', { hasText: code }).count()).toBe(0);
  await page.getByRole('button', { name: '待批' }).click();
}

describe('a planner’s hour', () => {
  it('signs out and in again', async () => {
    await planner.getByRole('button', { name: '李娜' }).click();
    await planner.getByRole('button', { name: '退出登录' }).click();
    await planner.getByRole('button', { name: '登录' }).click();
    await planner.locator('input[name=login]').fill('li.na');
    await planner.locator('input[name=password]').fill('a wrong password, long enough');
    await planner.locator('.facts').getByRole('button', { name: '登录' }).click();
    await planner.getByRole('alert').waitFor();
    await planner.locator('input[name=password]').fill(password);
    await planner.locator('.facts').getByRole('button', { name: '登录' }).click();
    await planner.getByRole('button', { name: '李娜' }).waitFor();
    expect(planner.url()).not.toContain('invite');
  });

  it('splits 60 mu off the reserve, turning the cut by keys', async () => {
    await openParcel(planner, 'TX-R01');
    await action(planner, '分割').click();
    await planner.getByRole('button', { name: '按亩数' }).click();
    await planner.locator('input[name=area]').fill('60');
    await planner.getByRole('slider', { name: '方位角' }).press('ArrowRight');
    await planner.locator('.preview li', { hasText: '60.00' }).waitFor();
    await shot(planner, 'split-by-mu');
    expect(await graveFindings(planner)).toEqual([]);
    expect(await confirm(planner, '引进碳纤维项目')).toContain('分割');
    expect((await deskParcel(planner, 'TX-R01-1'))?.properties.legal_m2).toBeCloseTo(60 * MU, 4);
    expect((await deskParcel(planner, 'TX-R01-2'))?.properties.legal_m2).toBeCloseTo(440 * MU, 4);
    expect(await deskParcel(planner, 'TX-R01')).toBeUndefined();
  });

  it('splits by a line drawn on the map, is told at the place why a line won’t do, and undoes it', async () => {
    const parcel = await largest(luodi.url, 'available');
    const { code } = parcel.properties;
    await openParcel(planner, code);
    await still(planner);
    await action(planner, '分割').click();
    await still(planner);
    const ring = parcel.geometry.coordinates[0] as [number, number][];
    const lons = ring.map(([lon]) => lon);
    const lats = ring.map(([, lat]) => lat);
    const middle = (Math.min(...lons) + Math.max(...lons)) / 2;
    const [south, north] = [Math.min(...lats), Math.max(...lats)];
    const reach = (north - south) * 0.2;
    const click = async (lat: number): Promise<void> =>
      planner.mouse.click(...project(planner, [middle, lat]));
    await click(south - reach);
    await click((south + north) / 2);
    await planner.keyboard.press('Enter');
    await planner.getByRole('alert').waitFor();
    await still(planner);
    await shot(planner, 'line-refused');

    await planner.keyboard.press('Backspace');
    await click(north + reach);
    await planner.keyboard.press('Enter');
    await planner.locator('.preview li', { hasText: `${code}-2` }).waitFor();
    await shot(planner, 'split-by-line');
    expect(await confirm(planner, '分期供地')).toContain('分割');
    const halves = await Promise.all(['-1', '-2'].map((end) => deskParcel(planner, code + end)));
    const sum = halves.reduce((total, half) => total + Number(half?.properties.legal_m2), 0);
    expect(sum).toBeCloseTo(parcel.properties.legal_m2, 4);

    await planner.locator('.done').getByRole('button', { name: '撤销' }).click();
    expect(await confirm(planner, '画错了')).toContain('撤销');
    expect((await deskParcel(planner, code))?.properties.legal_m2).toBe(parcel.properties.legal_m2);
    expect(await deskParcel(planner, `${code}-1`)).toBeUndefined();
  });

  it('releases the 60 mu with a second person’s approval, never by oneself', async () => {
    await openParcel(planner, 'TX-R01-1');
    await action(planner, '释放储备').click();
    expect(await confirm(planner, '本年度供地', '提交审批')).toContain('等待批准');
    expect((await deskParcel(planner, 'TX-R01-1'))?.properties.status).toBe('reserve');
    await planner.getByRole('button', { name: '待批' }).click();
    await planner.getByText('自己提出的事项须由他人审批').waitFor();
    await expect.poll(() => planner.getByRole('button', { name: '批准' }).count()).toBe(0);
    await planner.getByRole('button', { name: '待批' }).click();
    // the approver is told that something waits, is led to it from the parcel, and sees what it would do
    await approver.reload();
    await expect
      .poll(() => approver.locator('[data-panel=proposals] .badge span').first().innerText())
      .toBe('1');
    await openParcel(approver, 'TX-R01-1');
    await approver.locator('.pending', { hasText: '释放储备' }).getByRole('button').click();
    const row = approver.locator('.facts tbody tr', { hasText: 'TX-R01-1' });
    await row.locator('td').nth(1).getByText('可供').waitFor();
    await expect.poll(() => row.innerText()).toMatch(/储备\s+60\.00 亩\s+可供\s+60\.00 亩/);
    expect(await approver.locator('.facts li dl').innerText()).toMatch(/本年度供地[^]*李娜/);
    await still(approver);
    await shot(approver, 'proposal');
    expect(await graveFindings(approver)).toEqual([]);
    await approver.getByRole('button', { name: '待批' }).click();
    await approve(approver, 'TX-R01-1');
    await expect.poll(() => approver.locator('[data-panel=proposals] .badge').count()).toBe(0);
    expect((await deskParcel(planner, 'TX-R01-1'))?.properties.status).toBe('available');
  });

  it('holds it; a colleague who wants the same plot is refused with the reason', async () => {
    for (const page of [planner, colleague]) {
      await page.reload();
      await page.locator('.stack i').first().waitFor();
      await openParcel(page, 'TX-R01-1');
      await action(page, '锁定').click();
      await chooseProject(page, page === planner ? 0 : 1);
      await page.locator('.preview li').first().waitFor();
    }
    await colleague.locator('textarea[name=reason]').fill('另一项目也看中');
    expect(await confirm(planner, '已签意向')).toContain('锁定');
    await planner.locator('.actions .left').waitFor();

    await colleague.getByRole('button', { name: '确认办理' }).click();
    await colleague.getByRole('alert').filter({ hasText: 'TX-R01-1' }).waitFor();
    expect(await colleague.getByRole('alert').innerText()).toContain('锁定');
    await shot(colleague, 'overtaken');
    await colleague.getByRole('button', { name: '读取最新状态' }).click();
    const why = colleague.getByRole('alert').filter({ hasText: '不能办理' });
    await why.waitFor();
    const holder = (await deskParcel(planner, 'TX-R01-1'))?.properties.project_zh;
    expect(holder).toBeTruthy();
    expect(await why.innerText()).toContain(holder);
    await still(colleague);
    await shot(colleague, 'refused');
    expect(await graveFindings(colleague)).toEqual([]);
  });

  it('reserves, and supplies with a second person’s approval', async () => {
    await action(planner, '预留').click();
    await confirm(planner, '签订投资协议');
    await expect
      .poll(async () => (await deskParcel(planner, 'TX-R01-1'))?.properties.status)
      .toBe('reserved');
    await action(planner, '供地').click();
    await planner.locator('input[name=years]').fill('50');
    await planner.getByLabel('投资强度（万元/亩）').fill('400');
    await shot(planner, 'supply');
    expect(await graveFindings(planner)).toEqual([]);
    expect(await confirm(planner, '挂牌成交', '提交审批')).toContain('等待批准');
    await approver.getByRole('button', { name: '待批' }).click();
    await approver.locator('.facts li tbody td').nth(1).getByText('已供').waitFor();
    const terms = await approver.locator('.facts li dl').innerText();
    expect(terms).toMatch(/50 年/);
    expect(terms).toMatch(/投资强度（万元\/亩）\s+400/);
    await shot(approver, 'proposal-of-a-supply');
    await approver.getByRole('button', { name: '待批' }).click();
    await approve(approver, 'TX-R01-1');
    expect((await deskParcel(planner, 'TX-R01-1'))?.properties.status).toBe('supplied');
  });

  it('tells who did what and why, and shows the park as it was', async () => {
    await closeAll(planner);
    await planner.getByRole('button', { name: '历史', exact: true }).click();
    const supplied = planner.locator('.facts li', { hasText: '挂牌成交' });
    await supplied.waitFor();
    expect(await supplied.innerText()).toMatch(/李娜[\s\S]*陈洁/);
    await shot(planner, 'history');
    expect(await graveFindings(planner)).toEqual([]);

    await planner.locator('.facts li').last().getByRole('button', { name: '看当时的地图' }).click();
    await planner.getByText('历史状态').first().waitFor();
    await planner.getByRole('button', { name: '列表' }).click();
    await planner.locator('#parcels').getByRole('button', { name: 'TX-R01', exact: true }).waitFor();
    await expect.poll(() => planner.locator('#parcels').getByText('TX-R01-1').count()).toBe(0);
    await planner.getByRole('button', { name: '地图', exact: true }).click();
    await settled(planner);
    await still(planner);
    await shot(planner, 'past');
    expect(await graveFindings(planner)).toEqual([]);

    // the figures are those of the moment shown, and say so
    const { seq } = await read<{ seq: number }>(luodi.url, `/api/parks/${park}`);
    const foot = planner.locator('.side .foot', { hasText: '时的数据' });
    await foot.waitFor();
    expect(Number(/第 (\d+) 号/.exec(await foot.innerText())?.[1])).toBeLessThan(seq);

    // the slider begins the day before the records do, of which nothing is known
    await planner.getByRole('slider', { name: '看哪一天的园区' }).focus();
    await planner.keyboard.press('Home');
    await expect.poll(() => new URL(planner.url()).searchParams.get('on')).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    await planner.locator('.state').filter({ hasText: '园区记录从' }).waitFor();
    await expect.poll(() => planner.locator('.side').getByText('地块合计').count()).toBe(0);
    await planner
      .locator('.state')
      .getByRole('button', { name: /^看 \d{4}-\d{2}-\d{2} 的园区$/ })
      .click();
    await planner.locator('.side').getByText('地块合计').waitFor();
    await planner.getByRole('button', { name: '回到今天' }).click();
    await expect.poll(() => new URL(planner.url()).searchParams.has('on')).toBe(false);
  });

  it('shows the public nothing of it but what is public', async () => {
    const response = await fetch(`${luodi.url}/api/parks/${park}/records`);
    expect(response.status).toBe(401);
    const { features } = await read<{ features: { properties: Record<string, unknown> }[] }>(
      luodi.url,
      `/api/parks/${park}/parcels.geojson`,
    );
    expect(features[0]?.properties).not.toHaveProperty('version');
  });

  it('works on a phone: pick several by touch, and see what can be done', async () => {
    const context = await browser.newContext({
      ...phone,
      storageState: await planner.context().storageState(),
    });
    const page = await context.newPage();
    await page.goto(`${luodi.url}/?as=list`);
    await page.locator('#parcels tbody input[type=checkbox]').first().waitFor();
    await page.locator('#parcels tbody input[type=checkbox]').nth(0).check();
    await page.locator('#parcels tbody input[type=checkbox]').nth(1).check();
    await page.locator('.sheet').getByText('已选 2 宗').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await shot(page, 'phone-picked');
    expect(await graveFindings(page)).toEqual([]);
    await context.close();
  });
});
