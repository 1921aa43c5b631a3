import type { Words } from '../kit/words.svelte';
import type { Key } from '../core/message';

const units: Record<string, Key> = {
  mu: 'web.unit.mu',
  m: 'web.unit.m',
  'CNY/m²': 'web.match.unit.price',
  a: 'web.match.unit.years',
  d: 'web.match.unit.days',
};

/** A unit of the answer as the reader writes it. */
export function unitText(words: Words, unit: string): string {
  const key = units[unit];
  return key ? words.t(key) : unit;
}
