import type { Position } from 'geojson';
import type { BBox } from './feed';

/** The box around positions; null around none. */
export function boxAround(positions: readonly Position[]): BBox | null {
  if (positions.length === 0) return null;
  const lons = positions.map(([lon = 0]) => lon);
  const lats = positions.map(([, lat = 0]) => lat);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}
