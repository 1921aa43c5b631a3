import type { Map as MapLibreMap, Point } from 'maplibre-gl';
import { collectionOf, collections, type ThingKind } from '../core/collection';
import type { TiledFeed } from '../core/layertiles';
import { glimpseOf, type Glimpse } from '../core/parcels';
import { feedIn, kindIn } from './layered';
import { targetLayers, type SourceName } from './style';
import { isTileSource } from './tiled';

/**
 * What a click or the pointer found: a building by its code. `feed`: which of the public's collections a tile showed it
 * from. `seen`: what a tile tells of a parcel.
 */
export type Found =
  { of: ThingKind | 'park'; id: string; feed?: TiledFeed; seen?: Glimpse } | { of: 'building'; id: string };

/** What may be under the pointer besides: a parcel of which the map knows the colour alone. */
export const SOME_PARCEL = 'some parcel';

/** Nearer than this to a line, in pixels, counts as on it. */
const REACH_PX = 4;

/** Layers that answer the pointer, by what they are hit with. */
const targets = targetLayers();
const rank = (layer: string): number => targets.order.findIndex((start) => layer.startsWith(start));

/** What lies under the pointer: a sign first, then the parcel, then a line within reach, then the ground. */
export function foundAt(map: MapLibreMap, { x, y }: Point): Found | typeof SOME_PARCEL | null {
  // the layers of large parks are there while one is open; one that was switched off may not be redrawn yet
  const there = (ids: readonly string[]): string[] =>
    ids.filter((id) => map.getLayer(id) && map.getLayoutProperty(id, 'visibility') !== 'none');
  const exact = map.queryRenderedFeatures([x, y], { layers: there(targets.exact) });
  const near = map.queryRenderedFeatures(
    [
      [x - REACH_PX, y - REACH_PX],
      [x + REACH_PX, y + REACH_PX],
    ],
    { layers: there(targets.near) },
  );
  const hits = [...exact, ...near].sort((a, b) => rank(a.layer.id) - rank(b.layer.id));
  for (const hit of hits) {
    const id = hit.properties['id'];
    if (typeof id === 'string') {
      const feed = feedIn(hit.source);
      const seen = isTileSource(hit.source) ? glimpseOf(hit.properties) : null;
      const more = { ...(feed && { feed }), ...(seen && { seen }) };
      return { of: ofSource(hit.source, hit.properties['of']), id, ...more } as Found;
    }
    if (isTileSource(hit.source)) return SOME_PARCEL;
  }
  return null;
}

export const sourceOf = (of: Found['of']): SourceName =>
  of === 'park' ? 'parks' : of === 'building' ? 'workshops' : collections[collectionOf(of)].list;

function ofSource(source: string, spotOf: Found['of'] | undefined): Found['of'] {
  if (source === 'parks') return 'park';
  if (isTileSource(source)) return 'parcel';
  const kind = kindIn(source);
  if (kind) return kind;
  const row = Object.values(collections).find(({ list }) => list === source);
  return row?.of ?? spotOf ?? 'zone';
}
