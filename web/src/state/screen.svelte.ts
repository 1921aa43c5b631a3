import { createContext } from 'svelte';

/** The device: how much room there is, whether it draws maps, what the reader's hands are on. */
export class Screen {
  hasWebGl = $state(true);
  narrow = $state(false);
  /** Two panels leave the map little room. */
  tight = $state(false);
  /** The first view stands: what it can do without may be fetched. */
  settled = $state(false);
  /** Whether the reader last used the keyboard rather than a pointer. */
  byKeyboard = false;
}

export const [useScreen, provideScreen] = createContext<Screen>();
