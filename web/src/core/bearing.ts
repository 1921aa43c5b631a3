import type { LonLat } from './feed';
import { toPlane, type Plane } from './projection';

const deg = (radians: number): number => (radians * 180) / Math.PI;

/** An angle in 0 ≤ x < 360. */
export const turn = (degrees: number): number => ((degrees % 360) + 360) % 360;

/** Degrees clockwise from the survey grid's north, from a to b. */
export function bearingOf(plane: Plane, a: LonLat, b: LonLat): number {
  const from = toPlane(plane, ...a);
  const to = toPlane(plane, ...b);
  return turn(deg(Math.atan2(to.east - from.east, to.north - from.north)));
}

/** The bearing of a ring's longest side, to a hundredth of a degree: cuts that follow it leave square plots. */
export function longestSide(plane: Plane, ring: readonly LonLat[]): number {
  let longest = 0;
  let bearing = 0;
  ring.forEach((point, i) => {
    const next = ring[i + 1];
    if (!next) return;
    const a = toPlane(plane, ...point);
    const b = toPlane(plane, ...next);
    const length = Math.hypot(b.east - a.east, b.north - a.north);
    if (length <= longest) return;
    longest = length;
    bearing = bearingOf(plane, point, next);
  });
  return Math.round((bearing % 180) * 100) / 100;
}

/**
 * What an arrow key does to a bearing: a degree, with Shift ten, with Alt a tenth; null where the key turns
 * nothing.
 */
export function turned(bearing: number, key: string, shift: boolean, alt: boolean): number | null {
  const step = alt ? 0.1 : shift ? 10 : 1;
  const by = { ArrowRight: step, ArrowUp: step, ArrowLeft: -step, ArrowDown: -step }[key];
  return by === undefined ? null : Math.round(turn(bearing + by) * 100) / 100;
}
