import type { ParkMap } from '../map/parkmap';
import type { RankedSite, Tie } from '../map/sites';
import type { Desk } from './desk.svelte';

/** Keeps the ranked sites, the lines to partners and the surface on the map in step with the search. Call while a component starts. */
export function siteMap(deskOf: () => Desk, mapOf: () => ParkMap | null): void {
  const desk = deskOf();
  const { siting } = desk;
  $effect(() => void mapOf()?.sites(siting.shown ? rankedOf(desk) : [], siting.shown ? tiesOf(desk) : []));
  $effect(() => void mapOf()?.heat(siting.heat.shown));
}

/** The worst first, so that the better ones and the open one are drawn over them: lots of one parcel may overlap. */
function rankedOf({ siting, parcelById }: Desk): RankedSite[] {
  return siting.sites
    .flatMap(({ key, id, geometry: made, cut, point, rank }) => {
      const geometry = made ?? parcelById.get(id)?.geometry;
      return geometry ? [{ geometry, cut: cut ?? null, point, rank, open: key === siting.chosen?.key }] : [];
    })
    .sort((a, b) => Number(a.open) - Number(b.open) || b.rank - a.rank);
}

/** One line to each who made the open site's score, however many wishes it fills. */
function tiesOf({ siting, lang }: Desk): Tie[] {
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
