import type { BBox, LonLat } from './feed';
import type { View } from './view';

/** The map's window in pixels, and what panels cover of it. */
export interface Window {
  width: number;
  height: number;
  padding: Padding;
}

export interface Padding {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

/** Of a world that is one wide: Web Mercator (EPSG:3857) from its upper left corner, for looking only. */
export function worldOf([lon, lat]: LonLat): LonLat {
  const sin = Math.sin((lat * Math.PI) / 180);
  return [lon / 360 + 0.5, 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)];
}

/** Padding that would leave no map is dropped: a phone in landscape has little room. */
export function affordable({ width, height, padding }: Window): Padding {
  const { left, right, top, bottom } = padding;
  const fits = left + right < width * 0.85 && top + bottom < height * 0.85;
  return fits ? padding : { top: 20, bottom: 20, left: 20, right: 20 };
}

/** A point of the map in pixels: pixel = world × scale + move. */
export interface Lens {
  scale: number;
  move: LonLat;
}

/** How the map shows a view: world pixels are 512 × 2^zoom wide. */
export function lensOf({ zoom, lon, lat }: View, { width, height }: Window): Lens {
  const scale = 512 * 2 ** zoom;
  const [x, y] = worldOf([lon, lat]);
  return { scale, move: [width / 2 - x * scale, height / 2 - y * scale] };
}

/** How the map fits a box into what panels leave free of it, no closer than a zoom. */
export function lensOn([west, south, east, north]: BBox, window: Window, closest: number): Lens {
  const { left, right, top, bottom } = affordable(window);
  const [x0, y0] = worldOf([west, north]);
  const [x1, y1] = worldOf([east, south]);
  const [wide, high] = [window.width - left - right, window.height - top - bottom];
  const scale = Math.min(wide / (x1 - x0), high / (y1 - y0), 512 * 2 ** closest);
  return {
    scale,
    move: [left + wide / 2 - ((x0 + x1) / 2) * scale, top + high / 2 - ((y0 + y1) / 2) * scale],
  };
}

/** The outlines of an area in the map's pixels, as SVG writes them. */
export function pathOf(rings: readonly (readonly (readonly number[])[])[], { scale, move }: Lens): string {
  const place = ([lon = 0, lat = 0]: readonly number[]): string => {
    const [x, y] = worldOf([lon, lat]);
    return `${(x * scale + move[0]).toFixed(1)} ${(y * scale + move[1]).toFixed(1)}`;
  };
  return rings.map((ring) => `M${ring.map(place).join('L')}Z`).join('');
}
