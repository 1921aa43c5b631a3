import { createContext } from 'svelte';
import { quietly, shelfOf, type Shelf } from '../core/shelf';
import type { Land } from '../state/land.svelte';
import type { Link } from '../state/link.svelte';
import { formatList, MOST_KEPT, parseList, shortlistLink, type Kept } from './link';

/** Ground that the reader keeps in mind, without an account: in the browser and in the address, by park. */
export class Shortlist {
  items = $state.raw<readonly Kept[]>([]);
  /** The browser keeps nothing: the list lasts as long as the page, or its address. */
  fleeting = $state(false);
  /** One more was wanted than there is room for. */
  full = $state(false);
  private park: string | null = null;

  constructor(
    private readonly use: { land: Land; link: Link },
    private readonly shelf: Shelf | null = shelfOf(() => localStorage),
  ) {}

  /** Reads what the browser has of the open park. Call while a component starts. */
  follow(): void {
    $effect(() => this.open(this.use.land.park?.code ?? null));
  }

  open(park: string | null): void {
    if (park === null || park === this.park) return;
    const linked = this.park === null ? this.items : [];
    this.park = park;
    const kept = parseList(quietly(() => this.shelf?.getItem(this.name) ?? null));
    this.put([...linked, ...kept.filter(({ code }) => !linked.some((each) => each.code === code))]);
  }

  /** Adds the list to the address: what a link brings is added to what the browser has. */
  addLink(): void {
    this.use.link.add(
      shortlistLink,
      () => this.items,
      (list) => {
        const fresh = list.filter(({ code }) => !this.has(code));
        if (fresh.length > 0) this.put([...this.items, ...fresh]);
      },
    );
  }

  has(code: string): boolean {
    return this.items.some((each) => each.code === code);
  }

  toggle(item: Kept): void {
    if (this.has(item.code)) this.put(this.items.filter(({ code }) => code !== item.code));
    else this.put([...this.items, item]);
    this.use.link.renote();
  }

  clear(): void {
    this.put([]);
    this.use.link.renote();
  }

  private get name(): string {
    return `luodi.shortlist.${this.park}`;
  }

  private put(items: readonly Kept[]): void {
    this.full = items.length > MOST_KEPT;
    this.items = items.slice(0, MOST_KEPT);
    if (this.park === null) return;
    const { shelf } = this;
    const kept = quietly(() => {
      if (this.items.length > 0) shelf?.setItem(this.name, formatList(this.items));
      else shelf?.removeItem(this.name);
      return shelf !== null;
    });
    this.fleeting = kept !== true;
  }
}

export const [useShortlist, provideShortlist] = createContext<Shortlist>();
