import type { Polygon } from 'geojson';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sitePage } from '../src/core/sitepage';
import { graveFindings } from './axe';
import { launch, openPage, phone } from './browser';
import { dataFolder, removeFolder, startLuodi, type Luodi } from './luodi';
import { addUser, accept, shoot } from './planner';

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

const PLOT = 'TX-L04';

/** The page of a lot that the reader's question would cut out of a parcel. */
async function lotPage(): Promise<string> {
  const answer = await fetch(`${luodi.url}/api/carve`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ park: 'carbon-fibre', parcel: PLOT, area_mu: 20, frontage_m: 60 }),
  });
  const { lots } = (await answer.json()) as { lots: { geometry: Polygon }[] };
  const [lot] = lots;
  if (!lot) throw new Error(`no lot of ${PLOT}`);
  const site = { kind: 'lot' as const, parcels: [{ code: PLOT }], geometry: lot.geometry };
  return luodi.url + (sitePage('carbon-fibre', site, 'en') ?? '');
}

describe('an enquiry', () => {
  it('is sent from a phone without an account, answered, made a project, and followed by its link', async () => {
    const lot = await lotPage();
    const { page, errors } = await openPage(browser, `${luodi.url}/?lang=en&enquire=${PLOT}`, phone);
    const form = page.locator('form[aria-busy=false]');
    await form.getByText(`Attach the shortlist: ${PLOT}`).waitFor();
    await page.goto(lot);
    await page.getByRole('link', { name: 'Ask the park about this' }).click();
    await form.getByText(`Attach the shortlist: A lot of ${PLOT}, ${PLOT}`).waitFor();
    await form.getByText('After 180 days all personal data is erased').waitFor();
    await form.locator('[name=name]').fill('Ms Lin');
    await form.locator('[name=organisation]').fill('Lin Composites');
    await form.locator('[name=email]').fill('lin@example.com');
    await form.locator('[name=words]').fill('60 mu beside the prepreg maker, by 2028.');
    await form.locator('[name=consent]').check();
    await shoot(page, 'enquiry', 'form-phone-en');
    expect(await graveFindings(page)).toEqual([]);
    await form.getByRole('button', { name: 'Send' }).click();
    const receipt = (await page.locator('[data-receipt]').getAttribute('data-receipt')) ?? '';
    const link = await page.locator('[data-receipt] input').inputValue();
    await shoot(page, 'enquiry', 'receipt-phone-en');

    const planner = await accept(browser, await addUser(luodi, 'inbox', '问询员', 'planner'));
    await planner.locator('[data-panel=inbox] .badge', { hasText: '1' }).waitFor();
    await planner.locator('[data-panel=inbox]').click();
    await planner.locator(`button[data-receipt="${receipt}"]`).click();
    await planner.getByText('60 mu beside the prepreg maker').waitFor();
    const kept = planner.getByRole('link', { name: `A lot of ${PLOT}`, exact: true });
    const [kind, shown] = lot.split('?lang=en');
    await expect
      .poll(() => kept.getAttribute('href'))
      .toBe(`${new URL(kind ?? '').pathname}?lang=zh${shown}`);
    await planner.locator('[name=answer]').fill('Monday at ten?');
    await shoot(planner, 'enquiry', 'inbox');
    expect(await graveFindings(planner)).toEqual([]);
    await planner.getByRole('button', { name: '答复', exact: true }).click();
    await planner.locator('dl[data-state=answered]').waitFor();
    await planner.locator('[data-panel=inbox] .badge').waitFor({ state: 'detached' });
    await planner.locator('[data-act=project]').click();
    await planner.locator('dl[data-state=project]').waitFor();
    await planner.getByRole('button', { name: '打开项目' }).click();
    await planner.getByText(`投资者问询 ${receipt}`).waitFor();
    await shoot(planner, 'enquiry', 'project');
    await planner.context().close();

    const later = await openPage(browser, link, phone);
    await later.page.getByText('Monday at ten?').waitFor();
    expect(later.page.url()).not.toContain('#enquiry');
    await shoot(later.page, 'enquiry', 'followed-phone');
    expect([...errors, ...later.errors]).toEqual([]);
    await later.page.context().close();
    await page.context().close();
  });
});
