import type { Hit, HitList, Hits, Kind, Step } from '../core/feed';
import { layerOfKind, type Layer } from '../core/layer';
import type { Found } from '../state/selection.svelte';

/** A row of the search's list: something found, a list of parcels, or what to try next. */
export type Choice = { of: 'hit'; hit: Hit } | { of: 'list'; list: HitList } | { of: 'step'; step: Step };

/**
 * The rows of an answer, in their order. A size or a status that was typed itself comes before its parcels; one that
 * was only nearly typed comes after what is called so. `here` is the open park, whose hits come first.
 */
export function choicesOf({ hits, lists, next }: Hits, here: string | null): Choice[] {
  const found = hits
    .toSorted((a, b) => Number(a.park !== here) - Number(b.park !== here))
    .map((hit): Choice => ({ of: 'hit', hit }));
  const listed = lists.map((list): Choice => ({ of: 'list', list }));
  const steps = next.map((step): Choice => ({ of: 'step', step }));
  const named = hits[0] !== undefined && !['listed', 'near'].includes(hits[0].matched.how);
  if (named) return [...found, ...listed, ...steps];
  // a size leads to a search for a site before it leads to land of about that size
  const sites = steps.filter((choice) => choice.of === 'step' && choice.step.do === 'site');
  return [...listed, ...sites, ...found, ...steps.filter((choice) => !sites.includes(choice))];
}

/** What a hit is selected as on the map; null for a park, which is opened, and for workshops, which have a panel. */
export function foundOf({ kind, id }: Hit): Found | null {
  switch (kind) {
    case 'park':
    case 'building':
    case 'unit':
      return null;
    case 'parcel':
    case 'zone':
      return { of: kind, id };
    case 'plan_unit':
      return { of: 'plan', id };
    default:
      return { of: 'network', id };
  }
}

/** The layer that shows a hit. */
export function layerOf({ kind, network }: Hit): Layer | null {
  if (kind === 'zone') return 'zones';
  if (kind === 'plan_unit') return 'plan';
  return network !== null && network in layerOfKind ? layerOfKind[network as Kind] : null;
}
