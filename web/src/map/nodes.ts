import type { Network } from '../core/feed';
import { zoomOf } from '../core/large';
import type { Look } from './sheet';

/** The least zoom of nodes that tiles draw: a tile has all of them, also those that don't show yet. */
const TILED_NODES_FROM = 12;
/** So many nodes stand apart wherever a whole park is seen. */
const FEW_NODES = 300;
/** Signs of more than these are nearer to each other, in pixels, than can be told apart. */
const NODES_PX = 56;

/** The least zoom at which nodes show that would show from `zoom` on, if they were few. */
export function nodesFrom({ layered, nodesM, lat }: Look, zoom: number): number {
  if (layered.has('network-nodes')) return Math.max(TILED_NODES_FROM, zoom);
  return nodesM === null ? zoom : Math.max(zoom, zoomOf(nodesM, NODES_PX, lat));
}

/** How far nodes are from each other in the mean, in metres; null: they are few. */
export function nodesApart(networks: readonly Network[]): number | null {
  const places = networks.flatMap(({ geometry }) =>
    geometry.type === 'Point' ? [geometry.coordinates] : [],
  );
  if (places.length <= FEW_NODES) return null;
  const span = (axis: 0 | 1): number => {
    let [least, most] = [Infinity, -Infinity];
    for (const { [axis]: at = 0 } of places) [least, most] = [Math.min(least, at), Math.max(most, at)];
    return most - least;
  };
  const across = span(0) * Math.cos(((places[0]?.[1] ?? 0) * Math.PI) / 180);
  return DEGREE_M * Math.sqrt((across * span(1)) / places.length);
}

/** A degree of latitude, in metres. */
const DEGREE_M = 111_195;
