import type { Geometry, Position } from 'geojson';
import { boxAround } from '../core/bbox';
import { collections, isCollection } from '../core/collection';
import type { BBox, LonLat } from '../core/feed';
import type { Content } from '../core/content';
import type { ParkEvent } from '../core/live';
import type { Found } from '../state/selection.svelte';

/** Where an event happened, if it is still on the map: the first thing it touched, and what that covers. */
export function placeOf(
  content: Content | null,
  event: ParkEvent,
): { found: Found; box: BBox | null } | null {
  if (!content) return null;
  for (const { collection, id } of event.changes) {
    if (!isCollection(collection)) continue;
    const { of, list } = collections[collection];
    const things: readonly { id: string; geometry: Geometry }[] = content[list];
    const thing = things.find((each) => each.id === id);
    if (!thing) continue;
    const { geometry } = thing;
    return {
      found: { of, id },
      box: 'coordinates' in geometry ? boxAround(points(geometry.coordinates)) : null,
    };
  }
  return null;
}

type Nested = Position | Nested[];

function points(of: Nested): LonLat[] {
  return typeof of[0] === 'number' ? [of as LonLat] : (of as Nested[]).flatMap(points);
}
