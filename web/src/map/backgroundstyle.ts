import type { LayerSpecification, SourceSpecification } from 'maplibre-gl';
import type { Background } from '../core/api';
import type { BBox } from '../core/feed';
import { mix, type Theme } from '../core/theme';

/** What a tile file says of itself. */
export interface Head {
  vector: boolean;
  minZoom: number;
  maxZoom: number;
  bounds: BBox;
  sourceLayers: readonly string[];
}

type Tiles = Background['layers'][number];

/** The source and the layers of one set of tiles: pictures, or vectors in a modest style. */
export function partsOf(
  id: string,
  tiles: string[],
  { vector = false, source_layers = [], tile_size = 256, min_zoom, max_zoom }: Tiles,
  head: Head | null,
  theme: Theme,
  strength: number,
): { source: SourceSpecification; layers: LayerSpecification[] } {
  const zooms = { minzoom: head?.minZoom ?? min_zoom, maxzoom: head?.maxZoom ?? max_zoom };
  const common = { tiles, ...zooms, ...(head && { bounds: head.bounds }) };
  if (head?.vector ?? vector)
    return {
      source: { type: 'vector', ...common },
      layers: vectorLayers(id, head?.sourceLayers ?? source_layers, theme, strength),
    };
  return {
    source: { type: 'raster', tileSize: tile_size, ...common },
    layers: [
      { id, type: 'raster', source: id, paint: { 'raster-opacity': strength, 'raster-fade-duration': 0 } },
    ],
  };
}

const bounds = /bound|admin/;

/** What a layer is by its name, in the usual schemas (OpenMapTiles, Protomaps, Shortbread). */
const looks: { like: RegExp; area: (theme: Theme) => string; line: (theme: Theme) => string }[] = [
  { like: /water|ocean|sea|river|lake/, area: ({ sea }) => sea, line: ({ coast }) => coast },
  {
    like: /build/,
    area: ({ land, ink }) => mix(land, ink, 0.16),
    line: ({ land, ink }) => mix(land, ink, 0.3),
  },
  {
    like: /road|street|transport|highway|rail|bridge/,
    area: ({ road }) => road,
    line: ({ roadCasing }) => roadCasing,
  },
  { like: bounds, area: ({ land }) => land, line: ({ ink }) => ink },
];
const other: (typeof looks)[number] = {
  like: /./,
  area: ({ land, ink }) => mix(land, ink, 0.05),
  line: ({ land, ink }) => mix(land, ink, 0.35),
};

/** Names of layers, the lowest first: water lies on land, buildings on both. */
const areasOf = (names: readonly string[]): string[] => {
  const rank = (name: string): number => (/build/.test(name) ? 2 : /water|ocean|sea|lake/.test(name) ? 1 : 0);
  return names.toSorted((a, b) => rank(a) - rank(b));
};

/**
 * Areas, then lines, then points, each by what its name says it is: which geometry a layer holds is not known before
 * its tiles are here. Nothing is lettered, and what borders enclose is not filled.
 */
function vectorLayers(
  source: string,
  names: readonly string[],
  theme: Theme,
  strength: number,
): LayerSpecification[] {
  const look = (name: string): (typeof looks)[number] => looks.find(({ like }) => like.test(name)) ?? other;
  const areas = areasOf(names.filter((name) => !bounds.test(name))).map((name): LayerSpecification => ({
    id: `${source}-area-${name}`,
    type: 'fill',
    source,
    'source-layer': name,
    filter: ['==', ['geometry-type'], 'Polygon'],
    paint: { 'fill-color': look(name).area(theme), 'fill-opacity': strength },
  }));
  const lines = names.map((name): LayerSpecification => ({
    id: `${source}-line-${name}`,
    type: 'line',
    source,
    'source-layer': name,
    filter: ['==', ['geometry-type'], 'LineString'],
    paint: {
      'line-color': look(name).line(theme),
      'line-width': ['interpolate', ['linear'], ['zoom'], 8, 0.4, 16, 2],
      'line-opacity': strength,
    },
  }));
  const points = names.map((name): LayerSpecification => ({
    id: `${source}-point-${name}`,
    type: 'circle',
    source,
    'source-layer': name,
    minzoom: 14,
    filter: ['==', ['geometry-type'], 'Point'],
    paint: { 'circle-radius': 2, 'circle-color': look(name).line(theme), 'circle-opacity': strength },
  }));
  return [...areas, ...lines, ...points];
}
