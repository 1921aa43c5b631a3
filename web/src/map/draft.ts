import type { Feature, Polygon } from 'geojson';
import type { ExpressionSpecification } from 'maplibre-gl';
import type { Draft } from '../core/draw';
import type { LonLat } from '../core/feed';
import { labelPoint } from '../core/labelpoint';
import { mapFont } from './fonts';
import type { Look, Sheet } from './sheet';

/** A shape of a preview and what is lettered in it. */
export interface Ghost {
  geometry: Polygon;
  label: string;
}

/** A place where the server refused, and why in a few words. */
export interface Spot {
  at: LonLat;
  text: string;
}

/** The sources of a planner's work: what would be, what is being drawn, what was refused. */
export const draftSources = ['preview', 'draft', 'refusal'] as const;

export function previewData(ghosts: readonly Ghost[]): Feature[] {
  return ghosts.flatMap(({ geometry, label }): Feature[] => {
    const at = label === '' ? null : labelPoint(geometry);
    const shape: Feature = { type: 'Feature', geometry, properties: {} };
    if (!at) return [shape];
    return [shape, { type: 'Feature', geometry: { type: 'Point', coordinates: at }, properties: { label } }];
  });
}

/**
 * The drawn points, the line through them, and the stretch to where the pointer is; a ring is closed once it is
 * finished.
 */
export function draftData({ points, finished }: Draft, pointer: LonLat | null, closed: boolean): Feature[] {
  const line = (coordinates: LonLat[], rubber: boolean): Feature[] =>
    coordinates.length < 2
      ? []
      : [{ type: 'Feature', geometry: { type: 'LineString', coordinates }, properties: { rubber } }];
  const last = points.at(-1);
  return [
    ...line([...points, ...(closed && finished ? points.slice(0, 1) : [])], false),
    ...(last && pointer ? line([last, pointer], true) : []),
    ...[...points, ...(pointer ? [pointer] : [])].map((coordinates, i): Feature => ({
      type: 'Feature',
      geometry: { type: 'Point', coordinates },
      properties: { rubber: i === points.length },
    })),
  ];
}

export function refusalData(spots: readonly Spot[]): Feature[] {
  return spots.map(({ at, text }) => ({
    type: 'Feature',
    geometry: { type: 'Point', coordinates: at },
    properties: { text },
  }));
}

const isPoint: ExpressionSpecification = ['==', ['geometry-type'], 'Point'];
const isLine: ExpressionSpecification = ['==', ['geometry-type'], 'LineString'];
const isArea: ExpressionSpecification = ['==', ['geometry-type'], 'Polygon'];

/**
 * Over all the rest: unpublished parcels' broken outline, the preview, the line being drawn, the places of a
 * refusal.
 */
export function draftLayers(look: Look): Sheet[] {
  return [internalLine(look), ...previewLayers(look), ...lineLayers(look), ...refusalLayers(look)];
}

function internalLine({ theme }: Look): Sheet {
  return {
    switch: 'parcels',
    spec: {
      id: 'internal-line',
      type: 'line',
      source: 'parcels',
      filter: ['==', ['get', 'internal'], true],
      paint: { 'line-color': theme.ink, 'line-width': 1.4, 'line-dasharray': [2, 2] },
    },
  };
}

function previewLayers({ theme }: Look): Sheet[] {
  return [
    {
      switch: null,
      spec: {
        id: 'preview-fill',
        type: 'fill',
        source: 'preview',
        filter: isArea,
        paint: { 'fill-color': theme.focus, 'fill-opacity': 0.1 },
      },
    },
    {
      switch: null,
      spec: {
        id: 'preview-casing',
        type: 'line',
        source: 'preview',
        filter: isArea,
        paint: { 'line-color': theme.sheet, 'line-width': 5 },
      },
    },
    {
      switch: null,
      spec: {
        id: 'preview-line',
        type: 'line',
        source: 'preview',
        filter: isArea,
        paint: { 'line-color': theme.focus, 'line-width': 2.4, 'line-dasharray': [3, 1.5] },
      },
    },
    {
      switch: null,
      spec: {
        id: 'preview-label',
        type: 'symbol',
        source: 'preview',
        filter: isPoint,
        layout: {
          'text-field': ['get', 'label'],
          'text-font': [mapFont.strong],
          'text-size': 13,
          'text-variable-anchor': ['center', 'top', 'bottom'],
          'text-radial-offset': 0.6,
          'text-overlap': 'always',
        },
        paint: { 'text-color': theme.focus, 'text-halo-color': theme.sheet, 'text-halo-width': 2.4 },
      },
    },
  ];
}

function lineLayers({ theme }: Look): Sheet[] {
  const line = (id: string, rubber: boolean, paint: object): Sheet => ({
    switch: null,
    spec: {
      id,
      type: 'line',
      source: 'draft',
      filter: ['all', isLine, ['==', ['get', 'rubber'], rubber]],
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint,
    },
  });
  return [
    line('draft-casing', false, { 'line-color': theme.sheet, 'line-width': 5 }),
    line('draft-line', false, { 'line-color': theme.seal, 'line-width': 2.2 }),
    line('draft-rubber', true, { 'line-color': theme.seal, 'line-width': 1.6, 'line-dasharray': [2, 2] }),
    {
      switch: null,
      spec: {
        id: 'draft-point',
        type: 'circle',
        source: 'draft',
        filter: isPoint,
        paint: {
          'circle-radius': ['case', ['get', 'rubber'], 4, 5],
          'circle-color': theme.sheet,
          'circle-stroke-color': theme.seal,
          'circle-stroke-width': 2,
        },
      },
    },
  ];
}

function refusalLayers({ theme }: Look): Sheet[] {
  return [
    {
      switch: null,
      spec: {
        id: 'refusal-ring',
        type: 'circle',
        source: 'refusal',
        paint: {
          'circle-radius': 11,
          'circle-color': theme.seal,
          'circle-opacity': 0.25,
          'circle-stroke-color': theme.seal,
          'circle-stroke-width': 2.5,
        },
      },
    },
    {
      switch: null,
      spec: {
        id: 'refusal-text',
        type: 'symbol',
        source: 'refusal',
        layout: {
          'text-field': ['get', 'text'],
          'text-font': [mapFont.strong],
          'text-size': 12.5,
          'text-anchor': 'top',
          'text-offset': [0, 1.2],
          'text-max-width': 14,
          'text-allow-overlap': true,
        },
        paint: { 'text-color': theme.seal, 'text-halo-color': theme.sheet, 'text-halo-width': 2.4 },
      },
    },
  ];
}
