import type {
  ByState,
  Draw,
  NearNode,
  NearNodes,
  NodeLedger,
  ServiceLedger,
  ServiceNode,
  ServiceTotal,
} from './api';
import type { BBox } from './feed';
import type { Wire } from './wire';

export type { DrawState, ServiceNode, ServiceTotal, Shortfall, Told } from './api';
/** What land can draw from nodes of networks. */
export type Service = Draw['service'];
/** How much of a node is free, in a word. */
export type Free = NonNullable<ServiceNode['free']>;
/** Amounts in the service's unit, told to members alone, but for the capacity where the park tells it. */
export type Amounts = Pick<ServiceTotal, 'capacity' | 'promised' | 'headroom' | 'by_state'>;
/** What a park's nodes have, have promised and have left (docs/services.md). */
export type Supply = ServiceLedger;
/** One node's part, with who draws what: members only. */
export type NodeSupply = NodeLedger;

/** The states of a right, as they follow each other: what is drawn is promised in one of them. */
export const promisedStates = ['built', 'supplied', 'reserved', 'hold'] as const satisfies (keyof ByState)[];
export type PromisedState = keyof ByState;

const path = (park: string, at: string | undefined, node = ''): string => {
  const query = at ? `?${new URLSearchParams({ datetime: at })}` : '';
  return `/api/parks/${encodeURIComponent(park)}/services${node && `/${encodeURIComponent(node)}`}${query}`;
};

/** A node, and which service it gives. */
export type NodeOf = Pick<NearNode, 'service'> & ServiceNode;

/** Every node that a ledger lists, with its service. */
export const nodesOf = ({ services }: Pick<Supply, 'services'>): NodeOf[] =>
  services.flatMap(({ service, nodes }) => nodes.map((node) => ({ ...node, service })));

/**
 * Reads the ledger now, or as it was at an instant, of each service at most so many nodes; without a limit all. Rejects
 * as Wire does.
 */
export function readSupply(
  wire: Wire,
  park: string,
  at?: string,
  signal?: AbortSignal,
  limit?: number,
): Promise<Supply> {
  const few = limit === undefined ? '' : `${at ? '&' : '?'}limit=${limit}`;
  return wire.ask(path(park, at) + few, signal ? { signal } : {});
}

/** Reads the nodes in a box; none where there are more than a map shows. Rejects as Wire does. */
export async function readNear(
  wire: Wire,
  park: string,
  box: BBox,
  at?: string,
  signal?: AbortSignal,
): Promise<NodeOf[]> {
  const query = new URLSearchParams({
    bbox: box.map((degrees) => degrees.toFixed(7)).join(','),
    ...(at && { datetime: at }),
  });
  const address = `/api/parks/${encodeURIComponent(park)}/service-nodes?${query}`;
  const { nodes, more } = await wire.ask<NearNodes>(address, signal ? { signal } : {});
  return more ? [] : nodes;
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
  if (capacity === null) return null;
  if (capacity <= 0) return promised > 0 ? 1 : 0;
  return Math.min(1, Math.max(0, promised / capacity));
}

/** Each state's share of the capacity, the surest first; what goes beyond the capacity is cut off. */
export function shares({ capacity, by_state }: Amounts): { state: PromisedState; share: number }[] {
  let room = 1;
  return promisedStates.flatMap((state) => {
    const share = Math.min(room, capacity !== null && capacity > 0 ? (by_state?.[state] ?? 0) / capacity : 0);
    room -= share;
    return share > 0 ? [{ state, share }] : [];
  });
}
