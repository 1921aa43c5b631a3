import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { say, type Key, type Lang } from '../src/core/message';
import { graveFindings } from './axe';
import { desktop, launch, phone, withoutMap } from './browser';
import { dataFolder, removeFolder, startLuodi, type Luodi } from './luodi';
import { accept, addUser, deskParcels, shoot } from './planner';

let luodi: Luodi;
let browser: Browser;
let first: Page;

beforeAll(async () => {
  luodi = await startLuodi(await dataFolder());
  browser = await launch();
  first = await accept(browser, await addUser(luodi, 'li.na', '李娜', 'planner'));
  // what two must sign can't even be tried where there is no second
  await addUser(luodi, 'chen.jie', '陈洁', 'approver');
});
afterAll(async () => {
  await browser?.close();
  await luodi?.stop();
  if (luodi) await removeFolder(luodi.data);
});

const looks: [name: string, lang: Lang, options: BrowserContextOptions][] = [
  ['day', 'zh', desktop],
  ['night', 'zh', { ...desktop, colorScheme: 'dark' }],
  ['a narrow desk', 'en', { viewport: { width: 1024, height: 768 } }],
  ['a phone', 'zh', phone],
  ['a phone by night', 'en', { ...phone, colorScheme: 'dark' }],
];

describe('the planner’s screens', () => {
  it.each(looks)(
    'hold nothing serious for axe, nor anything wider than the page: %s, %s',
    async (name, lang, options) => {
      const context = await browser.newContext({
        ...options,
        storageState: await first.context().storageState(),
      });
      await withoutMap(context);
      const page = await context.newPage();
      const t = (key: Key, params = {}): string => say(lang, key, params);
      const all = await deskParcels(first);
      const codeOf = (status: string): string =>
        all.find(({ properties }) => properties.status === status)?.properties.code ?? '';
      const check = async (screen: string): Promise<void> => {
        await shoot(page, 'screens', `${name.replaceAll(' ', '-')}-${screen}`);
        expect(await graveFindings(page), screen).toEqual([]);
        const { width } = options.viewport ?? { width: 0 };
        expect(await page.evaluate(() => document.documentElement.scrollWidth), screen).toBeLessThanOrEqual(
          width,
        );
      };
      const open = async (code: string): Promise<void> => {
        await page.goto(`${luodi.url}/?lang=${lang}&parcel=${code}`);
        await page.locator('.actions .buttons button').first().waitFor();
      };
      const order = async (kind: string): Promise<void> => {
        await page.locator(`[data-kind=${kind}]`).click();
        await page.locator('form .foot').waitFor();
      };

      await open(codeOf('available'));
      await check('parcel');
      for (const kind of ['hold', 'split', 'correct', 'withdraw']) {
        await order(kind);
        if (kind === 'correct' || kind === 'withdraw') await page.locator('.preview li').first().waitFor();
        await check(kind);
        await page
          .locator('.foot')
          .getByRole('button', { name: t('web.order.cancel') })
          .click();
      }
      await open(codeOf('reserved'));
      await order('supply');
      await page.locator('.preview li').first().waitFor();
      await check('supply');

      await page.goto(`${luodi.url}/?lang=${lang}&as=list`);
      for (const n of [0, 1]) await page.locator('#parcels tbody input[type=checkbox]').nth(n).check();
      await page
        .getByText(t('web.pick.count', { n: 2 }))
        .first()
        .waitFor();
      await check('picked');

      await page.goto(`${luodi.url}/?lang=${lang}`);
      for (const panel of ['history', 'proposals', 'signin']) {
        await page.locator(`[data-panel=${panel}]`).click();
        await page.locator('.panel-head').waitFor();
        if (panel === 'history') await page.locator('ol .what').first().waitFor();
        await check(panel);
      }
      await page.locator('.bar [aria-controls=dates]').click();
      await page.getByRole('slider', { name: t('web.past.slider') }).waitFor();
      await check('date');
      await context.close();
    },
  );
});
