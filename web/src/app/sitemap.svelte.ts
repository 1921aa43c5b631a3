import { untrack } from 'svelte';
import { labelPoint } from '../core/labelpoint';
import type { LonLat } from '../core/feed';
import type { Padding, ParkMap } from '../map/parkmap';
import type { RankedSite, Tie } from '../map/sites';
import type { Chain } from '../chain/chain.svelte';
import type { Words } from '../kit/words.svelte';
import type { Siting } from '../siting/siting.svelte';
import type { Land } from '../state/land.svelte';
import type { Selection } from '../state/selection.svelte';

/** What of the searches stands on the map. */
interface Around {
  chain: Chain;
  land: Land;
  selection: Selection;
  siting: Siting;
  words: Words;
}

/**
 * Keeps the ranked sites, the lines to partners and the surface on the map in step with the search. Call while
 * a component starts.
 */
export function siteMap(use: Around, mapOf: () => ParkMap | null, padding: () => Padding): void {
  const { siting, chain } = use;
  $effect(() => {
    const ranked = siting.shown ? rankedOf(use) : bestOf(use);
    void mapOf()?.sites(ranked, siting.shown ? tiesOf(use) : []);
  });
  $effect(() => {
    const heat = siting.heat.shown ? siting.heat : chain.heat;
    const surface = heat.shown;
    siting.heat.standing = chain.heat.standing = null;
    void mapOf()
      ?.heat(surface, untrack(padding))
      .then((cells) => {
        if (surface && cells !== null) heat.standing = cells;
      });
  });
}

/** The worst first, so that the better ones and the open one are drawn over them: lots of one parcel may overlap. */
function rankedOf({ siting, land: { parcelById } }: Around): RankedSite[] {
  return siting.sites
    .flatMap(({ key, id, geometry: made, cut, point, rank }) => {
      const geometry = made ?? parcelById.get(id)?.geometry;
      return geometry ? [{ geometry, cut: cut ?? null, point, rank, open: key === siting.chosen?.key }] : [];
    })
    .sort((a, b) => Number(a.open) - Number(b.open) || b.rank - a.rank);
}

/** The best places of a gap's surface, as far as they are in the open park. */
function bestOf({ chain, land: { parcelById }, selection: { selected } }: Around): RankedSite[] {
  if (!chain.heat.shown) return [];
  return chain.heat.best.flatMap(({ id }, i) => {
    const geometry = parcelById.get(id)?.geometry;
    const point = geometry && labelPoint(geometry);
    return point
      ? [{ geometry, cut: null, point: point as LonLat, rank: i + 1, open: id === selected?.id }]
      : [];
  });
}

/** One line to each who made the open site's score, however many wishes it fills. */
function tiesOf({ siting, words: { lang } }: Around): Tie[] {
  const { chosen } = siting;
  const ties = new Map(
    (chosen?.parts ?? []).flatMap(({ partner, score }) =>
      chosen && partner && score > 0
        ? [[partner.id, { from: chosen.point, to: partner.point, name: partner.name[lang] }] as const]
        : [],
    ),
  );
  return [...ties.values()];
}
