import { createContext } from 'svelte';

/** How long a passing word stays, in ms. */
const STAYS_MS = 6_000;
/** How many stand at a time. */
const KEPT = 3;

/**
 * Passing words to the reader, the newest last. Each stays its time, whatever comes after it: the server is
 * back, and then what was missed.
 */
export class Notice {
  words = $state<{ id: number; text: string }[]>([]);
  private told = 0;

  tell(text: string): void {
    const id = ++this.told;
    this.words = [...this.words.filter((word) => word.text !== text), { id, text }].slice(-KEPT);
    setTimeout(() => (this.words = this.words.filter((word) => word.id !== id)), STAYS_MS);
  }
}

export const [useNotice, provideNotice] = createContext<Notice>();
