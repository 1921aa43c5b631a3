import type { LonLat } from './feed';
import type { Touched } from './history';
import type { Wire } from './wire';

/** What land can draw from nodes of networks. */
export type Service = 'power' | 'steam' | 'water' | 'sewage' | 'gas' | 'nitrogen';

/** The states of a right, as they follow each other: what is drawn is promised in one of them. */
export const promisedStates = ['built', 'supplied', 'reserved', 'hold'] as const;
export type PromisedState = (typeof promisedStates)[number];

/** How much of a node is free, in a word: half or more; a fifth or more; less. */
export type Free = 'ample' | 'some' | 'little';

/** How the public is told what a node has left (docs/services.md), and since when. */
export interface Told {
  form: 'figure' | 'band' | 'word' | 'none';
  amount?: number;
  min?: number;
  max?: number;
  as_of?: string;
}

/** Amounts are in the service's unit, kVA, t/h, m3/d or m3/h, and negative where more is promised than there is. Members only: promised, headroom, by_state. */
export interface Amounts {
  capacity: number;
  promised?: number;
  headroom?: number;
  by_state?: Record<PromisedState, number>;
}

export interface ServiceNode extends Amounts {
  id: string;
  code: string;
  name_zh: string | null;
  name_en: string | null;
  point: LonLat | null;
  /** Absent where the public is told nothing. */
  free?: Free;
  told: Told;
}

export interface ServiceTotal extends Amounts {
  service: Service;
  unit: string;
  nodes: ServiceNode[];
}

/** What a park's nodes have, have promised and have left (docs/services.md). */
export interface Supply {
  seq: number;
  form: 'members' | 'public';
  services: ServiceTotal[];
}

/** A right that draws from a node. */
export interface NodeDraw {
  service: Service;
  amount: number;
  at_risk: number | null;
  allotment: string;
  state: PromisedState;
  project: { id: string; code: string; name_zh: string | null; name_en: string | null };
  parcels: Touched[];
}

/** One node's part, with who draws what: members only. */
export interface NodeSupply extends Supply {
  draws?: NodeDraw[];
}

/** What an order would draw of a node, and what that has left then. */
export interface DrawState {
  service: Service;
  node: string;
  code: string;
  amount: number;
  unit: string;
  capacity: number;
  headroom: number;
}

/** What a node lacks to give what is asked of it; without a node, the park has none of the service. */
export interface Shortfall {
  node?: string;
  code?: string;
  service: Service;
  unit: string;
  capacity: number;
  promised: number;
  asked: number;
  shortfall: number;
}

const path = (park: string, at: string | undefined, node = ''): string => {
  const query = at ? `?${new URLSearchParams({ datetime: at })}` : '';
  return `/api/parks/${encodeURIComponent(park)}/services${node && `/${encodeURIComponent(node)}`}${query}`;
};

/** Reads the ledger now, or as it was at an instant. Rejects as Wire does. */
export function readSupply(wire: Wire, park: string, at?: string, signal?: AbortSignal): Promise<Supply> {
  return wire.ask(path(park, at), signal ? { signal } : {});
}

export function readNode(
  wire: Wire,
  park: string,
  node: string,
  at?: string,
  signal?: AbortSignal,
): Promise<NodeSupply> {
  return wire.ask(path(park, at, node), signal ? { signal } : {});
}

/** The share of the capacity that is promised, 0 to 1; null where it is not said. */
export function load({ capacity, promised }: Amounts): number | null {
  if (promised === undefined) return null;
  if (capacity <= 0) return promised > 0 ? 1 : 0;
  return Math.min(1, Math.max(0, promised / capacity));
}

/** Each state's share of the capacity, the surest first; what goes beyond the capacity is cut off. */
export function shares({ capacity, by_state }: Amounts): { state: PromisedState; share: number }[] {
  let room = 1;
  return promisedStates.flatMap((state) => {
    const share = Math.min(room, capacity > 0 ? (by_state?.[state] ?? 0) / capacity : 0);
    room -= share;
    return share > 0 ? [{ state, share }] : [];
  });
}
