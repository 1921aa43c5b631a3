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
