import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graveFindings } from './axe';
import { launch, phone, withoutMap } from './browser';
import { dataFolder, removeFolder, startLuodi, type Luodi } from './luodi';
import { accept, addUser, choose, shoot } from './planner';

let luodi: Luodi;
let browser: Browser;
let planner: Page;
let colleague: Page;

beforeAll(async () => {
  luodi = await startLuodi(await dataFolder());
  browser = await launch();
  planner = await accept(browser, await addUser(luodi, 'li.na', '李娜', 'planner'), 'no map');
  colleague = await accept(browser, await addUser(luodi, 'zhao.lei', '赵磊', 'planner'), 'no map');
});
afterAll(async () => {
  await browser?.close();
  await luodi?.stop();
  if (luodi) await removeFolder(luodi.data);
});

const shot = (page: Page, name: string): Promise<void> => shoot(page, 'register', name);

const panel = (page: Page) => page.locator('.facts');
const field = (page: Page, name: string) => panel(page).locator(`[name="${name}"]`);
const press = (page: Page, name: string) => panel(page).getByRole('button', { name, exact: true }).click();
const notice = (page: Page, text: string) => page.getByText(text, { exact: true }).waitFor();

/** Opens a register from the bar and one of its entries. */
async function openEntry(page: Page, register: '项目' | '单位', name: string): Promise<void> {
  await page.goto(`${luodi.url}/?page=${register === '项目' ? 'projects' : 'parties'}`);
  await field(page, 'words').fill(name);
  await panel(page).locator('li a', { hasText: name }).first().click();
  await panel(page).getByRole('heading', { level: 2, name }).waitFor();
}

async function edit(page: Page): Promise<void> {
  await press(page, '编辑');
  await field(page, 'name_zh').waitFor();
}

describe('the registers', () => {
  it('makes a party and a project, and shows them to a colleague', async () => {
    await planner.getByRole('button', { name: '台账' }).click();
    await press(planner, '单位');
    await press(planner, '＋ 新建单位');
    await press(planner, '保存');
    await panel(planner).getByText('必须填写').waitFor();
    await expect
      .poll(() => planner.evaluate(() => document.activeElement?.getAttribute('name')))
      .toBe('name_zh');
    await field(planner, 'name_zh').fill('海风复材'); // an English name may be left out
    await field(planner, 'named').check();
    await press(planner, '保存');
    await panel(planner).getByRole('heading', { level: 2, name: '海风复材' }).waitFor();

    await planner.goto(`${luodi.url}/?page=projects/new`);
    await field(planner, 'code').fill('TK-04');
    await field(planner, 'name_zh').fill('海风机舱罩');
    await field(planner, 'name_en').fill('Haifeng nacelles');
    await choose(planner, 'party', '海风复材');
    await field(planner, 'investment').fill('12345.6789');
    await field(planner, 'area_min').fill('60');
    await field(planner, 'area_max').fill('40');
    await field(planner, 'need-power').fill('2500');
    await press(planner, '＋ 添加类别');
    await panel(planner).getByLabel('类别代码').fill('3062');
    await press(planner, '保存');
    await panel(planner).getByText('不应小于下限').waitFor();
    expect(await graveFindings(planner)).toEqual([]);
    await shot(planner, 'project-faulty-zh');
    await field(planner, 'area_max').fill('80');
    await press(planner, '保存');
    // the server's refusal stands at the field it is about
    await panel(planner).getByText('已有此编号的项目').waitFor();
    await expect.poll(() => field(planner, 'code').getAttribute('aria-invalid')).toBe('true');
    await field(planner, 'code').fill('HF-01');
    await press(planner, '保存');
    await panel(planner).getByText('60–80 亩').waitFor();
    await panel(planner).getByText('2,500 kVA').waitFor();
    await expect.poll(() => planner.url()).toMatch(/page=projects\/[\da-f-]{36}$/);

    await openEntry(colleague, '项目', '海风机舱罩');
    await panel(colleague).getByText('海风复材').waitFor();
  });

  it('adds a stage with its evidence and a tag with its period', async () => {
    await press(planner, '＋ 登记进展');
    await press(planner, '登记');
    await panel(planner).getByText('请写明依据').waitFor();
    await field(planner, 'stage').selectOption('signed');
    await field(planner, 'reached_on').fill('2026-05-01');
    await field(planner, 'evidence').fill('投资合同 2026-07');
    await press(planner, '登记');
    await panel(planner).getByText('投资合同 2026-07').waitFor();
    await press(planner, '＋ 登记走访');
    await field(planner, 'note').fill('看了两块地');
    await field(planner, 'next_step').fill('送投资协议');
    await press(planner, '登记');
    await press(planner, '“送投资协议”已完成');
    await panel(planner).getByText('完成', { exact: true }).waitFor();
    await press(planner, '＋ 添加标签');
    await field(planner, 'tag').selectOption('provincial_key');
    await field(planner, 'from').fill('2026-01-01');
    await field(planner, 'last').fill('2025-12-31');
    await press(planner, '登记');
    await panel(planner).getByText('不应早于开始之日').waitFor();
    await field(planner, 'last').fill('2026-12-31');
    await press(planner, '登记');
    await panel(planner).getByText('2026年1月1日 至 2026年12月31日').waitFor();
    expect(await graveFindings(planner)).toEqual([]);
    await shot(planner, 'project-zh');

    await planner.goto(`${luodi.url}/?page=projects`);
    await field(planner, 'stage').selectOption('signed');
    await panel(planner).locator('li a', { hasText: '海风机舱罩' }).waitFor();
    expect(await graveFindings(planner)).toEqual([]);
    await shot(planner, 'projects-zh');
  });

  it("begins a project's approvals, notes what happened, and takes it back with a reason", async () => {
    await openEntry(planner, '项目', '海风机舱罩');
    const part = panel(planner).locator('.approvals');
    await part.getByRole('button', { name: '开始审批流程' }).click();
    await field(planner, 'flow-start').fill('2026-03-02');
    await part.getByText('约定的日期（预览）').waitFor();
    await part.getByRole('button', { name: '开始审批流程' }).click();
    await part.locator('svg').first().waitFor();
    const steps = part.locator('details', { hasText: '各步骤' });
    await steps.locator('summary').click();
    const filing = steps.locator('[data-step="filing"]');
    for (const kind of ['accepted', 'done']) {
      await filing.getByRole('button', { name: /^登记：/ }).click();
      await field(planner, 'flow-kind').selectOption(kind);
      await field(planner, 'flow-day').fill('2026-03-02');
      await steps.getByRole('button', { name: '登记', exact: true }).click();
      await steps.locator('form').waitFor({ state: 'detached' });
    }
    await filing.getByText('已办结').waitFor();
    expect(await graveFindings(planner)).toEqual([]);
    await shot(planner, 'approvals-zh');
    await part.locator('summary', { hasText: '登记的历史' }).click();
    await part.getByRole('button', { name: '撤回第 2 条' }).click();
    await field(planner, 'flow-reason').fill('登错项目');
    await part.locator('form').getByRole('button', { name: '撤回第 2 条' }).click();
    await part.getByText('撤回第 2 条：登错项目').waitFor();
    await filing.getByText('办理中').waitFor();
    await part.getByRole('button', { name: '所见的全部项目' }).click();
    await part.getByText('没有可计入的流程（n = 0）').first().waitFor();
    const desktop = planner.viewportSize();
    await planner.setViewportSize({ width: 360, height: 780 });
    await expect
      .poll(() => panel(planner).evaluate((box) => box.scrollWidth - box.clientWidth))
      .toBeLessThanOrEqual(0);
    expect(await graveFindings(planner)).toEqual([]);
    await shot(planner, 'approvals-phone-zh');
    if (desktop) await planner.setViewportSize(desktop);
  });

  it('keeps contacts until they are erased, money put in, and whose a project is', async () => {
    await openEntry(planner, '单位', '海风复材');
    await press(planner, '＋ 添加联系人');
    await field(planner, 'contact-phone').fill('000-0001');
    await press(planner, '保存');
    await panel(planner).getByText('必须填写').waitFor();
    await field(planner, 'contact-name').fill('林某某');
    await press(planner, '保存');
    await panel(planner).getByText('000-0001').waitFor();
    await press(planner, '编辑 林某某');
    await field(planner, 'contact-email').fill('lin@example.com');
    await press(planner, '保存');
    await panel(planner).getByText('lin@example.com').waitFor();
    expect(await graveFindings(planner)).toEqual([]);
    await shot(planner, 'contacts-zh');
    await press(planner, '永久删除 … 林某某');
    const dialog = planner.getByRole('dialog');
    await dialog.getByText('此操作无法撤销').waitFor();
    expect(await graveFindings(planner)).toEqual([]);
    await shot(planner, 'erase-zh');
    await planner.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await panel(planner).getByText('lin@example.com').waitFor();
    await press(planner, '永久删除 … 林某某');
    await dialog.getByRole('button', { name: '永久删除' }).click();
    await panel(planner).getByText('另有 1 位的个人信息已删除').waitFor();
    await expect.poll(() => panel(planner).getByText('林某某').count()).toBe(0);

    await openEntry(planner, '项目', '海风机舱罩');
    await press(planner, '＋ 登记投入');
    for (const amount of ['800.5', '900']) {
      await field(planner, 'until').fill('2025-12-31');
      await field(planner, 'paid').fill(amount);
      await field(planner, 'evidence').fill('验资报告 3');
      await press(planner, '登记');
      if (amount === '900') break;
      await panel(planner).getByText('800.5 万元').waitFor();
      await press(planner, '＋ 登记投入');
    }
    await panel(planner).getByText('已登记过截至此日的投资').waitFor();
    await expect.poll(() => field(planner, 'until').getAttribute('aria-invalid')).toBe('true');
    expect(await graveFindings(planner)).toEqual([]);
    await shot(planner, 'invested-zh');
    await press(planner, '取消');
    await planner.getByRole('button', { name: '放弃输入' }).click();
    // wrong figures are corrected by another note; what was noted stays to be read
    await panel(planner).getByRole('button', { name: '更正截至 2025年12月31日 的投入' }).click();
    await expect.poll(() => field(planner, 'paid').inputValue()).toBe('800.5');
    await field(planner, 'paid').fill('900');
    await panel(planner).locator('form').getByRole('button', { name: '更正', exact: true }).click();
    await panel(planner).getByText('900 万元').waitFor();
    await panel(planner).getByText('800.5 万元').waitFor();

    await press(planner, '变更单位 …');
    await press(planner, '保存');
    await panel(planner).getByText('请选择另一个单位').waitFor();
    await shot(planner, 'transfer-zh');
    const owner = panel(planner).getByRole('button', { name: '海风复材', exact: true });
    await choose(planner, 'new-party', '威达');
    await press(planner, '保存');
    await owner.waitFor({ state: 'detached' });
    await press(planner, '变更单位 …');
    await choose(planner, 'new-party', '海风复材');
    await press(planner, '保存');
    await owner.waitFor();
  });

  it('loses nothing when two write at once, and the map shows the new name', async () => {
    await openEntry(planner, '项目', '在谈大项目 04');
    await edit(planner);
    await openEntry(colleague, '项目', '在谈大项目 04');
    await edit(colleague);
    await field(colleague, 'name_zh').fill('深海缆绳');
    await field(colleague, 'chain').fill('parts');
    await press(colleague, '保存');
    await panel(colleague).getByRole('heading', { level: 2, name: '深海缆绳' }).waitFor();

    await field(planner, 'name_zh').fill('深海系泊缆');
    await field(planner, 'task_force').fill('招商一局');
    await press(planner, '保存');
    await panel(planner).getByText('他人刚刚保存了更改').waitFor();
    await panel(planner).getByText('对方已改为：深海缆绳').waitFor();
    await expect.poll(() => field(planner, 'name_zh').inputValue()).toBe('深海系泊缆');
    await expect.poll(() => field(planner, 'task_force').inputValue()).toBe('招商一局');
    await expect.poll(() => field(planner, 'chain').inputValue()).toBe('parts');
    await expect
      .poll(() => panel(planner).getByRole('button', { name: '保存', exact: true }).isDisabled())
      .toBe(true);
    expect(await graveFindings(planner)).toEqual([]);
    await shot(planner, 'conflict-zh');
    await panel(planner).getByRole('button', { name: '保留我的' }).click();
    await press(planner, '保存');
    await panel(planner).getByRole('heading', { level: 2, name: '深海系泊缆' }).waitFor();
    await panel(planner).getByText('招商一局').waitFor();

    await panel(planner).getByRole('button', { name: 'TX-M05' }).click();
    await expect.poll(() => planner.url()).toContain('parcel=TX-M05');
    await panel(planner).getByRole('heading', { level: 2, name: '深海系泊缆' }).waitFor();
    await planner.keyboard.press('Escape');
    await planner.keyboard.press('Escape');
    await panel(planner).getByRole('heading', { level: 2, name: 'TX-M05' }).waitFor();
    // not public, so not among the parcel's own facts: it stays when they have arrived
    await panel(planner).getByText('邻地').waitFor();
    await panel(planner).getByText('深海系泊缆').first().waitFor();
  });

  it('asks before giving up what was typed, and keeps it when nobody answers', async () => {
    await openEntry(planner, '单位', '海风复材');
    await edit(planner);
    await field(planner, 'source').fill('来访记录');
    await planner.keyboard.press('Escape');
    await planner.getByRole('dialog').waitFor();
    expect(await graveFindings(planner)).toEqual([]);
    await planner.keyboard.press('Escape');
    await expect.poll(() => field(planner, 'source').inputValue()).toBe('来访记录');
    await planner.goBack();
    await planner.getByRole('dialog').waitFor();
    // a step back in the moment after Escape, before the closed dialog's event: the question is asked anew
    await planner.evaluate(() => {
      document.querySelector('dialog')?.close();
      const form = location.href;
      history.replaceState(null, '', form.replace(/(%2F|\/)edit/, ''));
      dispatchEvent(new PopStateEvent('popstate'));
    });
    await planner.getByRole('button', { name: '继续填写' }).click();
    await planner.getByRole('button', { name: 'English', exact: false }).first().click();
    await expect.poll(() => field(planner, 'source').inputValue()).toBe('来访记录');

    await planner.route('**/api/parties/*', (route) => route.abort());
    await press(planner, 'Save');
    await panel(planner).getByText('The server did not answer').waitFor();
    await expect.poll(() => field(planner, 'source').inputValue()).toBe('来访记录');
    await shot(planner, 'silent-en');
    await planner.unroute('**/api/parties/*');
    // the answer gets lost, not the change: saving again finds it made
    let lost = 0;
    await planner.route('**/api/parties/*', async (route) => {
      if (route.request().method() === 'PATCH') await route.fetch();
      await route.abort();
      lost++;
    });
    await press(planner, 'Save');
    await expect.poll(() => lost).toBeGreaterThan(0);
    await panel(planner)
      .getByRole('button', { name: 'Save', exact: true })
      .and(planner.locator(':enabled'))
      .waitFor();
    await panel(planner).getByText('The server did not answer').waitFor();
    await planner.unroute('**/api/parties/*');
    await press(planner, 'Save');
    // said in passing, while the page is read anew
    await notice(planner, 'Saved');
    await panel(planner).getByText('来访记录').waitFor();
  });

  it('is within reach by keyboard, in English, by night and on a phone', async () => {
    const { cookies } = await planner.context().storageState();
    const night = await browser.newContext({
      colorScheme: 'dark',
      viewport: { width: 1440, height: 900 },
    });
    const small = await browser.newContext(phone);
    for (const [name, context] of Object.entries({ night, small })) {
      await context.addCookies(cookies);
      const held = await withoutMap(context);
      const page = await context.newPage();
      for (const path of ['projects', 'parties', 'projects/new']) {
        await page.goto(`${luodi.url}/?lang=en&page=${path}`);
        await panel(page).locator('li a, form').first().waitFor();
        expect(await graveFindings(page), `${name} ${path}`).toEqual([]);
        await shot(page, `${name}-${path.replace('/', '-')}-en`);
      }
      expect(held(), 'files of the map that were held back: is one named anew?').toBeGreaterThan(0);
      await context.close();
    }

    await planner.goto(`${luodi.url}/?lang=en&page=projects`);
    await field(planner, 'words').focus();
    await planner.keyboard.type('nacelles');
    await expect.poll(() => panel(planner).locator('li a').count()).toBe(1);
    // past the two choices and the desk's buttons, to the first row
    const row = panel(planner).locator('li a').first();
    const reached = () => row.evaluate((link) => link === document.activeElement);
    for (let stop = 0; stop < 12 && !(await reached()); stop++) await planner.keyboard.press('Tab');
    expect(await reached(), 'the first row is reached by Tab').toBe(true);
    await planner.keyboard.press('Enter');
    await panel(planner).getByRole('heading', { level: 2, name: 'Haifeng nacelles' }).waitFor();
    await shot(planner, 'project-en');
    await planner.keyboard.press('Escape');
    await expect.poll(() => field(planner, 'words').inputValue()).toBe('nacelles');
  });

  it('counts projects as of a day, and opens the projects behind a figure', async () => {
    await planner.goto(`${luodi.url}/?lang=en&page=projects`);
    await press(planner, 'Figures of projects');
    await panel(planner).locator('[name=figures-on]').fill('2022-03-31');
    const key = panel(planner).locator('tr[data-key=provincial_key]');
    await key.getByText('10 / 12').waitFor();
    await key.getByText('83.33 %').waitFor();
    await panel(planner).locator('tr[data-key=municipal_key]').getByText('92.86 %').waitFor();
    // a bar opens the projects behind it, as the row of the table does
    await panel(planner)
      .locator('.chart canvas')
      .first()
      .click({ position: { x: 140, y: 16 } });
    const first = panel(planner).locator('tbody tr[data-key]').first();
    await first.locator('button[aria-expanded=true]').waitFor();
    await key.getByRole('button').click();
    await expect.poll(() => panel(planner).locator('tbody li').count()).toBe(12);
    await expect.poll(() => planner.url()).toContain('panel=figures/2022-03-31/tag/provincial_key');
    expect(await graveFindings(planner)).toEqual([]);
    await shot(planner, 'figures-en');
    await panel(planner).locator('tbody li button').first().click();
    await panel(planner).getByRole('heading', { level: 2, name: 'Provincial key project 01' }).waitFor();
  });

  it('shows the public nothing but the way to sign in', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${luodi.url}/?page=projects`);
    await panel(page).getByText('请先登录').waitFor();
    await panel(page).getByRole('button', { name: '登录' }).click();
    await page.locator('input[name=login]').waitFor();
    await context.close();
  });
});
