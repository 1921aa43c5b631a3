import { createContext } from 'svelte';
import { formatList, isSame, parseList, type Kept } from '../core/kept';
import type { LinkPart } from '../core/link';
import type { Link } from './link.svelte';

/** So many sites stand side by side at most. */
export const MOST_COMPARED = 4;

/** What an address says of it: the sites, and whether they stand side by side. */
interface Beside {
  items: readonly Kept[];
  shown: boolean;
}

/**
 * `compare=TX-L04,TX-K01` where they stand side by side, `chosen=…` where they are chosen for it; lots and assemblies
 * whole, as the shortlist has them.
 */
export const compareLink: LinkPart<Beside> = {
  read: (query) => {
    const shown = parseList(query.get('compare'), MOST_COMPARED);
    return shown.length > 0
      ? { items: shown, shown: true }
      : { items: parseList(query.get('chosen'), MOST_COMPARED), shown: false };
  },
  write: (query, { items, shown }) => {
    if (items.length > 0) query.set(shown ? 'compare' : 'chosen', formatList(items));
  },
};

/** The sites chosen to stand side by side, of the map, the list, the shortlist or a ranking. */
export class Compared {
  items = $state.raw<readonly Kept[]>([]);
  shown = $state(false);

  constructor(private readonly link: Link) {}

  addLink(): void {
    this.link.add(
      compareLink,
      () => ({ items: this.items, shown: this.shown }),
      ({ items, shown }) => {
        this.items = items;
        this.shown = shown;
      },
    );
  }

  get full(): boolean {
    return this.items.length >= MOST_COMPARED;
  }

  get codes(): string[] {
    return this.items.map(({ code }) => code);
  }

  has(item: Kept): boolean {
    return this.items.some((each) => isSame(each, item));
  }

  /** Chooses one more, or one fewer; beyond the most nothing changes. */
  toggle(item: Kept): void {
    if (this.has(item)) this.items = this.items.filter((each) => !isSame(each, item));
    else if (!this.full) this.items = [...this.items, item];
    if (this.items.length === 0) this.shown = false;
    this.link.renote();
  }

  open(): void {
    this.shown = this.items.length > 0;
    this.link.note();
  }

  close(): void {
    this.shown = false;
    this.link.note();
  }

  clear(): void {
    this.items = [];
    this.shown = false;
  }
}

export const [useCompared, provideCompared] = createContext<Compared>();
