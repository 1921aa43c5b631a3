import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core';
// software WebGL, and none of the browser's own calls home
import flags from '../scripts/chromium.json';

/** As long as a busy machine may take to do what is waited for, in ms. */
const PATIENCE_MS = 90_000;

/**
 * How many pixels are drawn for one of the screen where nobody looks at single ones: software draws the map, and a
 * quarter of the pixels takes it two thirds of the time.
 */
const BLURRED = process.env.LUODI_SHOTS ? 1 : 0.5;

/** A browser that asks for Chinese, where a context names no other locale. `sharp`: its pixels are looked at. */
export async function launch(extra: string[] = [], { sharp = false } = {}): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [...flags, ...extra],
  });
  const newContext = browser.newContext.bind(browser);
  browser.newContext = (options) =>
    newContext({
      locale: 'zh-CN',
      deviceScaleFactor: (options?.isMobile ? 2 : 1) * (sharp ? 1 : BLURRED),
      ...options,
    });
  browser.on('context', (context) => context.setDefaultTimeout(PATIENCE_MS));
  return browser;
}

/** Without motion: software draws each frame of a flight, and most tests only wait for its end. Phones keep it. */
export const desktop: BrowserContextOptions = {
  viewport: { width: 1440, height: 900 },
  timezoneId: 'Europe/London',
  reducedMotion: 'reduce',
};
export const phone: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
};

/** A page that writes down what must not happen. */
export interface Watched {
  page: Page;
  /** Errors in the console, the map's own complaints, uncaught errors, and answers of 400 or more. */
  errors: string[];
  /** Every request to any other origin. */
  strays: string[];
  /** Paths asked of the server. */
  paths: string[];
}

export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = desktop,
  map: 'map' | 'no map' = 'map',
): Promise<Watched> {
  const context = await browser.newContext(options);
  if (map === 'no map') await withoutMap(context);
  const page = await context.newPage();
  const watched: Watched = { page, errors: [], strays: [], paths: [] };
  const origin = new URL(url).origin;
  page.on('console', (message) => {
    const ours = message.type() === 'warning' && message.text().startsWith('map:');
    if (message.type() === 'error' || ours) watched.errors.push(message.text());
  });
  page.on('pageerror', (error) => watched.errors.push(error.message));
  page.on('response', (response) => {
    if (response.status() >= 400) watched.errors.push(`${response.status()} ${response.url()}`);
  });
  page.on('request', (request) => {
    const asked = new URL(request.url());
    if (asked.protocol === 'blob:' || asked.protocol === 'data:') return;
    if (asked.origin === origin) watched.paths.push(asked.pathname);
    else watched.strays.push(request.url());
  });
  // not until all has loaded: what is said in passing meanwhile would be missed
  await page.goto(url, { waitUntil: 'commit' });
  return watched;
}

/**
 * Holds the map's code back, as a slow line does: the page draws the land itself. For what the map has no part in;
 * where software draws the map, most of a test's time is the map's. Gives how many files are held back by now.
 */
export async function withoutMap(context: BrowserContext): Promise<() => number> {
  let held = 0;
  await context.route(/\/assets\/(parkmap|maplibre-gl-worker)-[^/]+\.js$/, () => {
    held++;
  });
  return () => held;
}

/** Opens a panel by its button in the bar, or in the menu of the bar. */
export async function openPanel(page: Page, id: string): Promise<void> {
  const button = page.locator(`.bar [data-panel=${id}]`);
  await button.waitFor({ state: 'attached' });
  if (!(await button.isVisible())) await page.locator('.bar [popovertarget]').click();
  await button.click();
}
