import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graveFindings } from './axe';
import { desktop, launch, openPage, phone } from './browser';
import { dataFolder, removeFolder, startLuodi, type Luodi } from './luodi';
import { accept, addUser, chooseProject, confirm, deskParcel, shoot, surfaceStands } from './planner';

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

/** Beside the prepreg maker in the sample (docs/matching.md). */
const BEST = 'TX-L04';
const site = (page: Page, code: string) => page.locator(`.sites > li[data-code="${code}"]`);
const order = (page: Page): Promise<(string | null)[]> =>
  page.locator('.sites > li').evaluateAll((items) => items.map((item) => item.getAttribute('data-code')));

async function example(page: Page, button: string): Promise<void> {
  await page.locator('[data-panel=match]').click();
  await page.getByRole('button', { name: button }).click();
  await page.locator('.sites > li').first().waitFor();
}

describe('a need stated', () => {
  it('ranks first the ground next door to the prepreg maker, with the reason, in Chinese', async () => {
    const { page, errors } = await openPage(browser, luodi.url);
    await example(page, '举例：复合材料制品厂');
    expect((await order(page))[0]).toBe(BEST);
    await site(page, BEST).getByText('（TX-L03）相邻，一墙之隔').waitFor();
    await page.getByText('只按公开信息排序').waitFor();
    await site(page, BEST).locator('button.site').click();
    await page.locator(`.sites > li.open[data-code="${BEST}"]`).waitFor();
    await expect.poll(() => page.url()).toContain(`parcel=${BEST}`);
    await page.locator('.excluded b').first().waitFor();
    await shoot(page, 'match', 'ranked');
    expect(await graveFindings(page)).toEqual([]);
    await expect.poll(() => page.getByRole('button', { name: '锁定这块地' }).count()).toBe(0);
    expect(errors).toEqual([]);

    const again = await openPage(browser, page.url(), desktop, 'no map');
    await site(again.page, BEST).waitFor();
    await expect.poll(() => order(again.page)).toEqual(await order(page));
    expect(again.errors).toEqual([]);
    await again.page.context().close();
    await page.context().close();
  });

  it('and in English, on a phone', async () => {
    const { page } = await openPage(browser, `${luodi.url}/?lang=en`, phone);
    await example(page, 'Example: a maker of composite parts');
    expect((await order(page))[0]).toBe(BEST);
    await site(page, BEST)
      .getByText(/next door to .*\(TX-L03\), one boundary between them/)
      .waitFor();
    await page.getByText('Ranked by what is public alone.').waitFor();
    await shoot(page, 'match', 'phone-ranked-en');
    expect(await graveFindings(page)).toEqual([]);
    await page.context().close();
  });

  it('is ranked anew by the sliders, with nothing asked of the server', async () => {
    const { page, paths } = await openPage(browser, luodi.url, desktop, 'no map');
    await example(page, '举例：复合材料制品厂');
    const before = await order(page);
    const asked = paths.filter((path) => path === '/api/match').length;
    await page.locator('#weight-partner_prepreg_m').focus();
    await page.keyboard.press('Home'); // the neighbour counts for nothing: the size alone tells
    await expect.poll(() => order(page)).not.toEqual(before);
    expect((await order(page))[0]).not.toBe(BEST);
    expect(paths.filter((path) => path === '/api/match').length).toBe(asked);
    await page.getByRole('button', { name: '恢复提交时的轻重' }).click();
    await expect.poll(() => order(page)).toEqual(before);
    await page.context().close();
  });

  it('is told at the field what is wrong with it', async () => {
    const { page } = await openPage(browser, luodi.url, desktop, 'no map');
    await page.locator('[data-panel=match]').click();
    await page.getByRole('button', { name: '一张表填完' }).click();
    await page.locator('input[name=match-min]').fill('十');
    await page.getByRole('button', { name: '找地', exact: true }).click();
    await page.getByRole('alert').filter({ hasText: '请检查标出的各项' }).waitFor();
    await expect.poll(() => page.locator('input[name=match-min]').getAttribute('aria-invalid')).toBe('true');
    await page.context().close();
    const faulty = `${luodi.url}/?match=min:10,node:nobody`;
    const refused = await openPage(browser, faulty, desktop, 'no map');
    await refused.page.getByRole('alert').filter({ hasText: 'chain_node' }).waitFor();
    await expect
      .poll(() => refused.page.locator('select[name=match-node]').getAttribute('aria-invalid'))
      .toBe('true');
    await refused.page.context().close();
  });

  it('puts places side by side, and raises a surface', async () => {
    const { page, errors } = await openPage(browser, luodi.url);
    await example(page, '举例：复合材料制品厂');
    const [first = '', second = ''] = (await order(page)).map((code) => code ?? '');
    await page.getByLabel(`对比 ${first}`).check();
    await page.getByLabel(`对比 ${second}`).check();
    await page.getByRole('button', { name: '并排对比（2）' }).click();
    await page.locator('.compare[aria-busy=false] thead svg').nth(1).waitFor();
    await expect.poll(() => page.locator('.compare thead b').allInnerTexts()).toEqual([first, second]);
    await page.keyboard.press('Escape');
    await page.locator('.compare').waitFor({ state: 'detached' });
    const heat = page.waitForResponse((response) => response.url().endsWith('/api/heat'));
    await page.getByLabel('立体热力面').check();
    expect((await heat).status()).toBe(200);
    await page.getByText('越高越合适').waitFor();
    await surfaceStands(page);
    await shoot(page, 'match', 'surface');
    expect(await graveFindings(page)).toEqual([]);
    expect(errors).toEqual([]);
    await page.context().close();
  });
});

/** A need of 20 mu with lots: the example's, in a link. */
const lotsWanted = 'match=min:10,target:20,area:1,use:1001,node:parts,share:3,lots:60,join:3';

describe('lots and neighbours', () => {
  it('are asked for in the form, ranked among parcels and drawn, and a link shows the same', async () => {
    const { page, paths, errors } = await openPage(browser, luodi.url);
    await page.locator('[data-panel=match]').click();
    await page.getByRole('button', { name: '一张表填完' }).click();
    await page.locator('input[name=match-target]').fill('20');
    await page.getByLabel('也看从大块地里切出来的').check();
    await page.getByLabel('临一条路至少（米）').fill('80');
    await page.getByLabel('也看几块相邻空地并起来的').check();
    await page.locator('.uses summary').click();
    await page.locator('input[name=match-use][value="1001"]').check();
    await page.getByRole('button', { name: '找地', exact: true }).click();
    await page.locator('.sites > li').first().waitFor();
    const ranked = await order(page);
    expect(ranked).toContain('TX-R01/1');
    expect(ranked).toContain('TX-L04/1');
    expect(ranked).toContain('TX-L04');
    await page.getByText(/可切的大块地有 \d+ 块，切过 \d+ 块/).waitFor();
    await page.getByText(/单独太小的空地有 \d+ 块/).waitFor();

    await site(page, 'TX-R01/1').locator('button.site').click();
    await page.getByText('从 TX-R01 切出来').waitFor();
    expect(await site(page, 'TX-R01/1').innerText()).toMatch(/切地[^]*20 亩 · 临 \S+ [\d.,]+ 米[^]*储备/);
    await page.getByLabel('对比 TX-R01/1').check();
    await page.getByLabel('对比 TX-L04/1').check();
    await page.getByRole('button', { name: '并排对比（2）' }).click();
    const table = page.locator('.compare[aria-busy=false] table');
    expect(await table.innerText()).toContain('切地');
    const beside = new URL(page.url());
    beside.searchParams.delete('match'); // who gets the link has no ranking
    const linked = await openPage(browser, beside.href);
    const rows = linked.page.locator('.compare[aria-busy=false] tbody tr');
    await linked.page.locator('.compare[aria-busy=false] thead svg').nth(1).waitFor();
    expect(await rows.filter({ hasText: '面积' }).first().innerText()).toMatch(/20 亩\s+20 亩/);
    expect(await rows.filter({ hasText: '临路' }).first().innerText()).toMatch(/临 \S+ [\d.,]+ 米/);
    expect(await rows.filter({ hasText: '地价' }).first().innerText()).toContain('未载');
    await shoot(linked.page, 'match', 'compare-lots');
    expect(linked.errors).toEqual([]);
    await linked.page.context().close();
    await page.keyboard.press('Escape');
    await shoot(page, 'match', 'lots');
    expect(await graveFindings(page)).toEqual([]);

    const second = ranked.filter((code) => code?.startsWith('TX-R01/'))[1] ?? '';
    await site(page, second).locator('button.site').click();
    await expect.poll(() => new URL(page.url()).searchParams.get('site')).toBe(second);

    const asked = paths.filter((path) => path === '/api/match').length;
    await page.locator('#weight-area_mu').focus();
    await page.keyboard.press('Home'); // the size counts for nothing
    await expect.poll(() => page.url()).toContain('weigh=area_mu:0');
    expect(paths.filter((path) => path === '/api/match').length).toBe(asked);
    expect(errors).toEqual([]);
    const again = await openPage(browser, page.url(), desktop, 'no map');
    await again.page.locator('.sites > li').first().waitFor();
    await expect.poll(() => order(again.page)).toEqual(await order(page));
    await expect.poll(() => again.page.locator('#weight-area_mu').inputValue()).toBe('0');
    await site(again.page, second).getByText('从 TX-R01 切出来').waitFor();
    expect(new URL(again.page.url()).searchParams.get('site')).toBe(second);
    expect(again.errors).toEqual([]);
    await again.page.context().close();
    await page.context().close();
  });

  it('and in English, on a phone', async () => {
    const { page } = await openPage(browser, `${luodi.url}/?lang=en&${lotsWanted}`, phone, 'no map');
    await site(page, 'TX-R01/1').locator('button.site').click();
    await page.getByText('Cut out of TX-R01').waitFor();
    await page.getByText(/Larger parcels that were carved for them: \d+ of \d+/).waitFor();
    await shoot(page, 'match', 'phone-lots-en');
    expect(await graveFindings(page)).toEqual([]);
    await page.context().close();
  });
});

describe('a planner', () => {
  let planner: Page;
  const squareMetres = async (code: string): Promise<number | undefined> =>
    (await deskParcel(planner, code))?.properties.legal_m2;
  const status = async (code: string): Promise<string | undefined> =>
    (await deskParcel(planner, code))?.properties.status;
  const undo = async (button: string): Promise<void> => {
    await planner.locator('.done').getByRole('button', { name: button }).click();
    await confirm(planner, '改主意了');
  };

  beforeAll(async () => {
    planner = await accept(browser, await addUser(luodi, 'wang.li', '王丽', 'planner'), 'no map');
  });

  it('saves a search, holds a site from its list, and sees what has changed since', async () => {
    await example(planner, '举例：复合材料制品厂');
    await planner.getByText('按园区内部全部信息排序').waitFor();
    const near = planner.locator('#weight-partner_prepreg_m');
    await near.focus();
    await planner.keyboard.press('End');
    const weight = Number(await near.inputValue());
    await planner.getByText('连同调过的轻重一起存下').waitFor();
    await planner.locator('input[name=saved-name]').fill('复材小厂');
    await planner.getByRole('button', { name: '存下', exact: true }).click();
    const kept = planner.locator('li[data-name="复材小厂"]');
    await kept.getByRole('button', { name: '与今天比' }).click();
    await kept.getByText('与那天一样').waitFor();
    await site(planner, BEST).locator('button.site').click();
    await planner.getByRole('button', { name: '锁定这块地' }).click();
    await chooseProject(planner, 0);
    await confirm(planner, '选址后锁定');
    expect(await status(BEST)).toBe('held');
    await expect.poll(() => order(planner)).not.toContain(BEST);
    await kept.getByRole('button', { name: '与今天比' }).click();
    await kept.getByText(/少了 1 块/).waitFor();
    await expect.poll(() => kept.locator('tr', { hasText: BEST }).innerText()).toMatch(/^1\s+TX-L04\s+锁定$/);
    await kept.scrollIntoViewIfNeeded();
    await shoot(planner, 'match', 'saved');
    expect(await graveFindings(planner)).toEqual([]);
    await planner.getByRole('button', { name: '恢复提交时的轻重' }).click();
    await kept.getByRole('button', { name: '打开' }).click();
    await expect.poll(async () => Number(await near.inputValue())).toBeCloseTo(weight, 3);
    await kept.getByRole('button', { name: '删除' }).click();
    await kept.waitFor({ state: 'detached' });
    await undo('撤销');
    expect(await status(BEST)).toBe('available');
  });

  it('cuts a lot and holds it in one step, and undoes both', async () => {
    const whole = (await squareMetres(BEST)) ?? 0;
    await planner.goto(`${luodi.url}/?${lotsWanted}`);
    await site(planner, `${BEST}/1`).locator('button.site').click();
    await planner.getByRole('button', { name: '切出并锁定' }).click();
    await chooseProject(planner, 0);
    await planner.locator('.preview li').first().waitFor();
    await shoot(planner, 'match', 'cut');
    expect(await graveFindings(planner)).toEqual([]);
    expect(await confirm(planner, '切出来给项目')).toContain('切出并锁定');
    expect(await status(`${BEST}-1`)).toBe('held');
    expect(await status(`${BEST}-2`)).toBe('available');
    expect(await status(BEST)).toBeUndefined();
    const [lot = 0, rest = 0] = [await squareMetres(`${BEST}-1`), await squareMetres(`${BEST}-2`)];
    expect(Math.abs(lot - 20 * (10_000 / 15))).toBeLessThan(0.5);
    expect(lot + rest).toBeCloseTo(whole, 2);
    await expect.poll(() => order(planner)).not.toContain(`${BEST}/1`);
    await expect.poll(() => planner.url()).toContain(`parcel=${BEST}-1`);
    await shoot(planner, 'match', 'cut-held');

    await undo('撤销');
    expect(await status(`${BEST}-1`)).toBe('available');
    await undo('再撤销分割');
    await expect.poll(() => squareMetres(BEST)).toBe(whole);
    expect(await status(`${BEST}-1`)).toBeUndefined();
  });

  it('holds neighbours together', async () => {
    const members = ['TX-D07', 'TX-D08', 'TX-D09'];
    await planner.goto(`${luodi.url}/?match=min:12,max:20,target:12,area:1,use:0802,join:5`);
    await site(planner, members.join('+')).locator('button.site').click();
    await planner.getByText(`由 ${members.join('、')} 并成`).waitFor();
    await planner.getByText('已证明没有更好的组合').waitFor();
    await shoot(planner, 'match', 'neighbours');
    expect(await graveFindings(planner)).toEqual([]);
    await planner.getByRole('button', { name: '一并锁定这几块' }).click();
    await chooseProject(planner, 0);
    await confirm(planner, '三块一起给项目');
    for (const code of members) expect(await status(code)).toBe('held');
    await expect.poll(() => order(planner)).not.toContain(members.join('+'));
    await undo('撤销');
    for (const code of members) expect(await status(code)).toBe('available');
  });

  it('is refused at the place where a code is taken', async () => {
    await planner.goto(`${luodi.url}/?${lotsWanted}`);
    await site(planner, `${BEST}/1`).locator('button.site').click();
    await planner.getByRole('button', { name: '切出并锁定' }).click();
    await chooseProject(planner, 0);
    await planner.locator('input[name=lot]').fill('TX-R01');
    await planner.getByRole('alert').filter({ hasText: '不能办理' }).waitFor();
    await planner.getByRole('button', { name: '取消' }).first().click();
    await site(planner, `${BEST}/1`).waitFor();
  });

  it('proposes the release of a lot of the reserve, in English, which another approves', async () => {
    await planner.goto(`${luodi.url}/?lang=en&${lotsWanted}`);
    await site(planner, 'TX-R01/1').locator('button.site').click();
    await planner.getByRole('button', { name: 'Cut this lot and propose its release' }).click();
    await planner.getByText('A second person must approve the release.').waitFor();
    expect(await confirm(planner, 'for a maker of parts', 'Propose')).toContain('waits for a second person');
    expect(await status('TX-R01-1')).toBe('reserve');
    expect(Math.abs(((await squareMetres('TX-R01-1')) ?? 0) - 20 * (10_000 / 15))).toBeLessThan(0.5);

    const approver = await accept(browser, await addUser(luodi, 'chen.jie', '陈洁', 'approver'), 'no map');
    let foretell = (): void => {};
    const foretold = new Promise<void>((done) => (foretell = done));
    await approver.route('**/decision?preview=true', async (route) => {
      await foretold;
      await route.continue();
    });
    await approver.getByRole('button', { name: '待批' }).click();
    const proposal = approver.locator('.facts li', { hasText: 'TX-R01-1' });
    await proposal.getByRole('textbox').fill('符合年度供地计划');
    // what would come of it moves what stands below: no click is taken before that
    await proposal.getByRole('status').waitFor();
    const approve = proposal.getByRole('button', { name: '批准' });
    expect(await approve.isDisabled()).toBe(true);
    foretell();
    await approve.click();
    // what the page says of a refusal stands in the failure
    const said = async (): Promise<string | undefined> =>
      (await approver.getByRole('alert').allInnerTexts()).join(' ') || (await status('TX-R01-1'));
    await expect.poll(said).toBe('available');
    await approver.context().close();
    await planner.context().close();
  });
});
