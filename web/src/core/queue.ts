import type { Person, Touched } from './history';
import type { Wire } from './wire';

/** A project's place in the line for a parcel, or what became of it (docs/services.md). */
export interface Waiting {
  id: string;
  parcel: Touched;
  project: { id: string; code: string; name_zh: string | null; name_en: string | null };
  state: 'waiting' | 'served' | 'passed' | 'left' | 'ended';
  /** From 1; null once the place has ended. */
  position: number | null;
  term_days: number;
  asked_at: string;
  asked_by: Person | null;
  ended_at: string | null;
  ended_reason: string | null;
}

const path = (park: string, query: Record<string, string>): string =>
  `/api/parks/${encodeURIComponent(park)}/queue?${new URLSearchParams(query)}`;

/** The line for a parcel, in order. Rejects as Wire does. */
export async function readLine(
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
