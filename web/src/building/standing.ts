import type { Building } from '../core/api';
import type { Polygon } from 'geojson';
import type { LonLat, Parcel } from '../core/feed';
import { labelPoint } from '../core/labelpoint';
import type { Lang } from '../core/message';
import { sayOf } from './text';

/** Where a building stands, what is written at it, and whether a unit of it is free. */
export interface Standing {
  code: string;
  at: LonLat;
  label: string;
  free: boolean;
}

/**
 * Where the buildings of a park stand: at their point, as far as the reader knows it, else beside each other in the
 * middle of their parcel. Those on parcels that are not shown are left out.
 */
export function standingOf(
  lang: Lang,
  buildings: readonly Building[],
  parcelById: ReadonlyMap<string, Parcel>,
): Standing[] {
  const loose = new Map<string, Building[]>();
  for (const building of buildings)
    if (!building.position) loose.set(building.parcel, [...(loose.get(building.parcel) ?? []), building]);
  const places = new Map(
    [...loose].flatMap(([parcel, all]) => {
      const geometry = parcelById.get(parcel)?.geometry;
      const points = geometry ? beside(geometry, all.length) : [];
      return all.flatMap(({ id }, i) => (points[i] ? [[id, points[i]] as const] : []));
    }),
  );
  return buildings.flatMap((building) => {
    const at = (building.position as LonLat | null) ?? places.get(building.id);
    return at ? [{ code: building.code, at, label: labelOf(lang, building), free: building.free > 0 }] : [];
  });
}

const labelOf = (lang: Lang, { name_zh, name_en, units, free }: Building): string =>
  `${lang === 'zh' ? name_zh : name_en}\n${
    units === 0
      ? sayOf(lang, 'building.map.none')
      : sayOf(lang, free === 0 ? 'building.map.full' : 'building.map.free', { n: free })
  }`;

/** So many points side by side in a shape: along the widest stretch of the line through the middle of its label. */
export function beside(geometry: Polygon, n: number): LonLat[] {
  const middle = labelPoint(geometry) as LonLat | null;
  if (!middle) return [];
  const [lon, lat] = middle;
  const crossings = geometry.coordinates
    .flatMap((ring) =>
      ring.slice(1).flatMap((to, i) => {
        const from = ring[i];
        const [x1 = 0, y1 = 0] = from ?? [];
        const [x2 = 0, y2 = 0] = to;
        return y1 > lat === y2 > lat ? [] : [x1 + ((lat - y1) / (y2 - y1)) * (x2 - x1)];
      }),
    )
    .sort((a, b) => a - b);
  const after = crossings.findIndex((x) => x > lon);
  const [west, east] = [crossings[after - 1], crossings[after]];
  if (n === 1 || west === undefined || east === undefined) return Array.from({ length: n }, () => middle);
  return Array.from({ length: n }, (_, i) => [west + ((east - west) * (i + 1)) / (n + 1), lat]);
}
