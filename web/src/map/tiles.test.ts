import { VectorTile, type VectorTileFeature as Feature } from '@mapbox/vector-tile';
import { readFileSync } from 'node:fs';
import Pbf from 'pbf';
import { describe, expect, it } from 'vitest';

// The vector tiles that geo/tile writes, read as a map reads them. What they must show was computed from the parcels in
// degrees (geo/tile/golden_test.go).

interface Expected {
  file: string;
  extent: number;
  areas: Record<string, number>;
  ids: string[];
  labels: number;
}

interface Place {
  x: number;
  y: number;
}

const folder = new URL('../../../geo/tile/testdata/', import.meta.url);
const all = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as Expected[];

/** What of a ring lies on one side of a line: v is how far a place is inside. */
function cut(ring: Place[], v: (p: Place) => number): Place[] {
  return ring.flatMap((p, i) => {
    const q = ring.at(i - 1) ?? p;
    const [a, b] = [v(q), v(p)];
    const s = a / (a - b);
    const on = a < 0 !== b < 0 ? [{ x: q.x + s * (p.x - q.x), y: q.y + s * (p.y - q.y) }] : [];
    return b < 0 ? on : [...on, p];
  });
}

/** The area of rings within the edges of their tile: outer ones run clockwise as drawn, holes the other way. */
function within(rings: Place[][], extent: number): number {
  let twice = 0;
  for (const whole of rings) {
    let ring = cut(whole, (p) => p.x);
    ring = cut(ring, (p) => extent - p.x);
    ring = cut(ring, (p) => p.y);
    ring = cut(ring, (p) => extent - p.y);
    ring.forEach((p, i) => {
      const q = ring.at(i - 1) ?? p;
      twice += q.x * p.y - p.x * q.y;
    });
  }
  return twice / 2;
}

describe.each(all)('$file', ({ file, extent, areas, ids, labels }) => {
  const tile = new VectorTile(new Pbf(readFileSync(new URL(file, folder))));
  const featuresOf = (layer = tile.layers.parcels): Feature[] =>
    layer ? Array.from({ length: layer.length }, (_, i) => layer.feature(i)) : [];
  const parcels = tile.layers.parcels;
  const features = featuresOf();

  it('has the area of each status', () => {
    expect([parcels?.version, parcels?.extent]).toEqual([2, extent]);
    const got: Record<string, number> = {};
    for (const f of features) {
      const status = f.properties.status as string;
      got[status] = (got[status] ?? 0) + within(f.loadGeometry(), extent) / extent / extent;
    }
    for (const [status, area] of Object.entries(areas))
      expect(Math.abs((got[status] ?? 0) / area - 1), status).toBeLessThan(0.005);
  });

  it('has each parcel that is to be seen', () => {
    const seen = new Set(features.map((f) => f.properties.id));
    expect(ids.filter((id) => !seen.has(id))).toEqual([]);
  });

  it('has a label where one fits', () => {
    const points = tile.layers['parcels-labels'];
    const found = points ? featuresOf(points) : [];
    expect(found.length).toBeGreaterThanOrEqual(labels);
    expect(found.every((f) => f.type === 1)).toBe(true);
  });
});
