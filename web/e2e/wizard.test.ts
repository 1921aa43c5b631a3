import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { graveFindings } from './axe';
import { launch, openPage, phone } from './browser';
import { shoot } from './planner';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const step = (page: Page, name: string) => page.locator(`h3[data-step=${name}]`);
const counted = (page: Page) => page.locator('.wizard[aria-busy=false] .count[data-counted]');
const query = (page: Page, name: string) => new URL(page.url()).searchParams.get(name) ?? '';
const next = (page: Page) => page.getByRole('button', { name: 'Next', exact: true }).click();

/** How far a site lies from the prepreg maker, in metres, as its reasons say. */
interface Told {
  code: string;
  measure: number | null;
}
const prepregOf = (answer: {
  sites: { code: string; parts: { measure: string; value: number | null }[] }[];
}): Told[] =>
  answer.sites.map(({ code, parts }) => ({
    code,
    measure: parts.find(({ measure }) => measure === 'partner_prepreg_m')?.value ?? null,
  }));

it('an investor states the need in steps, finds the ground nearest the prepreg maker, and compares three', async () => {
  const { page, errors } = await openPage(browser, `${inject('url')}/?lang=en`);
  await page.locator('[data-panel=match]').click();
  await step(page, 'made').waitFor();
  await page.locator('select[name=match-node] option[value=parts]').waitFor({ state: 'attached' });
  await page.locator('select[name=match-node]').selectOption('parts');
  await counted(page).waitFor();
  await next(page);

  await step(page, 'size').waitFor();
  await expect
    .poll(() => step(page, 'size').evaluate((heading) => heading === document.activeElement))
    .toBe(true);
  const before = await counted(page).innerText();
  await page.locator('input[name=match-target]').fill('60');
  await page.locator('input[name=match-front]').fill('100');
  await expect.poll(() => counted(page).innerText()).not.toBe(before);
  await page.getByText('at least nine tenths of the size').waitFor();
  expect(query(page, 'step')).toBe('size');
  expect(query(page, 'match')).toContain('target:60');
  await shoot(page, 'wizard', 'size-en');
  await next(page);

  await page.locator('input[name=match-power]').fill('3000');
  await page.locator('input[name=match-open-steam]').check();
  await next(page);
  await expect.poll(() => page.locator('input[name=match-near][value=prepreg]').isChecked()).toBe(true);
  await page.getByText("from the chain's data").waitFor();
  expect(await graveFindings(page)).toEqual([]);
  await next(page);
  const ready = new Date(Date.now() + 500 * 86_400_000).toISOString().slice(0, 10);
  await page.locator('input[name=match-ready]').fill(ready);
  await page.goBack();
  await step(page, 'logistics').waitFor();
  await page.goForward();
  await step(page, 'when').waitFor();
  await expect.poll(() => page.locator('input[name=match-ready]').inputValue()).toBe(ready);

  const answered = page.waitForResponse((response) => {
    const body = response.request().postData();
    return response.url().endsWith('/api/match') && !body?.includes('count_only');
  });
  await page.getByRole('button', { name: 'Show the ranking' }).click();
  const told = prepregOf((await (await answered).json()) as Parameters<typeof prepregOf>[0]);
  await page.locator('.sites > li').first().waitFor();
  const nearest = Math.min(...told.flatMap(({ measure }) => measure ?? []));
  expect(told[0]?.measure).toBeCloseTo(nearest, 0);

  const codes = told.slice(0, 3).map(({ code }) => code);
  for (const code of codes) await page.getByLabel(`Compare ${code}`, { exact: true }).check();
  await page.getByRole('button', { name: 'Compare side by side (3)' }).click();
  const table = page.locator('.compare[aria-busy=false] table');
  await table.locator('thead svg').nth(2).waitFor();
  await expect.poll(() => table.locator('thead b').allInnerTexts()).toEqual(codes);
  const right = (await table.locator('thead th').nth(2).boundingBox()) ?? { x: Infinity, width: 0 };
  expect(right.x + right.width).toBeLessThanOrEqual(1440);
  const boxes = await table
    .locator('svg')
    .evaluateAll((maps) => maps.map((map) => map.getAttribute('viewBox')));
  expect(new Set(boxes).size).toBe(1);
  await shoot(page, 'wizard', 'compare-en');
  expect(await graveFindings(page)).toEqual([]);

  const paper = await page.pdf({ preferCSSPageSize: true });
  const sizes = [...paper.toString('latin1').matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)];
  expect(sizes.length).toBeGreaterThan(0);
  for (const [, width, height] of sizes) {
    expect(Number(width)).toBeCloseTo(842, -1);
    expect(Number(height)).toBeCloseTo(595, -1);
  }
  const link = page.url();
  await page.goto(link);
  await expect.poll(() => table.locator('thead b').allInnerTexts()).toEqual(codes);
  expect(errors).toEqual([]);
  await page.context().close();
});

it('on a phone each step fits the screen, and one press loosens the limit that costs most', async () => {
  const need = 'use:1001,area:1,target:60,min:54,node:parts,share:3,near:prepreg';
  const { page } = await openPage(browser, `${inject('url')}/?lang=en&step=made&match=${need}`, phone);
  for (const name of ['made', 'size', 'services', 'logistics', 'when']) {
    await step(page, name).waitFor();
    await counted(page).waitFor();
    const over = await page.locator('.facts').evaluate((aside) => aside.scrollHeight - aside.clientHeight);
    expect(over, name).toBeLessThanOrEqual(0);
    if (name === 'services') await shoot(page, 'wizard', 'phone-services-en');
    if (name !== 'when') await next(page);
  }
  await page.goto(`${inject('url')}/?lang=en&match=${need},front:5000`);
  await page.getByRole('button', { name: 'Loosen it' }).click();
  await page.locator('.sites > li').first().waitFor();
  expect(query(page, 'match')).not.toContain('front:5000');
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await page.locator('.sites > li').first().waitFor({ state: 'detached' });
  expect(query(page, 'match')).toContain('front:5000');
  await page.context().close();
});
