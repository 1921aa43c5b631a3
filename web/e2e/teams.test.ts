import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graveFindings } from './axe';
import { launch, phone } from './browser';
import { dataFolder, removeFolder, startLuodi, type Luodi } from './luodi';
import { accept, addUser, shoot } from './planner';

let luodi: Luodi;
let browser: Browser;
let admin: Page;
let planner: Page;

beforeAll(async () => {
  luodi = await startLuodi(await dataFolder());
  browser = await launch();
  admin = await accept(browser, await addUser(luodi, 'wang.fang', '王芳', 'admin'), 'no map');
  planner = await accept(browser, await addUser(luodi, 'li.na', '李娜', 'planner'), 'no map');
});
afterAll(async () => {
  await browser?.close();
  await luodi?.stop();
  if (luodi) await removeFolder(luodi.data);
});

/** Beside the map, or on a phone the sheet over it. */
const panel = (page: Page) => page.locator('.facts, .sheet');
const field = (page: Page, name: string) => panel(page).locator(`[name="${name}"]`);
const press = (page: Page, name: string) => panel(page).getByRole('button', { name, exact: true }).click();
const shown = (page: Page, text: string | RegExp) => panel(page).getByText(text).first().waitFor();
const cell = (page: Page, name: string) => panel(page).locator(`[data-cell="${name}"]`);
const team = (page: Page) =>
  panel(page).locator('details', { hasText: /招商队伍与专班|Promotion teams and/ });

async function openProject(page: Page, name: string): Promise<void> {
  await page.goto(`${luodi.url}/?page=projects`);
  await field(page, 'words').fill(name);
  await panel(page).locator('li a', { hasText: name }).first().click();
  await panel(page).getByRole('heading', { level: 2, name }).waitFor();
}

/** Asks the API as who is signed in. */
const ask = <T>(page: Page, path: string, body: object): Promise<T> =>
  page.evaluate(
    async ([to, sent]) => {
      const answer = await fetch(to, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(sent),
      });
      if (!answer.ok) throw new Error(await answer.text());
      return (await answer.json()) as T;
    },
    [path, body] as const,
  );

describe('a promotion team', () => {
  it('is made, gets members, a leader and targets by quarter, and shows what it reached beside them', async () => {
    await admin.goto(`${luodi.url}/?page=projects`);
    await team(admin).locator('summary').first().click();
    await press(admin, '＋ 新建队伍');
    await field(admin, 'team_number').fill('77');
    await field(admin, 'team_zh').fill('招商七十七队');
    await team(admin).getByRole('button', { name: '保存' }).click();
    await panel(admin).getByRole('button', { name: '编辑“招商七十七队”' }).click();
    for (const name of ['王芳', '李娜']) {
      await field(admin, 'join').selectOption({ label: name });
      await panel(admin)
        .getByRole('button', { name: `${name} 退出` })
        .waitFor();
    }
    await field(admin, 'leader').selectOption({ label: '李娜' });
    await shown(admin, '牵头：李娜');
    await shoot(admin, 'teams', 'members-zh');

    // what the team reached comes from the stages of its projects
    const firm = await ask<{ id: string }>(planner, '/api/parties', { name_zh: '清泉复材' });
    const project = await ask<{ id: string }>(planner, '/api/projects', {
      code: 'QQ-1',
      name_zh: '清泉压力容器',
      party: firm.id,
    });
    const { teams } = await planner.evaluate(
      async () => (await (await fetch('/api/teams')).json()) as { teams: { id: string; number: number }[] },
    );
    const id = teams.find(({ number }) => number === 77)?.id;
    await ask(planner, `/api/projects/${project.id}/first-contact`, { team: id, made_on: '2026-02-01' });
    for (const [stage, reached_on] of [
      ['in_talks', '2026-02-10'],
      ['signed', '2026-05-20'],
    ])
      await ask(planner, `/api/projects/${project.id}/milestones`, { stage, reached_on, evidence: '合同' });

    await panel(admin).getByRole('button', { name: '招商七十七队', exact: true }).click();
    await field(admin, 'team-year').fill('2026');
    await expect.poll(() => cell(admin, 'talks-1').innerText()).toBe('1 / –');
    await expect.poll(() => cell(admin, 'signed-2').innerText()).toBe('1 / –');
    await expect.poll(() => cell(admin, 'signed_cny-2').innerText()).toBe('– / –');
    await shown(admin, '2 季度签约 1 个，其中 0 个投资额已知');
    await press(admin, '设定或更正目标');
    const form = panel(admin).getByRole('form', { name: '设定或更正目标' });
    await form.locator('[name=measure]').selectOption('signed');
    await form.locator('[name=quarter]').selectOption('2');
    await form.locator('[name=amount]').fill('3');
    await form.locator('[name=source]').fill('年度招商方案');
    await form.getByRole('button', { name: '保存' }).click();
    await expect.poll(() => cell(admin, 'signed-2').innerText()).toBe('1 / 3');
    // a second one must be a correction, and says why
    await press(admin, '设定或更正目标');
    await form.locator('[name=amount]').fill('4');
    await form.getByRole('button', { name: '保存' }).click();
    await shown(admin, /已登记过；要改写，请作为更正登记/);
    await form.locator('[name=reason]').fill('调增');
    await form.getByRole('button', { name: '保存' }).click();
    await expect.poll(() => cell(admin, 'signed-2').innerText()).toBe('1 / 4');
    await panel(admin).getByText('目标沿革 · 2').click();
    await shown(admin, /已更正：调增/);
    await cell(admin, 'signed-2').getByRole('button').click();
    await panel(admin).locator('[data-behind]').getByText('清泉压力容器').waitFor();
    expect(await graveFindings(admin)).toEqual([]);
    await cell(admin, 'leads-1').scrollIntoViewIfNeeded();
    await shoot(admin, 'teams', 'quarters-zh');
  });

  it('reads in English on a phone, and tells nobody else of its talks', async () => {
    const other = await accept(browser, await addUser(luodi, 'zhao.lei', '赵磊', 'planner'), 'no map');
    await other.setViewportSize(phone.viewport ?? { width: 390, height: 844 });
    await other.goto(`${luodi.url}/?page=projects&lang=en`);
    await team(other).locator('summary').first().click();
    await panel(other).getByRole('button', { name: '招商七十七队', exact: true }).click();
    await field(other, 'team-year').fill('2026');
    await expect.poll(() => cell(other, 'talks-1').innerText()).toBe('– / –');
    await expect.poll(() => cell(other, 'signed-2').innerText()).toBe('1 / 4');
    expect(await panel(other).getByRole('button', { name: 'Set or correct a target' }).count()).toBe(0);
    expect(await graveFindings(other)).toEqual([]);
    await cell(other, 'leads-1').scrollIntoViewIfNeeded();
    await shoot(other, 'teams', 'quarters-en-phone');
    expect(
      await panel(other).evaluate((node) => node.scrollWidth - node.clientWidth),
      'nothing is wider than the phone',
    ).toBeLessThanOrEqual(0);
    await other.context().close();
  });
});

describe("a project's page", () => {
  it('notes money by kind, the start under the land law, and a role in the chain, and corrects them', async () => {
    await openProject(planner, '清泉压力容器');
    await press(planner, '＋ 登记资金');
    await press(planner, '登记');
    await shown(planner, '请写明依据');
    await field(planner, 'money-kind').selectOption({ label: '年度计划' });
    await field(planner, 'amount').fill('1200.5');
    await field(planner, 'year').fill('2026');
    await field(planner, 'as_of').fill('2026-03-01');
    await field(planner, 'evidence').fill('年度投资计划');
    await press(planner, '登记');
    await shown(planner, '年度计划 · 2026 年度 · 1,200.5 万 CNY');
    await panel(planner)
      .getByRole('button', { name: /^更正“年度计划/ })
      .click();
    await field(planner, 'amount').fill('1300');
    await press(planner, '更正');
    await shown(planner, '必须填写');
    await field(planner, 'why').fill('误抄');
    expect(await graveFindings(planner)).toEqual([]);
    await shoot(planner, 'teams', 'money-zh');
    await press(planner, '更正');
    await shown(planner, '年度计划 · 2026 年度 · 1,300 万 CNY');
    await shown(planner, '已更正：误抄');

    await press(planner, '＋ 登记动工开发');
    await field(planner, 'started_on').fill('2026-06-30');
    await field(planner, 'precision').selectOption({ label: '月' });
    await field(planner, 'start-kind').selectOption({ label: '桩基已打完' });
    await field(planner, 'evidence').fill('监理月报');
    await shoot(planner, 'teams', 'start-zh');
    await press(planner, '登记');
    await shown(planner, /2026年6月30日 · 月 · 桩基已打完/);
    await panel(planner)
      .getByRole('button', { name: /^更正“2026年6月30日/ })
      .click();
    await field(planner, 'withdrawn').check();
    await field(planner, 'why').fill('另一项目的月报');
    await press(planner, '更正');
    await shown(planner, '已更正：另一项目的月报');

    await press(planner, '＋ 登记作用');
    await field(planner, 'node').selectOption('resin');
    await field(planner, 'role').selectOption({ label: '配套' });
    await field(planner, 'source').fill('投资协议');
    await press(planner, '登记');
    await shown(planner, /^配套 · /);
    await panel(planner)
      .getByRole('button', { name: /^更正“配套/ })
      .click();
    await field(planner, 'role').selectOption({ label: '延链' });
    await field(planner, 'why').fill('协议改签');
    await press(planner, '更正');
    await shown(planner, /^延链 · /);
    expect(await graveFindings(planner)).toEqual([]);
    await panel(planner).getByText('在产业链上的作用').scrollIntoViewIfNeeded();
    await shoot(planner, 'teams', 'role-zh');
  });

  it('corrects a turn and a tag, and keeps what was noted', async () => {
    await press(planner, '＋ 登记暂停、流失或恢复');
    await field(planner, 'turn').selectOption('paused');
    await field(planner, 'since').fill('2026-07-01');
    await field(planner, 'reason').fill('等环评');
    await press(planner, '登记');
    await panel(planner).getByRole('button', { name: '更正“暂停 2026年7月1日”' }).click();
    await field(planner, 'since').fill('2026-07-09');
    await field(planner, 'why').fill('会议纪要为九日');
    await press(planner, '更正');
    await shown(planner, /暂停 2026年7月9日/);
    await shown(planner, '已更正：会议纪要为九日');

    await press(planner, '＋ 添加标签');
    await field(planner, 'tag').selectOption('provincial_key');
    await field(planner, 'from').fill('2026-01-01');
    await press(planner, '登记');
    await panel(planner)
      .getByRole('button', { name: /^更正“省重点/ })
      .click();
    await field(planner, 'withdrawn').check();
    await field(planner, 'why').fill('名单未列');
    await press(planner, '更正');
    await shown(planner, /李娜 于 .* 更正或撤销：名单未列/);
    await shown(planner, '没有标签');
    expect(await graveFindings(planner)).toEqual([]);
    await shoot(planner, 'teams', 'corrected-zh');
    await planner.setViewportSize(phone.viewport ?? { width: 390, height: 844 });
    await planner.goto(`${planner.url()}&lang=en`);
    await shown(planner, 'Money of other kinds');
    expect(await graveFindings(planner)).toEqual([]);
    await panel(planner).getByText('Money of other kinds').scrollIntoViewIfNeeded();
    await shoot(planner, 'teams', 'project-en-phone');
  });
});
