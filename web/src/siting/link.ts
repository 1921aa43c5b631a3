import type { LinkPart } from '../core/link';
import {
  asksFloor,
  asksGround,
  formatNeed,
  formatWeights,
  parseNeed,
  parseWeights,
  type SiteNeed,
  type Weights,
} from '../core/need';

/** The steps by which a need is stated, in order. */
export const steps = ['made', 'floor', 'size', 'services', 'logistics', 'when'] as const;
export type Step = (typeof steps)[number];

/** The steps of a need: what is asked of floor space, and of ground, only where it is asked for. */
export const stepsOf = (need: Pick<SiteNeed, 'place'>): readonly Step[] =>
  steps.filter((step) => step === 'made' || (step === 'floor' ? asksFloor(need) : asksGround(need)));

/** A search for a site, as an address holds it. */
export interface Sought {
  /** The need that sites are ranked for, or with a step the need as far as it is stated; null: none. */
  match: SiteNeed | null;
  /** The step at which a need is being stated; null: it is stated. */
  step: Step | null;
  /** How the reader weighs otherwise than that need does, by measure. */
  weights: Weights;
  /** The site that is open, by its code, where several share a parcel; null: what stands first. */
  site: string | null;
}

export const sitingLink: LinkPart<Sought> = {
  read: (query) => ({
    match: parseNeed(query.get('match')),
    step: steps.find((step) => step === query.get('step')) ?? null,
    weights: parseWeights(query.get('weigh')),
    site: query.get('site') || null,
  }),
  write: (query, { match, step, weights, site }) => {
    const need = match ? formatNeed(match) : '';
    if (need) query.set('match', need);
    if (step) query.set('step', step);
    if (!match || step) return;
    if (Object.keys(weights).length > 0) query.set('weigh', formatWeights(weights));
    if (site) query.set('site', site);
  },
};
