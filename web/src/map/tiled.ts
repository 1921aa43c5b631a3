import type { ExpressionSpecification } from 'maplibre-gl';
import { zoomOf } from '../core/large';
import { colours, coverOf, DIMMED, faded, isHovered } from './land';
import type { Look, Sheet } from './sheet';

/** The sources of a large park: all parcels, and those that the reader's filters leave. */
export const tileSources = ['parcel-tiles', 'parcel-kept'] as const;
export type TileSource = (typeof tileSources)[number];
export const isTileSource = (name: string): name is TileSource => tileSources.some((each) => each === name);

/** The layers in their tiles. */
export const AREAS = 'parcels';
export const LABELS = 'parcels-labels';

/** Outlines of sides that are shorter than this, in pixels, would be a moiré; from twice as much on they are whole. */
const OUTLINED_PX = 7;

/** A large park's parcels by status, and their outlines. */
export function tiledFills(look: Look): Sheet[] {
  const { tiled } = look;
  if (!tiled) return [];
  const fills = (source: TileSource, id: string, share: number): Sheet[] => [
    {
      switch: 'parcels',
      spec: {
        id: `parcel-fill-${id}`,
        type: 'fill',
        source,
        'source-layer': AREAS,
        paint: {
          'fill-color': ['case', isHovered, colours(look, 0.16), colours(look, 0)],
          'fill-opacity': faded(look) ? 0 : share * coverOf(look),
          // neighbours of one colour would part along their sides, and small ones flicker
          'fill-antialias': false,
        },
      },
    },
    {
      switch: 'parcels',
      spec: {
        id: `parcel-hatch-${id}`,
        type: 'fill',
        source,
        'source-layer': AREAS,
        filter: ['==', ['get', 'status'], 'withdrawn'],
        paint: { 'fill-pattern': 'hatch', 'fill-opacity': faded(look) ? 0 : share * coverOf(look) },
      },
    },
  ];
  const from = zoomOf(tiled.sideM, OUTLINED_PX, look.lat);
  const width: ExpressionSpecification = ['interpolate', ['linear'], ['zoom'], 12, 0.25, 14, 0.7, 17, 1.2];
  return [
    ...fills('parcel-tiles', 'all', tiled.kept ? DIMMED : 1),
    ...(tiled.kept ? fills('parcel-kept', 'kept', 1) : []),
    {
      switch: 'parcels',
      spec: {
        id: 'parcel-line-all',
        type: 'line',
        source: 'parcel-tiles',
        'source-layer': AREAS,
        minzoom: Math.max(0, from),
        layout: { 'line-join': 'round' },
        paint: {
          'line-color': look.theme.parcelLine,
          'line-opacity': ['interpolate', ['linear'], ['zoom'], from, 0, from + 1, 0.6],
          'line-width': width,
        },
      },
    },
  ];
}
