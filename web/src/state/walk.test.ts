import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Client } from '../core/client';
import type { Park, Parcel } from '../core/feed';
import { Notice } from '../kit/notice.svelte';
import { Words } from '../kit/words.svelte';
import { Connection } from './connection.svelte';
import { Land } from './land.svelte';
import { Link } from './link.svelte';
import { Look } from './look.svelte';
import { Panels } from './panel.svelte';
import { Screen } from './screen.svelte';
import { Selection } from './selection.svelte';
import { Session } from './session.svelte';
import { Sight } from './sight.svelte';
import { Walk } from './walk.svelte';

/** A browser's history: steps with their address and what is kept beside it. */
class Browser {
  readonly location = { pathname: '/', search: '' };
  private steps: { url: string; state: unknown }[] = [{ url: '/', state: null }];
  private at = 0;
  private listener: (event: { state: unknown }) => void = () => {};

  readonly history = {
    pushState: (state: unknown, _: string, url: string) => {
      this.steps = [...this.steps.slice(0, this.at + 1), { url, state }];
      this.go(1);
    },
    replaceState: (state: unknown, _: string, url: string) => {
      this.steps[this.at] = { url, state };
      this.go(0);
    },
  };
  readonly addEventListener = (_: string, listener: typeof this.listener) => (this.listener = listener);

  private go(by: number): void {
    this.at += by;
    this.location.search = this.steps[this.at]?.url.replace(/^\//, '') ?? '';
  }

  step(by: 1 | -1): void {
    this.go(by);
    this.listener({ state: this.steps[this.at]?.state });
  }
}

const park = (code: string): Park => ({ id: code, code, seq: 1, bbox: [0, 0, 1, 1], name_zh: code }) as Park;
const parcel = (of: string, code: string): Parcel =>
  ({
    id: `${of}-${code}`,
    properties: { code, status: 'available' },
    geometry: {
      type: 'Polygon',
      coordinates: [
        [
          [122, 37],
          [122.01, 37.01],
        ],
      ],
    },
  }) as unknown as Parcel;

/** Two parks with two parcels each. */
const client = {
  parks: async () => [park('east'), park('west')],
  parkShapes: async () => [],
  park: async (code: string) => park(code),
  parcels: async (of: string) => [parcel(of, 'A'), parcel(of, 'B')],
  balance: async () => ({}),
  layer: async () => [],
} as unknown as Client;

let browser: Browser;
beforeEach(() => {
  browser = new Browser();
  vi.stubGlobal('history', browser.history);
  vi.stubGlobal('location', browser.location);
  vi.stubGlobal('addEventListener', browser.addEventListener);
});
afterEach(() => vi.unstubAllGlobals());

/** A page of the park in the east. */
async function page() {
  const words = new Words();
  const notice = new Notice();
  const screen = new Screen();
  const link = new Link();
  const panels = new Panels(link);
  const land = new Land(client, new Connection(() => {}), new Session(words));
  const sight = new Sight(land, link);
  // a map that moves at once, as where motion is not welcome
  const moves = () => sight.moved({ zoom: 16, lat: 37, lon: 122 });
  sight.camera = { fit: moves, reveal: moves, jump: (view) => sight.moved(view) };
  const look = new Look(link, screen, words);
  const selection = new Selection(land, link, sight, notice, words);
  const walk = new Walk({
    browse: { reset: () => {} },
    land,
    link,
    look,
    notice,
    panels,
    selection,
    sight,
    words,
  });
  walk.addLink();
  look.addLink();
  await walk.start(new URLSearchParams('park=east&view=15/37/122'));
  link.renote();
  const shown = () => ({ address: browser.location.search, panel: panels.open, parcel: selection.parcel });
  return { panels, selection, walk, shown };
}

describe('Back', () => {
  it('restores the panel that was open, after a walk to a neighbour', async () => {
    const { panels, selection, walk, shown } = await page();
    selection.select({ of: 'parcel', id: 'east-A' });
    panels.toggle('match');
    const before = shown();
    await walk.visit('east', 'east-B');
    expect(shown()).toMatchObject({ panel: null, parcel: 'east-B' });
    browser.step(-1);
    await vi.waitFor(() => expect(shown()).toEqual(before));
    expect(before.address).toContain('parcel=A');
    browser.step(1);
    await vi.waitFor(() => expect(shown()).toMatchObject({ panel: null, parcel: 'east-B' }));
  });

  it('leads from a parcel of another park to where the walk began', async () => {
    const { panels, selection, walk, shown } = await page();
    selection.select({ of: 'parcel', id: 'east-A' });
    panels.toggle('chain');
    const before = shown();
    await walk.visit('west', 'west-B');
    expect(shown()).toMatchObject({ panel: null, parcel: 'west-B' });
    expect(shown().address).toContain('park=west&parcel=B');
    browser.step(-1);
    await vi.waitFor(() => expect(shown()).toEqual(before));
  });

  it('does not open a panel again that was closed', async () => {
    const { panels, selection, shown } = await page();
    panels.toggle('signin');
    panels.close();
    selection.select({ of: 'parcel', id: 'east-A' });
    browser.step(-1);
    await vi.waitFor(() => expect(shown()).toMatchObject({ panel: null, parcel: null }));
  });
});
