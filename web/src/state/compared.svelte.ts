import { createContext } from 'svelte';
import type { LinkPart } from '../core/link';
import type { Link } from './link.svelte';

/** So many sites stand side by side at most. */
export const MOST_COMPARED = 4;

/** What an address says of it: codes of sites, and whether they stand side by side. */
interface Beside {
  codes: readonly string[];
  shown: boolean;
}

const listed = (text: string | null): string[] =>
  [...new Set(text?.split(',').filter(Boolean).map(decodeURIComponent))].slice(0, MOST_COMPARED);

/** `compare=TX-L04,TX-K01` where they stand side by side, `chosen=…` where they are chosen for it. */
export const compareLink: LinkPart<Beside> = {
  read: (query) => {
    try {
      const shown = listed(query.get('compare'));
      return shown.length > 0
        ? { codes: shown, shown: true }
        : { codes: listed(query.get('chosen')), shown: false };
    } catch {
      return { codes: [], shown: false }; // a code that can't be read
    }
  },
  write: (query, { codes, shown }) => {
    const text = codes.map((code) => code.replaceAll('%', '%25').replaceAll(',', '%2C')).join(',');
    if (text) query.set(shown ? 'compare' : 'chosen', text);
  },
};

/** The sites chosen to stand side by side, of the map, the list or a ranking: by their codes. */
export class Compared {
  codes = $state.raw<readonly string[]>([]);
  shown = $state(false);

  constructor(private readonly link: Link) {}

  addLink(): void {
    this.link.add(
      compareLink,
      () => ({ codes: this.codes, shown: this.shown }),
      ({ codes, shown }) => {
        this.codes = codes;
        this.shown = shown;
      },
    );
  }

  get full(): boolean {
    return this.codes.length >= MOST_COMPARED;
  }

  has(code: string): boolean {
    return this.codes.includes(code);
  }

  /** Chooses one more, or one fewer; beyond the most nothing changes. */
  toggle(code: string): void {
    if (this.has(code)) this.codes = this.codes.filter((each) => each !== code);
    else if (!this.full) this.codes = [...this.codes, code];
    if (this.codes.length === 0) this.shown = false;
    this.link.renote();
  }

  open(): void {
    this.shown = this.codes.length > 0;
    this.link.note();
  }

  close(): void {
    this.shown = false;
    this.link.note();
  }

  clear(): void {
    this.codes = [];
    this.shown = false;
  }
}

export const [useCompared, provideCompared] = createContext<Compared>();
