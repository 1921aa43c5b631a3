import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { graveFindings } from './axe';
import { launch, openPage, phone } from './browser';
import { park, read } from './feeds';
import { dataFolder, removeFolder, startLuodi, type Luodi } from './luodi';
import { accept, action, addUser, chooseProject, closeAll, deskParcel, openParcel, shoot } from './planner';

let luodi: Luodi;
let browser: Browser;
let wang: Page;
let zhao: Page;

beforeAll(async () => {
  luodi = await startLuodi(await dataFolder());
  browser = await launch();
  wang = await accept(browser, await addUser(luodi, 'wang.li', '王丽', 'planner'), 'no map');
  zhao = await accept(browser, await addUser(luodi, 'zhao.lei', '赵磊', 'planner'));
});
afterAll(async () => {
  await browser?.close();
  await luodi?.stop();
  if (luodi) await removeFolder(luodi.data);
});

// each begins on pages with nothing open, whatever the one before came to
beforeEach(async () => {
  for (const page of [wang, zhao]) {
    await page.context().setOffline(false);
    await closeAll(page);
  }
});

const shot = (page: Page, name: string): Promise<void> => shoot(page, 'live', name);

interface Listed {
  features: { properties: { code: string; status: string } }[];
}
async function free(n: number): Promise<string> {
  const { features } = await read<Listed>(luodi.url, `/api/parks/${park}/parcels.geojson`);
  const code = features.filter(({ properties }) => properties.status === 'available')[n]?.properties.code;
  if (!code) throw new Error(`the sample has no ${n + 1} free parcels`);
  return code;
}

/** Sends a command as the page's own session would; the answer's status and body. */
function order(page: Page, command: object): Promise<{ status: number; body: Record<string, unknown> }> {
  return page.evaluate(
    async ([path, body]) => {
      const response = await fetch(path as string, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() },
        body: body as string,
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
    [`/api/parks/${park}/records`, JSON.stringify(command)],
  );
}

async function projects(page: Page): Promise<{ id: string; name_zh: string | null }[]> {
  return page.evaluate(async () => {
    const response = await fetch('/api/projects');
    return ((await response.json()) as { projects: { id: string; name_zh: string | null }[] }).projects;
  });
}

/** Holds a parcel through the page's session; gives the moment at which the server had answered. */
async function hold(page: Page, code: string, project: string): Promise<number> {
  const parcel = await deskParcel(page, code);
  if (!parcel) throw new Error(`no parcel ${code}`);
  const { status, body } = await order(page, {
    kind: 'hold',
    parcels: [{ id: parcel.id, version: parcel.properties.version }],
    project,
    until: new Date(Date.now() + 20 * 86_400_000).toISOString(),
    reason: '意向协议已签',
  });
  expect(body).toMatchObject({ seq: expect.any(Number) as number });
  expect(status).toBe(201);
  return performance.now();
}

/** Makes a project that needs services; gives its id. */
async function needing(page: Page, code: string, services: Record<string, number>): Promise<string> {
  const made = await page.evaluate(
    async (body) => {
      const response = await fetch('/api/projects', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() },
        body,
      });
      return (await response.json()) as { id?: string };
    },
    JSON.stringify({
      district: 'lingang',
      code,
      name_zh: `需电项目 ${code}`,
      name_en: `Needs ${code}`,
      requirement: { services },
    }),
  );
  if (!made.id) throw new Error(JSON.stringify(made));
  return made.id;
}

const reason = (page: Page) => page.locator('textarea[name=reason]');

describe('two at one map', () => {
  it('show each other who is there and what is open', async () => {
    const code = await free(0);
    await wang.locator('.now .names', { hasText: '赵磊' }).waitFor();
    await openParcel(wang, code);
    await openParcel(zhao, code);
    await zhao.getByText('王丽也打开着这宗地').waitFor();
    await wang.getByText('赵磊也打开着这宗地').waitFor();
    await shot(zhao, 'presence');
  });

  it('one holds a plot: the other sees it within a second, keeps what is typed, is refused with reason', async () => {
    const code = await free(0);
    const [, project] = await projects(wang);
    await openParcel(zhao, code);
    await action(zhao, '锁定').click();
    await chooseProject(zhao, 0);
    await reason(zhao).fill('客户周五来看地，先');
    await zhao.locator('.preview li').first().waitFor();

    const at = await hold(wang, code, project?.id ?? '');
    await zhao.locator('[role=status] .refused', { hasText: '王丽' }).waitFor();
    const took = performance.now() - at;
    console.log(
      `a colleague's hold was on the other page ${took.toFixed(0)} ms after its answer` +
        (took < 1_000 ? '' : ': OVER A SECOND'),
    );

    await expect.poll(() => reason(zhao).inputValue()).toBe('客户周五来看地，先');
    await reason(zhao).pressSequentially('占住');
    await expect.poll(() => reason(zhao).inputValue()).toBe('客户周五来看地，先占住');
    await shot(zhao, 'meanwhile');
    expect(await graveFindings(zhao)).toEqual([]);

    await zhao.getByRole('button', { name: '确认办理' }).click();
    await zhao.getByRole('alert').filter({ hasText: '已被他人改动' }).waitFor();
    await zhao.getByText(`${code} 现在：`).waitFor();
    await expect.poll(() => reason(zhao).inputValue()).toBe('客户周五来看地，先占住');
    await zhao.getByRole('button', { name: '读取最新状态' }).click();
    await zhao
      .getByRole('alert')
      .filter({ hasText: project?.name_zh ?? '?' })
      .waitFor();
    await expect.poll(() => reason(zhao).inputValue()).toBe('客户周五来看地，先占住');
    await shot(zhao, 'refused');
    await zhao.getByRole('button', { name: '取消' }).first().click();
  });

  it('lists what happened, and leads there', async () => {
    const code = await free(1);
    const [project] = await projects(wang);
    await hold(wang, code, project?.id ?? '');
    await zhao.locator('.now .feed').click();
    const line = zhao.locator('.facts li', { hasText: code }).first();
    await line.getByText('王丽').waitFor();
    await shot(zhao, 'activity');
    expect(await graveFindings(zhao)).toEqual([]);
    await line.getByRole('button').click();
    await zhao.locator('.facts h2', { hasText: code }).waitFor();
  });

  it('tells the public what is public of it, in English and on a phone', async () => {
    const { page, errors } = await openPage(browser, `${luodi.url}/?lang=en`, phone);
    const code = await free(0);
    const [project] = await projects(wang);
    await page.getByText('Live', { exact: true }).waitFor();
    await hold(wang, code, project?.id ?? '');
    await page.locator('.now .feed').click();
    await page.locator('.sheet li', { hasText: code }).first().waitFor();
    expect(await page.locator('.sheet').innerText()).not.toContain('王丽');
    await shot(page, 'phone-activity-en');
    expect(await graveFindings(page)).toEqual([]);
    expect(errors).toEqual([]);
    await page.context().close();
  });
});

describe('what is shared out', () => {
  it('moves the bar of a node on every page when a colleague’s hold draws from it', async () => {
    const project = await needing(wang, 'power-20', { power: 20_000 });
    await zhao.locator('[data-panel=supply]').click();
    const power = zhao.locator('.facts section').filter({ hasText: '供电' });
    await power.getByText(/^余 /).first().waitFor();
    const before = await power.innerText();
    await shot(zhao, 'supply');
    expect(await graveFindings(zhao)).toEqual([]);
    const code = await free(0);
    const at = await hold(wang, code, project);
    await expect.poll(() => power.innerText(), { interval: 20 }).not.toBe(before);
    console.log(
      `a colleague's draw moved the bar ${(performance.now() - at).toFixed(0)} ms after its answer`,
    );
    const node = power.locator('li button').filter({ hasText: 'SS-2' }).first(); // SS-1 has not so much left
    await node.click();
    await zhao.locator('.facts .draw', { hasText: '20,000 kVA' }).getByText(code).waitFor();
    await shot(zhao, 'node');
    expect(await graveFindings(zhao)).toEqual([]);
  });

  it('shows what a hold would draw, and at the node what is short', async () => {
    await needing(zhao, 'power-5', { power: 5_000 });
    await needing(zhao, 'power-900', { power: 900_000 });
    const code = await free(0);
    await openParcel(zhao, code);
    await action(zhao, '锁定').click();
    await chooseProject(zhao, '需电项目 power-5');
    await zhao
      .locator('.preview li', { hasText: '5,000 kVA' })
      .getByText(/之后余 /)
      .waitFor();
    await shot(zhao, 'draws');
    await chooseProject(zhao, '需电项目 power-900');
    await zhao
      .getByRole('alert')
      .filter({ hasText: /需要 900,000 kVA，缺 [\d,]+ kVA/ })
      .waitFor();
    await shot(zhao, 'short');
    await zhao.getByRole('button', { name: '取消' }).first().click();
  });

  it('tells the public a word', async () => {
    const { page } = await openPage(browser, `${luodi.url}/?lang=en`, phone);
    await page.locator('[data-panel=supply]').click();
    await page
      .getByText(/^(Ample|Some left|Little left)$/)
      .first()
      .waitFor();
    expect(await page.locator('.sheet').innerText()).not.toMatch(/\d left/);
    await shot(page, 'phone-supply-en');
    expect(await graveFindings(page)).toEqual([]);
    await page.context().close();
  });

  it('keeps a line, from asking to being served', async () => {
    const code = await free(0);
    const [, project] = await projects(wang);
    await hold(wang, code, project?.id ?? '');
    await openParcel(zhao, code);
    await action(zhao, '排队').click();
    await chooseProject(zhao, '需电项目 power-5');
    await zhao.locator('input[name=days]').fill('14');
    await zhao.getByText('将排在第 1 位').waitFor();
    await reason(zhao).fill('客户愿意等');
    await shot(zhao, 'queue-form');
    await zhao.getByRole('button', { name: '确认办理' }).click();
    await zhao.locator('.facts li.mine', { hasText: 'power-5' }).waitFor();
    await openParcel(wang, code);
    await wang.locator('.facts li', { hasText: 'power-5' }).getByText('赵磊').waitFor();
    await shot(zhao, 'queue');
    expect(await graveFindings(zhao)).toEqual([]);

    const held = (await deskParcel(wang, code))?.properties;
    const { status } = await order(wang, {
      kind: 'take_back',
      allotment: { id: held?.allotment, version: held?.allotment_version },
      reason: '客户放弃',
    });
    expect(status).toBe(201);
    await zhao.getByText(`轮到了：需电项目 power-5 已锁定 ${code}`).waitFor();
    await zhao.locator('.now .feed').click();
    await zhao.locator('.facts li.served', { hasText: code }).getByText('已轮到').waitFor();
    await shot(zhao, 'served');
    await zhao.locator('.now .feed').click();
  });
});

describe('the cable', () => {
  it('pulled and put back: says so, keeps what is typed, and catches up', async () => {
    const code = await free(0);
    const [project] = await projects(wang);
    await openParcel(zhao, code);
    await action(zhao, '锁定').click();
    await reason(zhao).fill('断网时写的理由');
    await zhao.context().setOffline(true);
    await zhao.getByText('暂时联系不上服务器').waitFor();
    await zhao.locator('.now .state', { hasText: '已离线' }).waitFor();
    await shot(zhao, 'offline');
    await hold(wang, code, project?.id ?? '');
    await expect.poll(() => zhao.locator('[role=status] .refused').count()).toBe(0);
    await zhao.context().setOffline(false);
    await zhao.getByText('已重新连上服务器').waitFor();
    await zhao.locator('[role=status] .refused', { hasText: '王丽' }).waitFor();
    await expect.poll(() => reason(zhao).inputValue()).toBe('断网时写的理由');
    await expect.poll(() => zhao.getByText('暂时联系不上服务器').count()).toBe(0);
    await zhao.getByRole('button', { name: '取消' }).first().click();
  });

  it('of the server itself: it goes, comes again, and nothing is missed or typed anew', async () => {
    const code = await free(0);
    await openParcel(zhao, code);
    await action(zhao, '锁定').click();
    await reason(zhao).fill('服务器重启时写的理由');
    await luodi.stop();
    await zhao.getByText('暂时联系不上服务器').waitFor();
    luodi = await startLuodi(luodi.data, luodi.port);
    await zhao.getByText('已重新连上服务器').waitFor();
    const [project] = await projects(wang);
    await hold(wang, code, project?.id ?? '');
    await zhao.locator('[role=status] .refused', { hasText: '王丽' }).waitFor();
    await expect.poll(() => reason(zhao).inputValue()).toBe('服务器重启时写的理由');
    await zhao.getByRole('button', { name: '取消' }).first().click();
  });
});
