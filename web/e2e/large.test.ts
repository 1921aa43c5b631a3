import type { Browser, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { desktop, launch, openPage, type Watched } from './browser';
import { grow } from './grown';
import { dataFolder, removeFolder, startLuodi, type Luodi } from './luodi';
import { project } from './pixels';
import { accept, action, addUser, chooseProject, confirm, openParcel, shoot, still } from './planner';

/** What members do in a park that no page could hold, whose zones, plan units and nodes are too many as well. */
const EACH = 8;

let luodi: Luodi;
let browser: Browser;
let park = '';
let planner: Page;
let colleague: Page;

beforeAll(async () => {
  luodi = await startLuodi(await dataFolder());
  park = await grow(luodi, undefined, EACH);
  browser = await launch();
  planner = await accept(browser, await addUser(luodi, 'lin', '林规划', 'planner'), 'no map');
  colleague = await accept(browser, await addUser(luodi, 'zhao', '赵规划', 'planner'), 'no map');
});
afterAll(async () => {
  await browser?.close();
  await luodi?.stop();
  if (luodi) await removeFolder(luodi.data);
});

interface Item {
  id: string;
  properties: { code: string; status: string; version?: number };
  geometry: { coordinates: [number, number][][] };
}

async function one(code: string): Promise<Item> {
  const path = `/ogc/collections/parcels/items?park=${park}&f=json&code=${code}`;
  const { features } = (await (await fetch(luodi.url + path)).json()) as { features: Item[] };
  const [found] = features;
  if (!found) throw new Error(`no parcel ${code}`);
  return found;
}
const cornersOf = ({ geometry }: Item): [number, number][] => geometry.coordinates[0] ?? [];
function middleOf(item: Item): [number, number] {
  const [a = [0, 0], , b = [0, 0]] = cornersOf(item);
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}
async function around(code: string, more = ''): Promise<{ url: string; item: Item }> {
  const item = await one(code);
  const [lon, lat] = middleOf(item);
  return { url: `${luodi.url}/?park=${park}&view=18/${lat.toFixed(6)}/${lon.toFixed(6)}${more}`, item };
}
/** A page with a map of who is signed in there, and what it asks for. */
async function mapOf(of: Page, url: string): Promise<Watched & { requests: Request[] }> {
  const storageState = await of.context().storageState();
  const watched = await openPage(browser, 'about:blank', { ...desktop, storageState });
  const requests: Request[] = [];
  watched.page.on('request', (request) => requests.push(request));
  await watched.page.goto(url, { waitUntil: 'commit' });
  await still(watched.page);
  return { ...watched, requests };
}
const pathsOf = (requests: readonly Request[]): string[] =>
  requests.map((each) => new URL(each.url()).pathname + new URL(each.url()).search);
const tilesOf = (requests: readonly Request[]): string[] =>
  pathsOf(requests).filter((path) => path.includes('/tiles/parcels/'));
const quiet = ({ errors }: Pick<Watched, 'errors'>): void => expect(errors).toEqual([]);

describe('the layers of a large park', () => {
  it('come as tiles, are clicked and switched, and panels ask for the one that is open', async () => {
    const { url, item } = await around('P5000', '&hide=parcels&show=plan');
    const watched = await openPage(browser, url);
    const { page, paths } = watched;
    const requests: Request[] = [];
    page.on('request', (request) => requests.push(request));
    await expect.poll(() => paths.some((path) => path.startsWith('/tiles/network-nodes/'))).toBe(true);
    for (const layer of ['zones', 'plan-units'])
      await expect.poll(() => paths.some((path) => path.startsWith(`/tiles/${layer}/`))).toBe(true);
    await still(page);
    await shoot(page, 'large', 'layers');
    for (const path of pathsOf(requests).filter((each) => each.includes('/items?')))
      expect(path).toMatch(/limit=1(&|$)/);

    const [x, y] = project(page, middleOf(item));
    await page.mouse.click(x, y);
    await page.locator('.facts dd', { hasText: 'N5000' }).waitFor();
    await page.locator('.facts h3', { hasText: '供电' }).waitFor();
    await page.mouse.click(x - 30, y - 30);
    await page.locator('.facts h2', { hasText: 'U5000' }).waitFor();
    expect(await page.locator('.facts').innerText()).toContain('1001');

    await page.getByText('图层').first().click();
    await page.getByLabel('规划单元').uncheck();
    await still(page);
    await page.mouse.click(x - 30, y - 30);
    const count = page.locator('.facts dl div', { hasText: '区内地块' }).locator('dd');
    await count.getByText(`${EACH} 宗`, { exact: true }).waitFor();
    await shoot(page, 'large', 'zone');
    quiet(watched);
    await page.context().close();
  });

  it("take in a colleague's change of a zone", async () => {
    const { url, item } = await around('P4000', '&hide=parcels');
    const watched = await openPage(browser, url);
    const { page, paths } = watched;
    await expect.poll(() => paths.some((path) => path.startsWith('/tiles/zones/'))).toBe(true);
    await still(page);
    const [x, y] = project(page, middleOf(item));
    await page.mouse.click(x - 30, y - 30);
    await page.locator('.facts h2', { hasText: '区' }).waitFor();
    const before = paths.filter((path) => path.startsWith('/tiles/zones/')).length;
    const told = await planner.evaluate(async (code) => {
      const zones = await fetch(`/api/parks/${code}/items/zones?code=Z4000&f=json`);
      const { features } = (await zones.json()) as {
        features: { id: string; properties: { version: number } }[];
      };
      const [zone] = features;
      const response = await fetch(`/api/parks/${code}/records`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() },
        body: JSON.stringify({
          kind: 'edit',
          reason: '改名',
          object: {
            collection: 'zones',
            id: zone?.id,
            version: zone?.properties.version,
            facts: { name_zh: '新名区' },
          },
        }),
      });
      return `${response.status} ${await response.text()}`;
    }, park);
    expect(told).toMatch(/^20/);
    await page.locator('.facts h2', { hasText: '新名区' }).waitFor();
    await expect
      .poll(() => paths.filter((path) => path.startsWith('/tiles/zones/')).length)
      .toBeGreaterThan(before);
    await still(page);
    await shoot(page, 'large', 'zone-changed');
    expect(paths.filter((path) => path.endsWith('.geojson'))).toEqual([]);
    quiet(watched);
    await page.context().close();
  });
});

describe('members of a large park', () => {
  it('read the balance by their own statuses', async () => {
    const { page } = await mapOf(planner, `${luodi.url}/?park=${park}`);
    await page.locator('li', { hasText: '锁定' }).filter({ hasText: '2000' }).first().waitFor();
    await shoot(page, 'large', 'members');
    await page.context().close();
  });

  it('split a parcel along exact corners, which another sees by few tiles, and undo it', async () => {
    const { url, item } = await around('P6003');
    const mine = await mapOf(planner, url);
    const theirs = await mapOf(colleague, url);
    theirs.requests.length = 0;
    const { page } = mine;
    const [x, y] = project(page, middleOf(item));
    await page.mouse.click(x, y);
    await page.locator('.facts h2', { hasText: 'P6003' }).waitFor();
    await still(page);
    await action(page, '分割').click();
    await still(page);
    // beside two corners: within reach of them
    const corners = cornersOf(item).map((corner) => project(page, corner));
    const [from = [0, 0], , to = [0, 0]] = corners;
    await page.mouse.click(from[0] + 3, from[1] + 2);
    await page.mouse.click(to[0] - 3, to[1] - 2);
    await page.keyboard.press('Enter');
    await page.locator('.preview li', { hasText: 'P6003-2' }).waitFor();
    await shoot(page, 'large', 'split');
    mine.requests.length = 0;
    expect(await confirm(page, '分两期')).toContain('分割');
    await still(page);
    expect(tilesOf(mine.requests).length).toBeGreaterThan(0);
    expect(tilesOf(mine.requests).length).toBeLessThanOrEqual(4);
    expect(pathsOf(mine.requests).filter((path) => path.endsWith('/balance'))).toHaveLength(1);
    const halves = await Promise.all([one('P6003-1'), one('P6003-2')]);
    for (const half of halves) expect(cornersOf(half)).toHaveLength(4);

    await expect.poll(() => tilesOf(theirs.requests).length).toBeGreaterThan(0);
    await still(theirs.page);
    expect(tilesOf(theirs.requests).length).toBeLessThanOrEqual(4);
    await theirs.page.mouse.click(x - 20, y + 10);
    await theirs.page.locator('.facts h2', { hasText: 'P6003-' }).waitFor();
    // who has which parcel open is shown at it
    await expect
      .poll(() => pathsOf(mine.requests).some((path) => halves.some(({ id }) => path.includes(id))))
      .toBe(true);

    await page.locator('.done').getByRole('button', { name: '撤销' }).click();
    expect(await confirm(page, '画错了')).toContain('撤销');
    await expect.poll(() => one('P6003').then(({ properties }) => properties.code)).toBe('P6003');
    for (const { requests } of [mine, theirs])
      expect(pathsOf(requests).filter((path) => path.includes('.geojson'))).toEqual([]);
    await mine.page.context().close();
    await theirs.page.context().close();
  });

  it('hold and release, keep what they typed, and list in the order of a column', async () => {
    const { page, requests } = await mapOf(planner, `${luodi.url}/?park=${park}`);
    await openParcel(page, 'P7007');
    await action(page, '锁定').click();
    await page.locator('textarea[name=reason]').fill('草稿里的理由');
    await page.reload({ waitUntil: 'commit' });
    await still(page);
    await page.locator('.unfinished').getByRole('button', { name: '继续' }).click();
    await expect.poll(() => page.locator('textarea[name=reason]').inputValue()).toBe('草稿里的理由');
    await chooseProject(page, 'J7000');
    expect(await confirm(page, '已签意向')).toContain('锁定');
    await page.keyboard.press('Escape');
    await openParcel(page, 'P7007');
    await action(page, '收回').click();
    expect(await confirm(page, '不谈了')).toBeTruthy();
    await expect.poll(() => one('P7007').then(({ properties }) => properties.status)).toBe('available');

    await page.goto(`${luodi.url}/?park=${park}&as=list`);
    await page.locator('tbody.rows tr').first().waitFor();
    await page.locator('thead th.status button').click();
    await expect
      .poll(() =>
        pathsOf(requests).some((path) => path.includes('/items/parcels') && path.includes('sortby=status')),
      )
      .toBe(true);
    expect(pathsOf(requests).filter((path) => path.includes('.geojson'))).toEqual([]);
    await page.context().close();
  });

  it('look at a past day by tiles of that moment', async () => {
    const { url } = await around('P5005', '&on=2026-01-01');
    const { page, requests } = await mapOf(planner, url);
    await expect
      .poll(() =>
        pathsOf(requests).some((path) => path.includes('/tiles/parcels/') && path.includes('datetime=')),
      )
      .toBe(true);
    await expect
      .poll(() =>
        pathsOf(requests).some((path) => path.includes('/tiles/zones/') && path.includes('datetime=')),
      )
      .toBe(true);
    await still(page);
    await shoot(page, 'large', 'past');
    await page.context().close();
  });
});
