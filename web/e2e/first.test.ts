import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { desktop, launch, openPage, phone } from './browser';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

/** What the first view may take over the wire, with its type, in bytes. */
const MOST = 700_000;

const views: [string, BrowserContextOptions][] = [
  ['a Chinese desk', { ...desktop, locale: 'zh-CN' }],
  ['an English phone', { ...phone, locale: 'en-GB', reducedMotion: 'reduce' }],
];

it.each(views)(
  'the first view on %s is light, and its type is that which was cut for it',
  async (_, view) => {
    const { page } = await openPage(browser, 'about:blank', view);
    await page.addInitScript(() => {
      const changes = new MutationObserver(() => {
        if (!document.querySelector('section.map[data-idle]')) return;
        changes.disconnect();
        performance.mark('stands');
      });
      changes.observe(document, { subtree: true, childList: true, attributes: true });
    });
    const client = await page.context().newCDPSession(page);
    const paths = new Map<string, string>();
    const bytes = new Map<string, number>();
    client.on('Network.requestWillBeSent', ({ requestId, request }) => {
      if (request.url.startsWith('http')) paths.set(requestId, new URL(request.url).pathname);
    });
    client.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      const path = paths.get(requestId);
      if (path) bytes.set(path, (bytes.get(path) ?? 0) + encodedDataLength);
    });
    await client.send('Network.enable');
    await page.goto(inject('url'), { waitUntil: 'commit' });
    await page.locator('section.map[data-idle]').waitFor();
    // on a busy machine what comes next may be here by now
    const begun = await page.evaluate(() => {
      const stands = performance.getEntriesByName('stands')[0]?.startTime ?? 0;
      const all = performance.getEntriesByType('resource');
      return all.map(({ name, startTime }): [string, boolean] => [name, startTime <= stands]);
    });
    const pathOf = (url: string): string => new URL(url).pathname;
    const first = new Set(begun.flatMap(([url, before]) => (before ? [pathOf(url)] : [])));
    const next = new Set(begun.map(([url]) => pathOf(url)).filter((path) => !first.has(path)));
    expect(
      [...next].filter((path) => path.includes('/items')),
      'the land stands in the first view',
    ).toEqual([]);
    const taken = [...bytes].filter(([path]) => !next.has(path)).sort(([, a], [, b]) => b - a);
    const type = taken.map(([path]) => path).filter((path) => path.endsWith('.woff2'));
    expect(type).toHaveLength(3);
    // a character that src/map/first.json lacks asks for all the rest of a face: scripts/firstview.mjs writes it anew
    expect(type.filter((path) => !path.includes('-first-'))).toEqual([]);
    const total = taken.reduce((sum, [, each]) => sum + each, 0);
    expect(total, taken.map(([path, each]) => `${path} ${each}`).join('\n')).toBeLessThan(MOST);
    await page.context().close();
  },
);
