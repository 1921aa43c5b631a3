import { createContext } from 'svelte';
import { textOf, type LinkPart } from '../core/link';

interface Bound {
  write(query: URLSearchParams): void;
  take(query: URLSearchParams): void;
}

/** What a step of the browser's history keeps beside the address: how the page stood. */
export interface Step {
  panel?: string | null;
}

/** The page's address: every feature adds its part, and it follows what the reader does. */
export class Link {
  /** From when on the address follows; before, it is still being read. */
  live = false;
  /** What a step of the history keeps beside the address. */
  step: () => Step = () => ({});
  private readonly parts: Bound[] = [];

  /**
   * Adds a part: how it stands now, and what to do with what an address asks for. Parts are written and taken
   * in the order added.
   */
  add<T>(part: LinkPart<T>, now: () => T, take: (value: T) => void = () => {}): void {
    this.parts.push({
      write: (query) => part.write(query, now()),
      take: (query) => take(part.read(query)),
    });
  }

  /** Takes over what an address asks for. */
  take(query: URLSearchParams): void {
    const { live } = this;
    this.live = false;
    for (const part of this.parts) part.take(query);
    this.live = live;
  }

  /** The address of the page as it stands, with one part otherwise. */
  with<T>(part: LinkPart<T>, value: T): string {
    return this.url((query) => {
      for (const name of namesOf(part, value, query)) query.delete(name);
      part.write(query, value);
    });
  }

  /** The address follows as a step of the browser's history, where it changes. */
  note(): void {
    const url = this.url();
    if (url === location.pathname + location.search) this.renote();
    else history.pushState(this.step(), '', url);
  }

  /** The address follows without a step in the browser's history. */
  renote(): void {
    if (this.live) history.replaceState(this.step(), '', this.url());
  }

  private url(change: (query: URLSearchParams) => void = () => {}): string {
    const query = new URLSearchParams();
    for (const part of this.parts) part.write(query);
    change(query);
    return location.pathname + textOf(query);
  }
}

/** The parameters that a part has written, or would write. */
function namesOf<T>(part: LinkPart<T>, value: T, query: URLSearchParams): string[] {
  const written = new URLSearchParams();
  part.write(written, part.read(query));
  part.write(written, value);
  return [...new Set(written.keys())];
}

export const [useLink, provideLink] = createContext<Link>();
