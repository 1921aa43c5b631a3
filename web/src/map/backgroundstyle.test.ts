import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec';
import type { StyleSpecification } from 'maplibre-gl';
import { describe, expect, it } from 'vitest';
import { light } from '../core/theme';
import { partsOf, type Head } from './backgroundstyle';

type Parts = ReturnType<typeof partsOf>;
const tiles = { min_zoom: 2, max_zoom: 17 };
const head = (change: Partial<Head> = {}): Head => ({
  vector: false,
  minZoom: 13,
  maxZoom: 19,
  bounds: [122, 37.2, 122.1, 37.3],
  sourceLayers: [],
  ...change,
});
const faults = ({ source, layers }: Parts): string[] => {
  const style = { version: 8, sources: { b: source }, layers } as StyleSpecification;
  return validateStyleMin(style).map(({ message }) => message);
};

describe('the style of a background', () => {
  it('is one layer of pictures, at the zooms that are set or that the file says', () => {
    const set = partsOf('b', ['https://a.cn/{z}/{x}/{y}'], { ...tiles, tile_size: 512 }, null, light, 0.6);
    expect(set.source).toMatchObject({ type: 'raster', tileSize: 512, minzoom: 2, maxzoom: 17 });
    expect(set.layers.map(({ paint }) => paint)).toMatchObject([{ 'raster-opacity': 0.6 }]);
    expect(faults(set)).toEqual([]);
    const said = partsOf('b', ['bgfile:///a#{z}/{x}/{y}'], tiles, head(), light, 1);
    expect(said.source).toMatchObject({ minzoom: 13, maxzoom: 19, bounds: [122, 37.2, 122.1, 37.3] });
    expect(faults(said)).toEqual([]);
  });

  it('draws each layer of vectors by its geometry, areas below lines below points', () => {
    const names = ['buildings', 'water', 'roads', 'boundaries', 'poi'];
    const parts = partsOf(
      'b',
      ['x/{z}/{x}/{y}'],
      tiles,
      head({ vector: true, sourceLayers: names }),
      light,
      1,
    );
    expect(faults(parts)).toEqual([]);
    const kinds = parts.layers.map(({ type }) => type);
    expect(kinds).toEqual(kinds.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)));
    const areas = parts.layers.filter(({ type }) => type === 'fill').map(({ id }) => id.split('-').at(-1));
    // what borders enclose isn't filled, and buildings stand on the ground
    expect(areas).toEqual(['roads', 'poi', 'water', 'buildings']);
    expect(parts.layers.find(({ id }) => id === 'b-area-water')?.paint).toMatchObject({
      'fill-color': light.sea,
    });
    expect(parts.layers.filter(({ type }) => type === 'line')).toHaveLength(names.length);
  });
});
const order = ['fill', 'line', 'circle'];
