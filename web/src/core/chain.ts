import type { LonLat } from './feed';
import type { Both, ChainNode } from './match';
import type { Lang } from './message';
import type { Wire } from './wire';

/** Who supplies whom. */
export interface Link {
  from: string;
  to: string;
  /** How much the customer depends on the supplier, above 0 and at most 1. */
  weight: number;
  /** In the form "Chinese / English". */
  source: string;
}

export interface Tenant {
  parcel: string;
  code: string;
  name: Both;
  point: LonLat;
}

/** A piece of the chain with who fills it in a park. */
export interface FilledNode extends ChainNode {
  /** Projects in talks or signed that have no land yet: members alone see them. */
  pipeline: number;
  tenants: Tenant[];
}

export interface Reason {
  why: 'depends' | 'feeds' | 'unlocks';
  node: string;
  weight: number;
  /** What it adds to the score. */
  adds: number;
  text: Both;
}

export interface Gap {
  node: string;
  /** 1: nobody; 0.5: only the pipeline. */
  missing: number;
  score: number;
  reasons: Reason[];
}

/** What GET /api/parks/{park}/chain answers (docs/matching.md). */
export interface Chain {
  name: Both;
  edition: string;
  revision: number;
  source: string;
  scope: 'public' | 'planner';
  seq: number;
  nodes: FilledNode[];
  links: Link[];
  gaps: Gap[];
}

export const readChain = (wire: Wire, park: string, signal: AbortSignal): Promise<Chain> =>
  wire.ask(`/api/parks/${encodeURIComponent(park)}/chain`, { signal });

/** Nodes along the chain, from raw material to use; those that serve several stages (stage −1) last. */
export function inOrder(nodes: readonly FilledNode[]): FilledNode[] {
  const place = ({ stage }: FilledNode): number => (stage < 0 ? Infinity : stage);
  return [...nodes].sort((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)));
}

/** Who supplies a node and whom it supplies, the weightiest first. */
export function partnersOf(links: readonly Link[], node: string): { suppliers: Link[]; customers: Link[] } {
  const weightiest = (chosen: Link[]): Link[] => chosen.sort((a, b) => b.weight - a.weight);
  return {
    suppliers: weightiest(links.filter(({ to }) => to === node)),
    customers: weightiest(links.filter(({ from }) => from === node)),
  };
}

/** Tenants by name: one may stand on several parcels. */
export function byName(tenants: readonly Tenant[], lang: Lang): [name: string, parcels: Tenant[]][] {
  const named = new Map<string, Tenant[]>();
  for (const tenant of tenants)
    named.set(tenant.name[lang], [...(named.get(tenant.name[lang]) ?? []), tenant]);
  return [...named];
}

/** The link that a reason for a gap rests on. */
export function linkOf(links: readonly Link[], gap: Gap, reason: Reason): Link | undefined {
  const [from, to] = reason.why === 'feeds' ? [reason.node, gap.node] : [gap.node, reason.node];
  return links.find((link) => link.from === from && link.to === to);
}
