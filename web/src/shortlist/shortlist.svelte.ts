import { createContext } from 'svelte';
import { quietly, shelfOf, type Shelf } from '../core/shelf';
import type { Land } from '../state/land.svelte';
import type { Link } from '../state/link.svelte';
import { shortlistLink } from './link';
import { formatList, isSame, MOST_KEPT, parseList, type Kept } from '../core/kept';

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
    this.put([...linked, ...kept.filter((one) => !linked.some((each) => isSame(each, one)))]);
  }

  /** Adds the list to the address: what a link brings is added to what the browser has. */
  addLink(): void {
    this.use.link.add(
      shortlistLink,
      () => this.items,
      (list) => {
        const fresh = list.filter((each) => !this.has(each));
        if (fresh.length > 0) this.put([...this.items, ...fresh]);
      },
    );
  }

  has(item: Kept): boolean {
    return this.items.some((each) => isSame(each, item));
  }

  toggle(item: Kept): void {
    if (this.has(item)) this.put(this.items.filter((each) => !isSame(each, item)));
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
