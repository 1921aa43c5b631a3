import type { MultiPolygon, Polygon, Position } from 'geojson';

interface Cell {
  x: number;
  y: number;
  half: number;
  /** Signed distance of the centre to the outline, positive inside. */
  d: number;
  /** The best distance that any point of the cell could have. */
  most: number;
}

/**
 * Where a label sits best: the point inside that lies farthest from the outline, to 5 % of the shape's extent;
 * of several polygons, that of the roomiest. Works in degrees stretched to be locally square. Null for an empty shape.
 *
 *  1. Cover the polygon's box with square cells and measure each centre.
 *  2. Take the cell that could still hold the farthest point, and quarter it while it may beat the best by the
 *     tolerance.
 */
export function labelPoint(shape: Polygon | MultiPolygon): Position | null {
  const polygons = shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates;
  let best: { at: Position; d: number } | null = null;
  for (const rings of polygons) {
    const found = roomiest(rings);
    if (found && (!best || found.d > best.d)) best = found;
  }
  return best?.at ?? null;
}

function roomiest(rings: Position[][]): { at: Position; d: number } | null {
  const outer = rings[0];
  if (!outer || outer.length < 4) return null;
  const stretch = Math.cos(((outer[0]?.[1] ?? 0) * Math.PI) / 180);
  const flat = rings.map((ring) => ring.map(([lon = 0, lat = 0]): [number, number] => [lon * stretch, lat]));
  const xs = (flat[0] ?? []).map(([x]) => x);
  const ys = (flat[0] ?? []).map(([, y]) => y);
  const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const size = Math.min(x1 - x0, y1 - y0);
  if (!(size > 0)) return null;
  const tolerance = Math.max(x1 - x0, y1 - y0) / 20;
  const cell = (x: number, y: number, half: number): Cell => {
    const d = signedDistance(x, y, flat);
    return { x, y, half, d, most: d + half * Math.SQRT2 };
  };
  const queue: Cell[] = [];
  for (let x = x0; x < x1; x += size)
    for (let y = y0; y < y1; y += size) queue.push(cell(x + size / 2, y + size / 2, size / 2));
  let best = cell((x0 + x1) / 2, (y0 + y1) / 2, 0);
  while (queue.length > 0) {
    queue.sort((a, b) => a.most - b.most);
    const next = queue.pop();
    if (!next || next.most - best.d <= tolerance) break;
    if (next.d > best.d) best = next;
    const h = next.half / 2;
    for (const dx of [-h, h]) for (const dy of [-h, h]) queue.push(cell(next.x + dx, next.y + dy, h));
  }
  return { at: [best.x / stretch, best.y], d: best.d };
}

function signedDistance(x: number, y: number, rings: [number, number][][]): number {
  let inside = false;
  let least = Infinity;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const a = ring[i];
      const b = ring[j];
      if (!a || !b) continue;
      if (a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]) inside = !inside;
      least = Math.min(least, segmentDistance2(x, y, a, b));
    }
  }
  return inside ? Math.sqrt(least) : -Math.sqrt(least);
}

/** The squared distance of a point to a segment. */
function segmentDistance2(x: number, y: number, a: [number, number], b: [number, number]): number {
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  const length2 = dx * dx + dy * dy;
  const t = length2 > 0 ? Math.max(0, Math.min(1, ((x - a[0]) * dx + (y - a[1]) * dy) / length2)) : 0;
  const ex = x - a[0] - t * dx;
  const ey = y - a[1] - t * dy;
  return ex * ex + ey * ey;
}
