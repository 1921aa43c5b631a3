import type { Key } from '../core/message';
import type { Desk } from '../state/desk.svelte';

const units: Record<string, Key> = {
  mu: 'web.unit.mu',
  m: 'web.unit.m',
  'CNY/m²': 'web.match.unit.price',
  a: 'web.match.unit.years',
  d: 'web.match.unit.days',
};

/** A unit of the answer as the reader writes it. */
export function unitText(desk: Desk, unit: string): string {
  const key = units[unit];
  return key ? desk.t(key) : unit;
}
