/** Where texts are kept by name: the browser's storage, or one of a test. */
export type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/** The browser's storage; none where it forbids it. */
export const shelfOf = (storage: () => Shelf): Shelf | null => quietly(storage);

/** A browser may have no room, or forbid keeping anything: then nothing outlives the page. */
export function quietly<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
