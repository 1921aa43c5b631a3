import type { BrowserContext, Page } from 'playwright-core';

/**
 * Times as the page itself tells them, from the event that begins a work until the frame that shows what came of it:
 * the driver's own scripts take up to a third of a second of a busy page before they act, and look twice a second.
 */
interface Clock {
  at: Record<string, number>;
  until(selector: string, text: string): Promise<number>;
  watch(): void;
  covered(): number;
}
type Timed = typeof globalThis & { clock: Clock };

/** Every so many pixels a place of the map is looked at. */
const APART_PX = 16;

/** Gives each page of a context a clock. */
export async function withClock(context: BrowserContext): Promise<void> {
  await context.addInitScript((apart) => {
    const at: Record<string, number> = {};
    for (const type of ['click', 'input', 'pointerup'])
      addEventListener(type, (event) => (at[type] = event.timeStamp), true);
    const frame = requestAnimationFrame.bind(window);
    const painted = (): Promise<number> =>
      new Promise((done) => frame(() => setTimeout(() => done(performance.now()))));

    let drawing: WebGL2RenderingContext | null = null;
    let seen: { at: number; places: Uint8Array }[] | null = null;
    const of = WebGL2RenderingContext.prototype;
    of.drawElements = new Proxy(of.drawElements, {
      apply(draw, gl: WebGL2RenderingContext, args: Parameters<WebGL2RenderingContext['drawElements']>) {
        drawing = gl;
        Reflect.apply(draw, gl, args);
      },
    });
    window.requestAnimationFrame = (work) =>
      frame((time) => {
        drawing = null;
        work(time);
        if (drawing && seen) seen.push({ places: look(drawing), at: performance.now() });
      });
    /** The colours of places all over the map, once they are drawn. */
    function look(gl: WebGL2RenderingContext): Uint8Array {
      const [width, height] = [gl.drawingBufferWidth, gl.drawingBufferHeight];
      const all = new Uint8Array(width * height * 4);
      gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, all);
      const places: number[] = [];
      for (let y = 0; y < height; y += apart)
        for (let x = 0; x < width; x += apart)
          places.push(...all.subarray((y * width + x) * 4, (y * width + x) * 4 + 3));
      return Uint8Array.from(places);
    }
    const clock: Clock = {
      at,
      until: (selector, text) =>
        new Promise((done) => {
          const there = (): void => {
            const found = [...document.querySelectorAll(selector)];
            if (!found.some(({ textContent }) => textContent.includes(text))) return;
            changes.disconnect();
            void painted().then(done);
          };
          const changes = new MutationObserver(there);
          changes.observe(document, {
            subtree: true,
            childList: true,
            attributes: true,
            characterData: true,
          });
          there();
        }),
      watch: () => (seen = []),
      covered: () => {
        const frames = seen ?? [];
        seen = null;
        const last = frames.at(-1)?.places ?? new Uint8Array();
        // one place in fifty may show another letter, or what the pointer is on
        const isLike = (places: Uint8Array): boolean =>
          places.reduce((n, value, i) => n + Number(Math.abs(value - (last[i] ?? 0)) > 12), 0) <
          last.length / 50;
        const bare = frames.findLast(({ places }) => !isLike(places));
        return frames.find(({ at: then }) => then > (bare?.at ?? 0))?.at ?? 0;
      },
    };
    (globalThis as Timed).clock = clock;
  }, APART_PX);
}

/** How long it is, in ms, from an event of a work until the page shows what is waited for. */
export async function timed(
  page: Page,
  event: 'click' | 'input',
  [selector, text = '']: [selector: string, text?: string],
  work: () => Promise<unknown>,
): Promise<number> {
  const shown = page.evaluate(([of, wanted]) => (globalThis as Timed).clock.until(of, wanted), [
    selector,
    text,
  ] as const);
  await work();
  const then = await shown;
  return Math.round(
    then - (await page.evaluate((type) => (globalThis as Timed).clock.at[type] ?? NaN, event)),
  );
}

/** How long it takes from the opening of a page until it shows what is waited for. */
export async function opened(page: Page, selector: string): Promise<number> {
  return Math.round(await page.evaluate((of) => (globalThis as Timed).clock.until(of, ''), selector));
}

/**
 * How long it takes, once the pointer lets go of a dragged map, until none of it is bare, by its own tile or by
 * one of a smaller scale, and until all is drawn.
 */
export async function panned(
  page: Page,
  release: () => Promise<void>,
): Promise<[covered: number, all: number]> {
  await page.evaluate(() => (globalThis as Timed).clock.watch());
  await release();
  return page.evaluate(async () => {
    const { clock } = globalThis as Timed;
    const all = await clock.until('section.map[data-idle]', '');
    const then = clock.at.pointerup ?? NaN;
    return [Math.round(Math.max(0, clock.covered() - then)), Math.round(all - then)] as const;
  }) as Promise<[number, number]>;
}
