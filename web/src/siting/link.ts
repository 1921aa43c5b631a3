import type { LinkPart } from '../core/link';
import {
  formatNeed,
  formatWeights,
  parseNeed,
  parseWeights,
  type SiteNeed,
  type Weights,
} from '../core/need';

/** A search for a site, as an address holds it. */
export interface Sought {
  /** The need that sites are ranked for; null: none. */
  match: SiteNeed | null;
  /** How the reader weighs otherwise than that need does, by measure. */
  weights: Weights;
  /** The site that is open, by its code, where several share a parcel; null: what stands first. */
  site: string | null;
}

export const sitingLink: LinkPart<Sought> = {
  read: (query) => ({
    match: parseNeed(query.get('match')),
    weights: parseWeights(query.get('weigh')),
    site: query.get('site') || null,
  }),
  write: (query, { match, weights, site }) => {
    if (!match) return;
    query.set('match', formatNeed(match));
    if (Object.keys(weights).length > 0) query.set('weigh', formatWeights(weights));
    if (site) query.set('site', site);
  },
};
