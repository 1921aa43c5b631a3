import type { Waiting } from './api';
import type { Wire } from './wire';

export type { Waiting } from './api';

const path = (park: string, query: Record<string, string>): string =>
  `/api/parks/${encodeURIComponent(park)}/queue?${new URLSearchParams(query)}`;

/** The queue for a parcel, in order. Rejects as Wire does. */
export async function readQueue(
  wire: Wire,
  park: string,
  parcel: string,
  signal?: AbortSignal,
): Promise<Waiting[]> {
  return (await wire.ask<{ queue: Waiting[] }>(path(park, { parcel }), signal ? { signal } : {})).queue;
}

/** The places that one asked for oneself, with those that ended since an instant. */
export async function readMine(
  wire: Wire,
  park: string,
  since: string,
  signal?: AbortSignal,
): Promise<Waiting[]> {
  const query = path(park, { mine: 'true', since });
  return (await wire.ask<{ queue: Waiting[] }>(query, signal ? { signal } : {})).queue;
}

/** The places that were waited in before and have been decided since: served, or passed over. */
export function decided(before: readonly Waiting[], now: readonly Waiting[]): Waiting[] {
  const waited = new Set(before.filter(({ state }) => state === 'waiting').map(({ id }) => id));
  return now.filter(({ id, state }) => waited.has(id) && (state === 'served' || state === 'passed'));
}
