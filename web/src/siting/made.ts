import { partnersOf, type Chain, type Link } from '../core/chain';
import type { SiteNeed } from '../core/need';

/** How much nearness to the chain's suppliers and customers counts beside the size: a default of the form. */
export const NODE_SHARE = '3';

/** The supplier that a piece of the chain needs most, of those who are in the park; null: none is, or none is known. */
export function nearestWish(chain: Chain | null, node: string): Link | null {
  if (!chain) return null;
  const here = new Set(chain.nodes.filter(({ tenants }) => tenants.length > 0).map(({ code }) => code));
  return partnersOf([...chain.links], node).suppliers.find(({ from }) => here.has(from)) ?? null;
}

/** What a need takes over from what is made: its piece of the chain, and whom the chain wants near. */
export function madeIn(
  chain: Chain | null,
  node: string,
): Pick<SiteNeed, 'node' | 'share' | 'near' | 'near_m'> {
  return {
    node,
    share: node === '' ? '' : NODE_SHARE,
    near: nearestWish(chain, node)?.from ?? '',
    near_m: '',
  };
}
