import { createServer } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graveFindings } from './axe';
import { launch, openPage, phone } from './browser';
import { dataFolder, removeFolder, startLuodi, type Luodi } from './luodi';
import { accept, addUser, password, shoot } from './planner';

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

/** Beside the map, or on a phone the sheet over it. */
const panel = (page: Page) => page.locator('.facts, .sheet');
const field = (page: Page, name: string) => panel(page).locator(`[name="${name}"]`);
const press = (page: Page, name: string) => panel(page).getByRole('button', { name, exact: true }).click();
const shown = (page: Page, text: string | RegExp) => panel(page).getByText(text).first().waitFor();
const tab = (page: Page, name: string) =>
  panel(page).getByRole('group', { name: '我的页面' }).getByRole('button', { name, exact: true }).click();

async function signIn(page: Page, login: string, word: string): Promise<void> {
  await page.locator('[data-panel=signin]').click();
  await field(page, 'login').fill(login);
  await field(page, 'password').fill(word);
  await panel(page).locator('button[type=submit]').click();
}

describe('accounts', () => {
  it('are invited, keep their password, tokens and reminders, see what waits, and are disabled', async () => {
    const admin = await accept(browser, await addUser(luodi, 'chief', '主任', 'admin'), 'no map');
    await admin.locator('[data-panel=signin]').click();
    await tab(admin, '人员');
    await field(admin, 'name').fill('新同事');
    await field(admin, 'login').fill('new.one');
    await panel(admin).getByLabel('角色').last().selectOption('planner');
    await press(admin, '生成邀请链接');
    const link = await panel(admin).locator('[role=status] code').innerText();
    await shown(admin, '尚未接受邀请');
    expect(await graveFindings(admin)).toEqual([]);
    await shoot(admin, 'account', 'people-zh');

    // the newcomer accepts, notes a next step, and finds it first at the next sign-in
    const person = await accept(browser, link, 'no map');
    await person.evaluate(async () => {
      const ask = async (path: string, body?: object): Promise<{ projects: { id: string }[] }> =>
        (await (
          await fetch(path, {
            method: body ? 'POST' : 'GET',
            headers: { 'Content-Type': 'application/json' },
            ...(body && { body: JSON.stringify(body) }),
          })
        ).json()) as { projects: { id: string }[] };
      const { projects } = await ask('/api/projects');
      await ask(`/api/projects/${projects[0]?.id}/visits`, {
        visited_on: '2026-05-01',
        note: '看地',
        next_step: '送两块地的条件',
        due: '2026-05-02',
      });
    });
    await person.locator('[data-panel=signin]').click();
    await tab(person, '账户');
    await field(person, 'current').fill('not the password at all');
    await field(person, 'next').fill('another 园区 phrase 43');
    await field(person, 'again').fill('another 园区 phrase 43');
    await panel(person)
      .locator('form', { has: person.locator('[name=current]') })
      .locator('[type=submit]')
      .click();
    await panel(person).getByRole('alert').waitFor();
    await field(person, 'current').fill(password);
    await panel(person)
      .locator('form', { has: person.locator('[name=current]') })
      .locator('[type=submit]')
      .click();
    await shown(person, '口令已修改，其他会话都已退出。');
    await field(person, 'token').fill('QGIS');
    await press(person, '生成令牌');
    const token = await panel(person).locator('[role=status] code').innerText();
    await shown(person, '只读');
    await shoot(person, 'account', 'own-zh');
    expect(await graveFindings(person)).toEqual([]);

    await tab(person, '提醒');
    await shown(person, '本系统未设置邮件服务器，不寄邮件。');
    await field(person, 'visit-lead').fill('5');
    await press(person, '保存');
    await shown(person, '已保存。');
    await press(person, '生成日历地址');
    const calendar = await panel(person).locator('[role=status] code').innerText();
    const feed = await fetch(calendar);
    expect(feed.headers.get('content-type')).toContain('text/calendar');
    expect(await feed.text()).toContain('TRIGGER:-P4DT16H');
    await shoot(person, 'account', 'reminders-zh');
    expect(await graveFindings(person)).toEqual([]);
    await tab(person, '账户');
    await press(person, '退出登录');

    const small = (
      await openPage(
        browser,
        `${luodi.url}/?lang=en`,
        { ...phone, viewport: { width: 360, height: 740 } },
        'no map',
      )
    ).page;
    await signIn(small, 'new.one', 'another 园区 phrase 43');
    const first = panel(small).getByRole('listitem').filter({ hasText: '送两块地的条件' });
    await first.waitFor();
    expect(await first.innerText()).toMatch(/Next step[\s\S]*overdue/);
    expect(await graveFindings(small)).toEqual([]);
    await shoot(small, 'account', 'tasks-en-phone');
    expect(
      await panel(small).evaluate((node) => node.scrollWidth - node.clientWidth),
      'nothing is wider than the phone',
    ).toBeLessThanOrEqual(0);

    // disabled with a reason: token and calendar are dead at once
    await panel(admin).getByRole('button', { name: '管理 新同事' }).click();
    await press(admin, '停用');
    await panel(admin).getByRole('alert').waitFor();
    await field(admin, 'reason').fill('调离');
    await press(admin, '停用');
    await shown(admin, /原因：调离/);
    const read = (path: string, secret: string) =>
      fetch(luodi.url + path, { headers: { Authorization: `Bearer ${secret}` } });
    expect((await read('/api/my/tasks', token)).status).toBe(401);
    expect((await fetch(calendar)).status).toBe(404);

    // the last admin stays: another who may not sign in yet is no admin to count on
    const refused = await admin.evaluate(async () => {
      const who = (await (await fetch('/api/session')).json()) as { account: { id: string } };
      const answer = await fetch(`/api/accounts/${who.account.id}`, {
        method: 'PATCH',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ withdraw: [{ park: null, role: 'admin' }] }),
      });
      return answer.status;
    });
    expect(refused).toBe(403);
  });
});

/** A mail server that takes a mail and hangs up before it says so, until it is told to answer. */
function hangingServer(): Promise<{ port: number; heal(): void; taken(): number; close(): void }> {
  let well = false;
  let taken = 0;
  const server = createServer((socket) => {
    let inData = false;
    socket.on('error', () => undefined);
    socket.write('220 mail ESMTP\r\n');
    socket.on('data', (bytes) => {
      const said = bytes.toString('utf8');
      if (inData) {
        if (!said.includes('\r\n.\r\n')) return;
        inData = false;
        if (!well) {
          socket.destroy();
          return;
        }
        taken++;
        socket.write('250 taken\r\n');
      } else if (/^DATA/i.test(said)) {
        inData = true;
        socket.write('354 go on\r\n');
      } else if (/^QUIT/i.test(said)) socket.end('221 bye\r\n');
      else socket.write('250 ok\r\n');
    });
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const at = server.address();
      resolve({
        port: typeof at === 'object' && at ? at.port : 0,
        heal: () => (well = true),
        taken: () => taken,
        close: () => server.close(),
      });
    });
  });
}

describe('mails', () => {
  it('that may have been taken wait for an admin, who has them sent again', async () => {
    const server = await hangingServer();
    const data = await dataFolder();
    const mailing = await startLuodi(
      data,
      0,
      '--smtp-host=127.0.0.1',
      `--smtp-port=${server.port}`,
      '--smtp-tls=none',
      '--smtp-from=luodi@example.cn',
      '--smtp-patience=1s',
    );
    try {
      const admin = await accept(browser, await addUser(mailing, 'root', '管理员', 'admin'), 'no map');
      await admin.locator('[data-panel=signin]').click();
      await tab(admin, '邮件');
      await shown(admin, '没有邮件');
      await tab(admin, '提醒');
      await field(admin, 'email').fill('wang.fang@example.cn');
      await press(admin, '寄出确认码');
      await panel(admin).locator('[name=code]').waitFor();
      await tab(admin, '邮件');
      // in doubt once the lease of its sender has ended
      const doubt = panel(admin).locator('[data-mail=unknown]');
      await expect
        .poll(
          async () => {
            await field(admin, 'mail-state').selectOption('all');
            await field(admin, 'mail-state').selectOption('unknown');
            return doubt.count();
          },
          { timeout: 60_000, interval: 1000 },
        )
        .toBe(1);
      await shown(admin, '管理员');
      await shown(admin, '本页 1 封，共 1 封');
      await press(admin, '重新寄出');
      await shown(admin, /对方会收到两封/);
      await field(admin, 'mail-reason').fill('邮件服务器日志中没有此信');
      expect(await graveFindings(admin)).toEqual([]);
      await shoot(admin, 'account', 'mails-zh');
      server.heal();
      await panel(admin).locator('form').getByRole('button', { name: '重新寄出' }).click();
      await shown(admin, '已决定');
      await expect.poll(() => server.taken(), { timeout: 30_000 }).toBe(1);
      await admin.setViewportSize({ width: 390, height: 844 });
      await admin.goto(`${mailing.url}/?lang=en`);
      await admin.locator('[data-panel=signin]').click();
      await panel(admin)
        .getByRole('group', { name: 'My pages' })
        .getByRole('button', { name: 'Mails', exact: true })
        .click();
      await field(admin, 'mail-state').selectOption('sent');
      await shown(admin, 'decided by 管理员: 邮件服务器日志中没有此信');
      expect(await graveFindings(admin)).toEqual([]);
      await shoot(admin, 'account', 'mails-en-phone');
    } finally {
      await mailing.stop();
      server.close();
      await removeFolder(data);
    }
  });
});
