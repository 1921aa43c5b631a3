import type { Geometry, Position } from 'geojson';
import type { BBox } from './feed';

/** The box around positions; null around none. */
export function boxAround(positions: readonly Position[]): BBox | null {
  if (positions.length === 0) return null;
  const lons = positions.map(([lon = 0]) => lon);
  const lats = positions.map(([, lat = 0]) => lat);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

/** The box around a geometry; null where it has no position. */
export function boxOf(geometry: Geometry): BBox | null {
  const positions: Position[] = [];
  const walk = (value: unknown): void => {
    if (!Array.isArray(value)) return;
    if (typeof value[0] === 'number') positions.push(value as Position);
    else value.forEach(walk);
  };
  if (geometry.type === 'GeometryCollection') return null;
  walk(geometry.coordinates);
  return boxAround(positions);
}

const boxes = new WeakMap<Geometry, BBox>();

/** Whether something of a feature's box lies in another. The box of a geometry is found once. */
export function overlaps({ geometry }: { geometry: Geometry }, [west, south, east, north]: BBox): boolean {
  const box = boxes.get(geometry) ?? boxOf(geometry);
  if (!box) return false;
  boxes.set(geometry, box);
  return box[0] <= east && box[2] >= west && box[1] <= north && box[3] >= south;
}

/** Whether one box lies in another, but for a hundredth of its size: a view that was fitted to it holds it. */
export function holds(box: BBox | null, [west, south, east, north]: BBox): boolean {
  if (!box) return false;
  const [x, y] = [(east - west) / 100, (north - south) / 100];
  return box[0] <= west + x && box[1] <= south + y && box[2] >= east - x && box[3] >= north - y;
}
