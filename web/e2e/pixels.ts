import type { Polygon } from 'geojson';
import type { Page } from 'playwright-core';

export type Rgb = [red: number, green: number, blue: number];
export type Point = [x: number, y: number];

export function rgbOf(hex: string): Rgb {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as Rgb;
}

/** Reads the page's pixels, as the reader would see them, at points in CSS pixels. */
export async function pixelsAt(page: Page, points: readonly Point[]): Promise<Rgb[]> {
  const shot = (await page.screenshot()).toString('base64');
  return page.evaluate(
    async ([png, at, width]) => {
      const bytes = Uint8Array.from(atob(png), (c) => c.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d', {
        willReadFrequently: true,
      });
      if (!context) throw new Error('no canvas');
      context.drawImage(bitmap, 0, 0);
      const ratio = bitmap.width / width;
      return at.map(([x, y]) => [
        ...context.getImageData(Math.round(x * ratio), Math.round(y * ratio), 1, 1).data.slice(0, 3),
      ]) as Rgb[];
    },
    [shot, points as Point[], page.viewportSize()?.width ?? 1] as const,
  );
}

export function isNear(a: Rgb, b: Rgb, tolerance = 10): boolean {
  return a.every((value, i) => Math.abs(value - (b[i] ?? NaN)) <= tolerance);
}

/** The view that the link holds; the map fills the page, so that its middle is the page's. */
export function project(page: Page, [lon, lat]: readonly [number, number]): Point {
  const view = new URL(page.url()).searchParams.get('view')?.split('/').map(Number);
  const size = page.viewportSize();
  if (!view || !size) throw new Error(`no view in ${page.url()}`);
  const [zoom = NaN, midLat = NaN, midLon = NaN] = view;
  const world = 512 * 2 ** zoom;
  const y = (degrees: number): number =>
    0.5 - Math.asinh(Math.tan((degrees * Math.PI) / 180)) / (2 * Math.PI);
  return [size.width / 2 + ((lon - midLon) / 360) * world, size.height / 2 + (y(lat) - y(midLat)) * world];
}

/** About `count` places spread evenly inside a polygon. */
export function placesInside(polygon: Polygon, count: number): [number, number][] {
  const ring = polygon.coordinates[0] as [number, number][];
  const lons = ring.map(([lon]) => lon);
  const lats = ring.map(([, lat]) => lat);
  const [west, east, south, north] = [
    Math.min(...lons),
    Math.max(...lons),
    Math.min(...lats),
    Math.max(...lats),
  ];
  const side = Math.ceil(Math.sqrt(count * 2));
  const places: [number, number][] = [];
  for (let i = 0.5; i < side; i++)
    for (let j = 0.5; j < side; j++) {
      const place: [number, number] = [
        west + ((east - west) * i) / side,
        south + ((north - south) * j) / side,
      ];
      if (polygon.coordinates.every((each, n) => within(place, each as [number, number][]) === (n === 0)))
        places.push(place);
    }
  return places;
}

function within([x, y]: [number, number], ring: [number, number][]): boolean {
  let inside = false;
  ring.forEach(([x1, y1], i) => {
    const [x2, y2] = ring[(i + ring.length - 1) % ring.length] ?? [x1, y1];
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  });
  return inside;
}
