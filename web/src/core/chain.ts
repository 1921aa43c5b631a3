import type { ChainAnswer, ChainGap, ChainLink, ChainNode, ChainReason, ChainTenant } from './api';
import type { Lang } from './message';
import type { Wire } from './wire';

/** What GET /api/parks/{park}/chain answers (docs/matching.md), and its parts. */
export type Chain = ChainAnswer;
export type FilledNode = ChainNode;
export type Gap = ChainGap;
export type Link = ChainLink;
export type Reason = ChainReason;
export type Tenant = ChainTenant;

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
