import type { Background } from './api';

/** A background by its code, and how strong it is drawn. */
export interface Picked {
  code: string;
  /** In percent, from LEAST to FULL. */
  strength: number;
}

export const FULL = 100;
export const LEAST = 20;

/** Why a tile didn't come: the status of the answer, or 0 where nobody answered. */
export type Failure = number;

/** "ortho", or "ortho,60" of one that is drawn weaker; null for what can't be read. */
export function parsePicked(text: string | null): Picked | null {
  const [, code, strength = String(FULL)] =
    /^([a-z0-9][a-z0-9-]{0,39})(?:,(\d{1,3}))?$/.exec(text ?? '') ?? [];
  if (!code) return null;
  return { code, strength: Math.min(FULL, Math.max(LEAST, Number(strength))) };
}

export const pickedText = ({ code, strength }: Picked): string =>
  strength === FULL ? code : `${code},${strength}`;

/** Other machines that a browser asks for a background, each once. */
export function hostsOf({ layers }: Background): string[] {
  const addresses = layers.flatMap(({ tiles = [], pmtiles }) => (pmtiles ? [pmtiles] : tiles));
  const hosts = addresses
    .filter((address) => /^https?:/.test(address))
    .map((address) => address.split('/')[2]);
  return [...new Set(hosts)].filter((host) => host !== undefined);
}
