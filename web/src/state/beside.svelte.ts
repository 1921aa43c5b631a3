import type { Client, ItemsQuery } from '../core/client';
import { feedsOf, type Features, type LayerId } from '../core/collection';
import type { BBox } from '../core/feed';
import { among } from '../core/large';
import type { Ground } from './held.svelte';

/** So many are asked for in one request by their codes, and so many of those that are held are read anew. */
const AT_ONCE = 100;
const KEPT = 200;
/** So many in a box are enough to draw a small map of it. */
const AROUND = 1_000;

type Things = { [Id in LayerId]: ReadonlyMap<string, Features[Id]> };
const none: Things = { zones: new Map(), 'plan-units': new Map(), networks: new Map() };

/** What of a large park's layers, which tiles draw, the page has asked for, by their ids. */
export class Beside {
  things = $state.raw<Things>(none);
  private readonly asked = new Map<string, Promise<void>>();
  /** Codes that nothing was found by, of a layer: they are of something else. */
  private readonly vain = new Set<string>();
  /** How often all was put away. */
  private turn = 0;

  constructor(
    private readonly client: Client,
    private readonly ground: () => Ground | null,
  ) {}

  /** Another park is open, or another moment is shown. */
  forget(): void {
    this.turn++;
    this.asked.clear();
    this.vain.clear();
    this.things = none;
  }

  /** Asks for one that is not held, which one of `feeds` has. */
  async know<Id extends LayerId>(
    layer: Id,
    id: string,
    feeds: readonly string[] = feedsOf(layer),
  ): Promise<void> {
    if (this.things[layer].has(id)) return;
    await this.once(layer, id, async ({ park, from, signal }) => {
      const found = await this.client.layerItem<Id>(feeds, park, id, from, signal);
      return found ? [found] : [];
    });
  }

  /** Asks for those of codes that are not held. */
  async knowCodes(layer: LayerId, codes: readonly string[]): Promise<void> {
    const known = new Set([...this.things[layer].values()].map(({ properties }) => properties.code));
    const missing = [...new Set(codes)].filter(
      (code) => code !== '' && !known.has(code) && !this.vain.has(`${layer} ${code}`),
    );
    const { turn } = this;
    for (let i = 0; i < missing.length; i += AT_ONCE) {
      const part = missing.slice(i, i + AT_ONCE);
      const filter = among('code', part);
      await this.once(layer, filter, async (ground) => {
        const found = await this.some(ground, layer, { filter, limit: AT_ONCE });
        const called = new Set(found.map(({ properties }) => properties.code));
        const vain = part.filter((code) => !called.has(code));
        if (turn === this.turn) for (const code of vain) this.vain.add(`${layer} ${code}`);
        return found;
      });
    }
  }

  /** Asks for those in a box that a filter leaves. */
  knowIn(layer: LayerId, bbox: BBox, filter: string | null = null): Promise<void> {
    return this.once(layer, bbox.join(), (ground) =>
      this.some(ground, layer, { bbox, filter, limit: AROUND }),
    );
  }

  /** What layers hold may have changed: what is held of them is read anew, and what is gone is forgotten. */
  async renew(layers: Iterable<LayerId>): Promise<void> {
    const turn = ++this.turn;
    this.asked.clear();
    this.vain.clear();
    for (const layer of layers) {
      const held = [...this.things[layer].values()].slice(-KEPT);
      const codes = held.map(({ properties }) => properties.code);
      const ground = this.ground();
      const parts = Array.from({ length: Math.ceil(codes.length / AT_ONCE) }, (_, i) =>
        codes.slice(i * AT_ONCE, (i + 1) * AT_ONCE),
      );
      const now = ground
        ? await Promise.all(
            parts.map((part) => this.some(ground, layer, { filter: among('code', part), limit: AT_ONCE })),
          )
        : [];
      if (turn !== this.turn) return;
      this.things = { ...this.things, [layer]: new Map() };
      this.put(layer, now.flat());
    }
  }

  private some<Id extends LayerId>(
    { park, from, signal }: Ground,
    layer: Id,
    query: ItemsQuery,
  ): Promise<Features[Id][]> {
    return this.client.layerItems(layer, park, from, query, signal);
  }

  private put(layer: LayerId, features: readonly Features[LayerId][]): void {
    if (features.length === 0) return;
    const next = new Map([...this.things[layer], ...features.map((each) => [each.id, each] as const)]);
    this.things = { ...this.things, [layer]: next };
  }

  /** What is asked for twice is asked once; what failed, or gave nothing, may be asked again. */
  private once(
    layer: LayerId,
    name: string,
    read: (ground: Ground) => Promise<readonly Features[LayerId][]>,
  ): Promise<void> {
    const key = `${layer} ${name}`;
    const before = this.asked.get(key);
    const ground = this.ground();
    if (before || !ground) return before ?? Promise.resolve();
    const { turn } = this;
    const now = read(ground)
      .then((features) => {
        if (turn === this.turn) this.put(layer, features);
      })
      .catch(() => {})
      .finally(() => {
        if (this.asked.get(key) === now) this.asked.delete(key);
      });
    this.asked.set(key, now);
    return now;
  }
}
