import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { graveFindings } from './axe';
import { desktop, launch } from './browser';
import { dataFolder, removeFolder, startLuodi, type Luodi } from './luodi';
import { accept, addUser, shoot, still } from './planner';

let luodi: Luodi;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  luodi = await startLuodi(await dataFolder());
  browser = await launch();
  page = await accept(browser, await addUser(luodi, 'li.na', '李娜', 'planner'), 'no map');
});
afterAll(async () => {
  await browser?.close();
  await luodi?.stop();
  if (luodi) await removeFolder(luodi.data);
});

const shot = (name: string): Promise<void> => shoot(page, 'board', name);
const column = (name: string) => page.locator(`[data-column=${name}]`);
const card = (id: string) => page.locator(`[data-project="${id}"]`);
const form = () => page.locator('dialog.card');
/** What the page hides: text that doesn't fit its element. */
const clipped = () =>
  page.evaluate(() =>
    [...document.querySelectorAll('dialog.full :is(h2, h3, p, button, a, b)')]
      .filter(
        (each) => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).display !== 'inline',
      )
      .map((each) => each.textContent),
  );

/** Makes a project, notes what follows, and gives its id. */
function make(code: string, more: Record<string, object>): Promise<string> {
  return page.evaluate(
    async ([code, more]) => {
      const post = async (path: string, body: object): Promise<{ id: string }> => {
        const answer = await fetch(path, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(body),
        });
        if (!answer.ok) throw new Error(await answer.text());
        return (await answer.json()) as { id: string };
      };
      const { id } = await post('/api/projects', {
        park: 'carbon-fibre',
        code,
        name_zh: `看板项目${code}`,
        name_en: `Board ${code}`,
      });
      for (const [what, body] of Object.entries(more)) await post(`/api/projects/${id}/${what}`, body);
      return id;
    },
    [code, more] as const,
  );
}

async function openPanel(name: string): Promise<void> {
  await page.goto(`${luodi.url}/?page=projects${name.startsWith('T') || name === 'Board' ? '&lang=en' : ''}`);
  await page.locator('.facts').getByRole('button', { name, exact: true }).click();
}

/** The Monday of the week that it is in the park. */
const monday = (() => {
  const today = new Date(Date.now() + 8 * 3_600_000);
  return new Date(today.getTime() - ((today.getUTCDay() + 6) % 7) * 86_400_000).toISOString().slice(0, 10);
})();
const talking = { stage: 'in_talks', reached_on: '2026-05-01', evidence: '来访', basis: 'reported' };

it('moves a card on evidence alone, by the pointer and by the keyboard, and says why not', async () => {
  const id = await make('KB-1', {
    milestones: talking,
    visits: { visited_on: '2026-05-01', note: '看地', next_step: '送方案', due: '2026-05-02' },
  });
  await openPanel('项目看板');
  await card(id).getByText('送方案').waitFor();
  await shot('desk');
  expect(await graveFindings(page)).toEqual([]);
  expect(await clipped()).toEqual([]);
  const before = Number(await column('to_sign').locator('.n').innerText());

  await card(id).dragTo(column('to_sign'));
  await form().locator('textarea[name=evidence]').waitFor();
  await form().getByRole('button', { name: '登记' }).click();
  await form().getByText('请写明依据').first().waitFor();
  expect(await column('in_talks').locator(`[data-project="${id}"]`).count()).toBe(1); // it has not moved
  await form().locator('textarea[name=evidence]').fill('意向书');
  await shot('evidence');
  expect(await graveFindings(page)).toEqual([]);
  await form().getByRole('button', { name: '登记' }).click();
  await column('to_sign').locator(`[data-project="${id}"]`).waitFor();
  expect(Number(await column('to_sign').locator('.n').innerText())).toBe(before + 1);

  // landed needs a company and land: the server says so, and the card stays
  const button = card(id).locator('button.move');
  await button.focus();
  await page.keyboard.press('Enter');
  await card(id).getByRole('button', { name: '落地', exact: true }).focus();
  await page.keyboard.press('Enter');
  await form().locator('textarea[name=evidence]').fill('公司未注册');
  await form().getByRole('button', { name: '登记' }).click();
  await form()
    .locator('.refused')
    .filter({ hasText: /统一社会信用代码|注册/ })
    .waitFor();
  await page.keyboard.press('Escape');
  await form().waitFor({ state: 'detached' });
  await column('to_sign').locator(`[data-project="${id}"]`).waitFor();

  await button.focus();
  await page.keyboard.press('Enter');
  await card(id).locator('.targets button').last().click(); // lost
  await form().locator('textarea[name=reason]').fill('改选他处');
  await form().getByRole('button', { name: '登记' }).click();
  await column('lost').locator(`[data-project="${id}"]`).waitFor();
});

it('shows and prints the sheet of a week in both languages, on the phone too', async () => {
  const id = await make('KB-2', {
    milestones: { ...talking, reached_on: monday },
    visits: { visited_on: '2026-05-01', note: '看地', next_step: '补材料', due: '2026-05-02' },
  });
  await openPanel('周调度');
  const owed = page.locator('[data-part=owed]');
  await owed.getByText('补材料').waitFor();
  expect(await owed.innerText()).toMatch(/李娜/);
  await page.getByRole('button', { name: '上一周' }).click();
  await page.getByRole('button', { name: '下一周' }).click();
  await owed.getByText('补材料').waitFor();
  await shot('week');
  expect(await graveFindings(page)).toEqual([]);
  expect(await clipped()).toEqual([]);
  const paper = await page.pdf({ format: 'A4' });
  expect(paper.length).toBeGreaterThan(10_000);

  await page.setViewportSize({ width: 360, height: 740 });
  await openPanel('The week');
  await page.locator('[data-part=moved]').getByText('Board KB-2').waitFor();
  await shot('week-phone-en');
  expect(await graveFindings(page)).toEqual([]);
  expect(await clipped()).toEqual([]);
  await page.locator('[data-part=owed]').getByText('Board KB-2').click();
  await page.getByRole('heading', { level: 2, name: 'Board KB-2' }).waitFor();
  await openPanel('Board');
  await column('in_talks')
    .locator(`[data-project="${id}"]`)
    .or(column('in_talks').locator('.rest'))
    .first()
    .waitFor();
  await shot('phone-en');
  expect(await graveFindings(page)).toEqual([]);
  expect(await clipped()).toEqual([]);
});

it('prints a table that is sorted, and its link opens it so', async () => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(`${luodi.url}/?panel=board/table/-/place-`);
  const row = page.locator('[data-row=JA-01]');
  await row.getByText('TX-M04').waitFor();
  expect(await row.innerText()).toMatch(/代办员 01（占位）[^]*能评缺一项用能数据/);
  expect(await row.innerText()).not.toMatch(/Agent/);
  const head = (name: string) => page.getByRole('columnheader', { name });
  expect(await head('地块').getAttribute('aria-sort')).toBe('descending');
  await head('阶段').getByRole('button').focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => head('阶段').getAttribute('aria-sort')).toBe('ascending');
  expect(new URL(page.url()).searchParams.get('panel')).toBe('board/table/-/stage');
  const stages = await page
    .locator('tbody tr')
    .evaluateAll((rows) => rows.map((each) => (each as HTMLElement).dataset.stage));
  expect(stages.indexOf('landed')).toBeGreaterThan(stages.lastIndexOf('in_talks'));
  expect(stages.lastIndexOf('signed')).toBeLessThan(stages.indexOf('landed'));
  await shot('table');
  expect(await graveFindings(page)).toEqual([]);
  expect(await clipped()).toEqual([]);

  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${luodi.url}/?panel=board/table&lang=en`);
  await page.locator('[data-row=JA-01]').getByText('Agent 01 (placeholder)').waitFor();
  await shot('table-phone-en');
  expect(await graveFindings(page)).toEqual([]);
  await page.setViewportSize({ width: 1440, height: 900 });
});

it('follows what others note, in the columns and on the sheet of the week', async () => {
  const id = await make('KB-3', { milestones: talking });
  await page.goto(`${luodi.url}/?panel=board`);
  await column('in_talks').locator('[data-project]').first().waitFor();
  const other = await page.context().newPage();
  await other.goto(`${luodi.url}/?panel=dispatch/-/-`);
  await other.locator('[data-part=moved] h3').waitFor();
  const before = Number(await column('to_sign').locator('.n').innerText());
  await page.evaluate(
    async ([id, day]) => {
      const answer = await fetch(`/api/projects/${id}/milestones`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ stage: 'to_sign', reached_on: day, evidence: '意向书', basis: 'reported' }),
      });
      if (!answer.ok) throw new Error(await answer.text());
    },
    [id, monday] as const,
  );
  await expect.poll(async () => Number(await column('to_sign').locator('.n').innerText())).toBe(before + 1);
  await other.locator('[data-part=moved]').getByText('看板项目KB-3').waitFor();
  await other.close();
});

it('shows stages on the map of the park, and who has no place there', async () => {
  const seen = await page
    .context()
    .browser()
    ?.newContext({
      ...desktop,
      storageState: await page.context().storageState(),
    });
  if (!seen) throw new Error('no browser');
  const map = await seen.newPage();
  await map.goto(`${luodi.url}/?panel=board`);
  await map.getByRole('group', { name: '显示方式' }).getByRole('button', { name: '地图' }).click();
  await map.locator('[data-part=nowhere]').getByText('国药项目').waitFor();
  expect(new URL(map.url()).searchParams.get('panel')).toBe('board/map');
  await expect
    .poll(async () => Number(await map.locator('section.map').getAttribute('data-stages')))
    .toBeGreaterThan(30);
  await map.locator('[data-legend=started] summary').click();
  await map.locator('[data-legend=started] li').first().getByText('TX-').waitFor();
  await map.locator('[data-legend=started] button').first().focus();
  await still(map);
  await shoot(map, 'board', 'map');
  expect(await graveFindings(map)).toEqual([]);

  await map.setViewportSize({ width: 390, height: 844 });
  await map.goto(`${luodi.url}/?panel=board/map&lang=en`);
  await map.locator('[data-part=nowhere]').getByText('Guoyao project').waitFor();
  await still(map);
  await shoot(map, 'board', 'map-phone-en');
  expect(await graveFindings(map)).toEqual([]);
  await map.getByRole('group', { name: 'Shown as' }).getByRole('button', { name: 'Table' }).click();
  await map.locator('[data-row=F-GUOYAO]').waitFor();
  await expect.poll(() => map.locator('section.map').getAttribute('data-stages')).toBeNull();
  await map.goBack();
  await map.locator('[data-legend]').first().waitFor();
  await seen.close();
});
