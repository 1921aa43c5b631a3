import type { Feature, LineString, Polygon } from 'geojson';
import type { ExpressionSpecification } from 'maplibre-gl';
import type { LonLat } from '../core/feed';
import { mapFont } from './fonts';
import type { Look, Sheet } from './sheet';

/** A site of a ranking. */
export interface RankedSite {
  geometry: Polygon;
  /** Where a lot would be cut off. */
  cut: LineString | null;
  point: LonLat;
  rank: number;
  /** Whether it is open: it has the outline of what is selected. */
  open: boolean;
  /** Its number stands elsewhere: on a surface. */
  bare?: boolean;
}

/** A line from the open site to who made its score. */
export interface Tie {
  from: LonLat;
  to: LonLat;
  name: string;
}

/** The sources of a search for a site. */
export const siteSources = ['sites', 'ties'] as const;

/** So many have their number on the map, and the open one: more are too many to read. */
const NUMBERED = 20;

/** What is drawn of sites, the best last. Those of one rank may be more than have room for their number. */
export function siteData(sites: readonly RankedSite[]): Feature[] {
  return sites.flatMap(({ geometry, cut, point, rank, open, bare }, i): Feature[] => [
    { type: 'Feature', geometry, properties: { rank, open } },
    ...(cut ? [{ type: 'Feature' as const, geometry: cut, properties: { open } }] : []),
    ...(bare || ((rank > NUMBERED || i < sites.length - NUMBERED) && !open)
      ? []
      : [
          {
            type: 'Feature' as const,
            geometry: { type: 'Point' as const, coordinates: point },
            properties: { rank },
          },
        ]),
  ]);
}

export function tieData(ties: readonly Tie[]): Feature[] {
  return ties.flatMap(({ from, to, name }): Feature[] => [
    { type: 'Feature', geometry: { type: 'LineString', coordinates: [from, to] }, properties: {} },
    { type: 'Feature', geometry: { type: 'Point', coordinates: to }, properties: { name } },
  ]);
}

const isPoint: ExpressionSpecification = ['==', ['geometry-type'], 'Point'];
const isArea: ExpressionSpecification = ['==', ['geometry-type'], 'Polygon'];
const isLine: ExpressionSpecification = ['==', ['geometry-type'], 'LineString'];

/** From afar the casings are narrower, or lots close together would be all casing. */
const casing: ExpressionSpecification = ['interpolate', ['linear'], ['zoom'], 13.5, 2.6, 15.5, 5];

/** Over the lettering: outlines and numbers of the sites, lines to the partners of the open one. */
export function siteLayers({ theme, surface }: Look): Sheet[] {
  const first: ExpressionSpecification = [
    'case',
    ['==', ['get', 'rank'], 1],
    3.6,
    ['<=', ['get', 'rank'], 5],
    2.4,
    1.4,
  ];
  // what lies on the ground would show through the blocks of a raised surface
  const visibility = surface === 'raised' ? ('none' as const) : ('visible' as const);
  const layers = [
    layer('sites-casing', 'sites', 'line', isArea, { 'line-color': theme.sheet, 'line-width': casing }),
    layer('sites-line', 'sites', 'line', isArea, {
      'line-color': ['case', ['get', 'open'], theme.seal, theme.focus],
      'line-width': ['case', ['get', 'open'], 3.6, first],
    }),
    layer('sites-cut-casing', 'sites', 'line', isLine, { 'line-color': theme.sheet, 'line-width': casing }),
    layer('sites-cut', 'sites', 'line', isLine, {
      'line-color': ['case', ['get', 'open'], theme.seal, theme.focus],
      'line-width': ['case', ['get', 'open'], 3.6, 1.8],
      'line-dasharray': [2, 1.2],
    }),
    layer('ties-casing', 'ties', 'line', isLine, { 'line-color': theme.sheet, 'line-width': 5 }),
    layer('ties-line', 'ties', 'line', isLine, {
      'line-color': theme.seal,
      'line-width': 2.2,
      'line-dasharray': [2, 1.2],
    }),
    layer('ties-end', 'ties', 'circle', isPoint, {
      'circle-radius': 5,
      'circle-color': theme.sheet,
      'circle-stroke-color': theme.seal,
      'circle-stroke-width': 2,
    }),
    letters('ties-name', 'ties', ['get', 'name'], {
      'text-color': theme.seal,
      'text-halo-color': theme.sheet,
      'text-halo-width': 2.4,
    }),
    layer('sites-badge', 'sites', 'circle', isPoint, {
      'circle-radius': 10,
      'circle-color': theme.focus,
      'circle-stroke-color': theme.sheet,
      'circle-stroke-width': 1.5,
      'circle-translate': [0, -BADGE_PX],
    }),
    letters('sites-rank', 'sites', ['to-string', ['get', 'rank']], {
      'text-color': theme.sheet,
      'text-translate': [0, -BADGE_PX],
    }),
  ];
  return layers.map(({ spec, ...sheet }) => ({
    ...sheet,
    spec: { ...spec, layout: { ...spec.layout, visibility } } as Sheet['spec'],
  }));
}

/** So far above a parcel's own lettering its rank stands, in pixels. */
const BADGE_PX = 26;

function layer(
  id: string,
  source: string,
  type: 'line' | 'circle',
  filter: ExpressionSpecification,
  paint: object,
): Sheet {
  return { switch: null, spec: { id, type, source, filter, paint } as Sheet['spec'] };
}

function letters(id: string, source: string, text: ExpressionSpecification, paint: object): Sheet {
  const below =
    source === 'ties' ? { 'text-anchor': 'top' as const, 'text-offset': [0, 0.7] as [number, number] } : {};
  return {
    switch: null,
    spec: {
      id,
      type: 'symbol',
      source,
      filter: isPoint,
      layout: {
        'text-field': text,
        'text-font': [mapFont.strong],
        'text-size': 12,
        'text-allow-overlap': true,
        'text-ignore-placement': true,
        ...below,
      },
      paint,
    },
  };
}
