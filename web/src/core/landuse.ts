import { isKey, say, table, type Lang } from './message';

/** The classes of land use that have names here, by their codes of two, four and more digits. */
export const landUses: readonly string[] = Object.keys(table).flatMap(
  (key) => /^web\.landuse\.(\d+)$/.exec(key)?.[1] ?? [],
);

/** The name of a land-use class, or of the nearest class above it (100102 → 1001 → 10); null where none is known. */
export function landUseName(lang: Lang, code: string): string | null {
  for (let length = code.length; length >= 2; length -= 2) {
    const key = `web.landuse.${code.slice(0, length)}`;
    if (isKey(key)) return say(lang, key);
  }
  return null;
}

/** A land use as people write it: its name, where known, and its code. */
export function useText(lang: Lang, code: string | null): string | null {
  return code && [landUseName(lang, code), code].filter(Boolean).join(' ');
}
