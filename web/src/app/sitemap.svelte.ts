import { untrack } from 'svelte';
import { labelPoint } from '../core/labelpoint';
import type { LonLat } from '../core/feed';
import type { Padding, ParkMap } from '../map/parkmap';
import type { RankedSite, Tie } from '../map/sites';
import type { Chain } from '../chain/chain.svelte';
import type { Words } from '../kit/words.svelte';
import type { Heat } from '../siting/heat.svelte';
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
    const best = [...siting.heat.best, ...chain.heat.best];
    const codes = [...siting.sites.flatMap(({ parcels }) => parcels), ...best].map(({ code }) => code);
    untrack(() => void use.land.knowCodes(codes));
  });
  $effect(() => {
    const surface = siting.heat.shown ?? chain.heat.shown;
    void mapOf()?.sites(surface ? bestOf(use) : rankedOf(use), siting.shown ? tiesOf(use) : []);
  });
  $effect(() => {
    const heat = standingHeat(use);
    const surface = heat.shown;
    siting.heat.standing = chain.heat.standing = null;
    void mapOf()
      ?.heat(surface, untrack(padding))
      .then((cells) => {
        if (surface && cells !== null) heat.standing = cells;
      });
  });
}

/** The heat whose surface stands, or may. */
export const standingHeat = ({ chain, siting }: Pick<Around, 'chain' | 'siting'>): Heat =>
  siting.heat.shown ? siting.heat : chain.heat;

/** The worst first, so that the better ones and the open one are drawn over them: lots of one parcel may overlap. */
function rankedOf({ siting, land: { parcelById } }: Around): RankedSite[] {
  if (!siting.shown) return [];
  return siting.sites
    .flatMap(({ key, id, geometry: made, cut, point, rank }) => {
      const geometry = made ?? parcelById.get(id)?.geometry;
      return geometry ? [{ geometry, cut: cut ?? null, point, rank, open: key === siting.chosen?.key }] : [];
    })
    .sort((a, b) => Number(a.open) - Number(b.open) || b.rank - a.rank);
}

/** The best places of a surface, as far as they are in the open park; their numbers stand on the surface. */
function bestOf(use: Around): RankedSite[] {
  const { siting, land, selection } = use;
  return standingHeat(use)
    .best.flatMap(({ key, id }, i): RankedSite[] => {
      const site = siting.sites.find((each) => each.key === key);
      const geometry = site?.geometry ?? land.parcelById.get(id)?.geometry;
      const point = geometry && labelPoint(geometry);
      if (!point) return [];
      const open = id === selection.selected?.id;
      return [{ geometry, cut: null, point: point as LonLat, rank: i + 1, open, bare: true }];
    })
    .reverse();
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
