import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graveFindings } from './axe';
import { launch, openPage, openPanel } from './browser';
import { dataFolder, removeFolder, startLuodi, type Luodi } from './luodi';
import { accept, addUser, paper, photo, shoot } from './planner';

let luodi: Luodi;
let browser: Browser;

beforeAll(async () => {
  luodi = await startLuodi(await dataFolder());
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await luodi?.stop();
  if (luodi) await removeFolder(luodi.data);
});

const small = { width: 360, height: 740 };
const shot = (page: Page, name: string): Promise<void> => shoot(page, 'agency', name);
const panel = (page: Page) => page.locator('.facts');
/** A project with approvals, made as the page's own session. */
const newProject = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const post = async (path: string, body: object): Promise<{ id: string }> => {
      const headers = { 'Content-Type': 'application/json' };
      return (await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })).json() as never;
    };
    const { id } = await post('/api/projects', {
      code: 'AID-1',
      name_zh: '海风复材项目',
      name_en: 'Sea Wind works',
      park: 'carbon-fibre',
      investment_cny: 123456789,
    });
    await post(`/api/projects/${id}/flow`, { template: 'four_stages', start: '2026-03-02' });
    return id;
  });

describe('a project run for its firm', () => {
  it('has an agent, papers handed in once, a link for the firm, and a problem that a meeting closes', async () => {
    const planner = await accept(browser, await addUser(luodi, 'plan', '李娜', 'planner'), 'no map');
    const agent = await accept(browser, await addUser(luodi, 'agent', '代办小王', 'viewer'), 'no map');
    const id = await newProject(planner);

    // the planner names the agent and makes the link
    await planner.goto(`${luodi.url}/?page=projects/${id}`);
    const part = panel(planner).locator('.aid');
    await part.getByRole('button', { name: '＋ 指定代办员' }).click();
    await part.locator('[name=agent]').selectOption({ label: '代办小王' });
    await part.locator('[name=mandate]').fill('授权委托书 2026-04');
    await part.getByRole('button', { name: '指定代办员', exact: true }).click();
    await part.locator('[data-agent]', { hasText: '代办小王' }).waitFor();
    await part.getByRole('button', { name: '＋ 生成链接' }).click();
    const link = await part.locator('[name=firm-link]').inputValue();
    await part.scrollIntoViewIfNeeded();
    await shot(planner, 'section-zh');
    expect(await graveFindings(planner)).toEqual([]);

    // the firm, from a phone and without an account, sees its own flow alone
    const firm = await openPage(browser, link, {
      viewport: small,
      hasTouch: true,
      isMobile: true,
      locale: 'en-GB',
    });
    await firm.page.getByRole('heading', { name: 'Sea Wind works' }).waitFor();
    await firm.page.getByRole('button', { name: 'Hand in: Contract of land grant' }).click();
    await firm.page.locator('[name=paper-file]').setInputFiles(paper);
    await firm.page.locator('form').getByRole('button', { name: 'Hand in' }).click();
    await firm.page.locator('[data-paper=grant_contract][data-state=here]').waitFor();
    await firm.page.getByRole('button', { name: 'Raise a problem' }).click();
    await firm.page.locator('[name=problem-words]').fill('No power on the site.');
    await firm.page.locator('form').getByRole('button', { name: 'Raise a problem' }).click();
    await firm.page.locator('[data-problem="1"][data-state=raised]').waitFor();
    await shot(firm.page, 'firm-phone-en');
    expect(await graveFindings(firm.page)).toEqual([]);
    expect(await firm.page.content()).not.toMatch(/123456789|代办小王|授权委托书/);
    expect(firm.paths.filter((path) => /^\/api\/(?!firm)/.test(path))).toEqual([]);

    // the agent's day on a phone: open, photo, done
    await agent.setViewportSize(small);
    await openPanel(agent, 'day');
    await agent.locator('[data-task=filing] [name=photo]').setInputFiles(photo);
    await agent.locator('[data-task=filing] button').click();
    await agent.getByText('已登记：').waitFor();
    await agent.locator('[data-task=filing]').getByRole('button', { name: /^办结/ }).waitFor();
    await shot(agent, 'day-phone-zh');
    expect(await graveFindings(agent)).toEqual([]);

    // a meeting gives the problem an owner and a day, and closes it by evidence
    await openPanel(planner, 'day');
    await panel(planner).locator('[data-act=meetings]').click();
    await panel(planner).getByRole('button', { name: '＋ 召集推进会' }).click();
    await panel(planner).locator('[name=meeting-title]').fill('十二月推进会');
    await panel(planner).getByRole('button', { name: '召集推进会', exact: true }).click();
    await panel(planner)
      .getByRole('button', { name: /^上会：十二月推进会/ })
      .click();
    const item = panel(planner).locator('[data-meeting="十二月推进会"] [data-problem="1"]');
    await item.getByRole('button', { name: '落实责任' }).click();
    await item.locator('[name=turn-text]').fill('供电公司');
    await item.locator('[name=turn-due]').fill('2027-01-15');
    await item.getByRole('button', { name: '保存' }).click();
    await item.and(planner.locator('[data-state=assigned]')).waitFor();
    await shot(planner, 'meeting-zh');
    await item.getByRole('button', { name: '凭依据销号' }).click();
    await item.locator('[name=turn-text]').fill('接电单 9 号');
    await item.locator('[name=turn-file]').setInputFiles(paper);
    await item.getByRole('button', { name: '保存' }).click();
    await item.and(planner.locator('[data-state=closed]')).waitFor();
    expect(await graveFindings(planner)).toEqual([]);

    // the firm sees that, until its link is revoked
    await firm.page.reload();
    await firm.page.locator('[data-problem="1"][data-state=closed]', { hasText: '接电单 9 号' }).waitFor();
    await firm.page.locator('[data-step=filing]', { hasText: 'under way' }).waitFor();
    expect(firm.errors).toEqual([]);
    await planner.goto(`${luodi.url}/?page=projects/${id}`);
    await part.getByRole('button', { name: '收回链接' }).click();
    await part.locator('[name=revoke-reason]').fill('链接外传');
    await part.locator('form').getByRole('button', { name: '收回链接' }).click();
    await part.getByText('已失效').waitFor();
    await firm.page.reload();
    await firm.page.getByRole('alert').waitFor();
    expect(await firm.page.content()).not.toContain('Sea Wind works');
  });

  it('is told by the sample: a mandate, approvals under way, problems that meetings see to', async () => {
    const planner = await accept(browser, await addUser(luodi, 'seer', '王芳', 'planner'), 'no map');
    for (const [lang, closed, minutes] of [
      ['zh', '补正后的计算书（示意）', '示意：补正一份计算'],
      ['en', 'The calculation as mended (illustrative)', 'illustrative: one calculation is mended'],
    ] as const) {
      await planner.goto(`${luodi.url}/?lang=${lang}`);
      await openPanel(planner, 'meetings');
      const settled = panel(planner).locator('[data-meeting^="审批推进会"]');
      await settled.locator('[data-state=closed]').getByText(closed).waitFor();
      await settled.getByText(minutes).waitFor();
      expect(await panel(planner).innerText()).not.toMatch(lang === 'zh' ? /illustrative/ : /示意/);
      expect(await graveFindings(planner)).toEqual([]);
      await shot(planner, `sample-meetings-${lang}`);
      const id = await planner.evaluate(async () => {
        const found = await fetch('/api/project-names?words=JA-01');
        return ((await found.json()) as { projects: { id: string }[] }).projects[0]?.id;
      });
      await planner.goto(`${luodi.url}/?page=projects/${id}&lang=${lang}`);
      const part = panel(planner).locator('.aid');
      await part
        .locator('[data-agent]')
        .getByText(lang === 'zh' ? '代办员 01（占位）' : 'Agent 01 (placeholder)')
        .waitFor();
      await part.scrollIntoViewIfNeeded();
      expect(await graveFindings(planner)).toEqual([]);
      await shot(planner, `sample-agency-${lang}`);
    }
  });
});
