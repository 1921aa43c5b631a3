import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { DeskParcel } from '../src/core/orders';
import { desktop, openPage } from './browser';
import { park } from './feeds';
import { binary, type Luodi } from './luodi';

export const password = '园区 land desk 42 keys';

/** A point of grey. */
export const photo = {
  name: 'receipt.png',
  mimeType: 'image/png',
  buffer: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
    'base64',
  ),
};
export const paper = {
  name: 'contract.pdf',
  mimeType: 'application/pdf',
  buffer: Buffer.from('%PDF-1.4\n%%EOF'),
};

/** Makes an account with the command line and gives its one-time link. */
export async function addUser(luodi: Luodi, login: string, name: string, role: string): Promise<string> {
  const { stdout } = await promisify(execFile)(binary, [
    'user',
    'add',
    login,
    '--name',
    name,
    '--role',
    role,
    '--data',
    join(luodi.data, 'var'),
    '--url',
    luodi.url,
  ]);
  const link = /http:\S+#invite=\S+/.exec(stdout)?.[0];
  if (!link) throw new Error(`no link in: ${stdout}`);
  return link;
}

/** Opens a one-time link, sets the password, and gives the page of whoever is signed in by that. */
export async function accept(browser: Browser, link: string, map: 'map' | 'no map' = 'map'): Promise<Page> {
  const { page } = await openPage(browser, link, desktop, map);
  await page.locator('input[name=password]').fill(password);
  await page.locator('input[name=again]').fill(password);
  await page.getByRole('button', { name: '定下口令并登录' }).click();
  await page.getByRole('button', { name: '历史', exact: true }).waitFor();
  return page;
}

/** The desk as the page's own session reads it. */
export function deskParcels(page: Page): Promise<DeskParcel[]> {
  return page.evaluate(async (path) => {
    const response = await fetch(path, { cache: 'no-store' });
    return ((await response.json()) as { features: DeskParcel[] }).features;
  }, `/api/parks/${park}/desk.geojson`);
}

export async function deskParcel(page: Page, code: string): Promise<DeskParcel | undefined> {
  return (await deskParcels(page)).find(({ properties }) => properties.code === code);
}

/** Chooses a project of an order's form: the one of that place, or the first that a typed text finds. */
export const chooseProject = (page: Page, which: number | string): Promise<void> =>
  choose(page, 'project', which);

/** Chooses in a field that is typed in: what stands in that place, or the first that a typed text finds. */
export async function choose(page: Page, name: string, which: number | string): Promise<void> {
  const box = page.locator(`input[name="${name}"]`);
  await box.click();
  if (typeof which === 'string') await box.fill(which);
  const options = page.locator('[role=listbox] li[data-id]:visible');
  const option = typeof which === 'string' ? options.filter({ hasText: which }).first() : options.nth(which);
  const id = await option.getAttribute('data-id');
  await option.click();
  await expect.poll(() => box.getAttribute('data-value')).toBe(id);
}

/** Steps out of whatever is open. */
export async function closeAll(page: Page): Promise<void> {
  for (let i = 0; i < 3; i++) await page.keyboard.press('Escape');
  await page.locator('.facts').waitFor({ state: 'detached' });
}

/** Finds a parcel by the search and opens it. */
export async function openParcel(page: Page, code: string): Promise<void> {
  await page.locator('[role=search] [role=combobox]').fill(code);
  await page.locator('#hits[aria-busy=false] li', { hasText: code }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.facts h2', { hasText: code }).waitFor();
}

export const action = (page: Page, name: string) =>
  page.locator('.actions .buttons').getByRole('button', { name });

/** Waits until the page has read anew what a change or another day made of the park. */
export const settled = (page: Page): Promise<void> =>
  page.locator('main[aria-busy=false]').waitFor({ state: 'attached' });

/** Fills in why, waits for the preview, confirms, and waits for word of it and until the map shows it. */
export async function confirm(page: Page, reason: string, button = '确认办理'): Promise<string> {
  await page.locator('textarea[name=reason]').fill(reason);
  const sure = page.getByRole('button', { name: button });
  await page.locator('.preview li').first().waitFor();
  await sure.and(page.locator(':enabled')).click();
  const done = page.locator('.done p');
  await done.waitFor();
  const told = await done.innerText();
  await settled(page);
  return told;
}

/** Keeps a picture of the page, where LUODI_SHOTS names a folder for them. Drawing one takes time. */
export async function shoot(page: Page, story: string, name: string): Promise<void> {
  const folder = process.env.LUODI_SHOTS;
  if (!folder) return;
  const path = join(folder, story, `${name}.png`);
  await page.screenshot({ path });
  console.log(`screenshot: ${path}`);
}

/** Waits until a surface is drawn on the map, with cells in sight, and the camera rests. */
export async function surfaceStands(page: Page): Promise<void> {
  await expect
    .poll(async () => Number(await page.locator('section.map').getAttribute('data-surface')))
    .toBeGreaterThan(20);
  await still(page);
}

/** Waits until the camera rests, so that the link has its view, and all is drawn. */
export const still = (page: Page): Promise<void> =>
  page.locator('section.map[data-idle]').waitFor({ state: 'attached' });

/** What stands in the newest record of the history panel, which is left open. */
export async function newestRecord(page: Page): Promise<string> {
  if (
    (await page.getByRole('button', { name: '历史', exact: true }).getAttribute('aria-expanded')) !== 'true'
  )
    await page.getByRole('button', { name: '历史', exact: true }).click();
  const first = page.locator('.facts ol li').first();
  await first.locator('.what').waitFor();
  return first.innerText();
}
