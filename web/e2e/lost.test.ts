import type { Browser, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launch } from './browser';
import { park } from './feeds';
import { dataFolder, removeFolder, startLuodi, type Luodi } from './luodi';
import { accept, action, addUser, chooseProject, closeAll, deskParcels, openParcel } from './planner';

let browser: Browser;
let luodi: Luodi;
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

/** The changes of the park that were made for a reason. */
const madeFor = (reason: string): Promise<number> =>
  page.evaluate(
    async ([path, why]) => {
      const { records } = (await (await fetch(path as string, { cache: 'no-store' })).json()) as {
        records: { reason: string }[];
      };
      return records.filter((record) => record.reason === why).length;
    },
    [`/api/parks/${park}/records?limit=50`, reason],
  );

/** Lets the server make the order, and loses its answer on the way. */
const loseAnswer = async (lose: (route: Route) => Promise<void>): Promise<void> => {
  await page.route(
    (url) => url.pathname.endsWith('/records') && url.search === '',
    async (route) => {
      if (route.request().method() !== 'POST') return route.fallback();
      await route.fetch();
      await lose(route);
    },
    { times: 1 },
  );
};

async function freeParcel(): Promise<string> {
  const free = (await deskParcels(page)).find(({ properties }) => properties.status === 'available');
  if (!free) throw new Error('the sample has no free parcel left');
  return free.properties.code;
}

async function fillHold(
  code: string,
  reason: string,
  words: { hold: string; confirm: string },
): Promise<void> {
  await openParcel(page, code);
  await action(page, words.hold).click();
  await chooseProject(page, 0);
  await page.locator('textarea[name=reason]').fill(reason);
  await page.locator('.preview li').first().waitFor();
  await page.getByRole('button', { name: words.confirm }).and(page.locator(':enabled')).click();
}

it('makes an order once whose server was killed before it answered, also after the page was read anew', async () => {
  const [code, reason] = [await freeParcel(), '断线重试：只办一次'];
  await loseAnswer(async (route) => {
    await luodi.kill();
    await route.abort('connectionreset');
  });
  await fillHold(code, reason, { hold: '锁定', confirm: '确认办理' });
  await page.getByText('同一事项不会办理两次').waitFor();
  await page.getByRole('button', { name: '再次确认' }).and(page.locator(':enabled')).waitFor();

  luodi = await startLuodi(luodi.data, luodi.port);
  await page.reload();
  const kept = page.locator('.unfinished li', { hasText: code });
  await kept.getByText('已发出而没有得到答复').waitFor();
  expect(await madeFor(reason)).toBe(1);
  await kept.getByRole('button', { name: '继续' }).click();
  await expect.poll(() => page.locator('textarea[name=reason]').inputValue()).toBe(reason);
  await page.getByRole('button', { name: '再次确认' }).click();
  await page.locator('.done p').waitFor();
  expect(await madeFor(reason)).toBe(1);
  await expect.poll(() => page.locator('.unfinished').count()).toBe(0);
});

it('makes an order once whose answer a proxy lost, in English', async () => {
  await page.goto(`${luodi.url}/?lang=en`);
  await page.getByRole('button', { name: 'History', exact: true }).waitFor();
  await closeAll(page);
  const [code, reason] = [await freeParcel(), 'a proxy between: done once'];
  await loseAnswer((route) =>
    route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad gateway</h1>' }),
  );
  await fillHold(code, reason, { hold: 'Hold', confirm: 'Confirm' });
  await page.getByText('It will not be done twice').or(page.getByText('it will not be done twice')).waitFor();
  await page.getByRole('button', { name: 'Confirm again' }).click();
  await page.locator('.done p').waitFor();
  expect(await madeFor(reason)).toBe(1);
});

it('keeps an order that was not sent yet over a reload, and gives it up on a word', async () => {
  await page.goto(luodi.url);
  await page.getByRole('button', { name: '历史', exact: true }).waitFor();
  const code = await freeParcel();
  await openParcel(page, code);
  await action(page, '锁定').click();
  await page.locator('textarea[name=reason]').fill('还没写完');
  await page.reload();
  const kept = page.locator('.unfinished li', { hasText: code });
  await kept.getByText('您有一份未完成的').waitFor();
  await kept.getByRole('button', { name: '继续' }).click();
  await expect.poll(() => page.locator('textarea[name=reason]').inputValue()).toBe('还没写完');
  await page.reload();
  await kept.getByRole('button', { name: '放弃' }).click();
  await expect.poll(() => page.locator('.unfinished').count()).toBe(0);
});
