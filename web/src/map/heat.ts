import type { Feature } from 'geojson';
import type { ExpressionSpecification } from 'maplibre-gl';
import { boxOfCells, shareOf, type HeatAnswer, type HeatCell } from '../core/heat';
import { mix } from '../core/theme';
import type { Look, Sheet } from './sheet';

/** A surface of scores; flat, or raised. */
export type Surface = Pick<HeatAnswer, 'features' | 'least' | 'most'> & { flat: boolean };

/** The best ground stands so high, as a share of the ground's extent: low enough to see over, high enough to tell. */
const HEIGHT_SHARE = 0.075;
const LEAST_HEIGHT_M = 60;
/** The least ground keeps so much of that height: it is a slab, not a hole. */
const SLAB = 0.06;

export const heatSources = ['heat'] as const;

/** How high the best ground of a surface is drawn, in metres: by the longer side of the box around its cells. */
export function heightOf({ features }: Pick<Surface, 'features'>): number {
  const box = boxOfCells(features);
  if (!box) return LEAST_HEIGHT_M;
  const [west, south, east, north] = box;
  const degreeM = 111_320;
  const wide = (east - west) * degreeM * Math.cos((south * Math.PI) / 180);
  const extent = Math.max(wide, (north - south) * degreeM);
  return Math.max(LEAST_HEIGHT_M, Math.round((extent * HEIGHT_SHARE) / 10) * 10);
}

/** How high a cell is drawn, in metres. */
export const cellHeight = (cell: HeatCell, surface: Surface, mostM: number): number =>
  mostM * (SLAB + (1 - SLAB) * shareOf(cell.properties.score, surface));

/** Cells with their place between the least and the most score, so that small differences can be seen. */
export function heatData(surface: Surface): Feature[] {
  const most = heightOf(surface);
  return surface.features.map((cell) => ({
    type: 'Feature',
    geometry: cell.geometry,
    properties: {
      id: cell.id,
      share: shareOf(cell.properties.score, surface),
      height: cellHeight(cell, surface, most),
    },
  }));
}

const at = (mark: 'at' | 'chosen'): ExpressionSpecification => ['boolean', ['feature-state', mark], false];

/** The surface under the lettering: the ramp, the cell under the pointer paler, the chosen one in the seal's colour. */
export function heatLayers({ theme, surface }: Look): Sheet[] {
  const ramp = (shade: (hex: string) => string): ExpressionSpecification =>
    [
      'interpolate',
      ['linear'],
      ['get', 'share'],
      ...theme.heat.flatMap((hex, i) => [i / (theme.heat.length - 1), shade(hex)]),
    ] as unknown as ExpressionSpecification;
  const colour: ExpressionSpecification = [
    'case',
    at('at'),
    ramp((hex) => mix(hex, theme.sheet, 0.3)),
    ramp((hex) => hex),
  ];
  const visibility = (form: Look['surface']): 'visible' | 'none' => (surface === form ? 'visible' : 'none');
  const outline = (id: string, color: string, width: number): Sheet => ({
    switch: null,
    spec: {
      id,
      type: 'line',
      source: 'heat',
      layout: { 'line-join': 'round', visibility: visibility('flat') },
      paint: { 'line-color': color, 'line-width': width, 'line-opacity': ['case', at('chosen'), 1, 0] },
    },
  });
  return [
    {
      switch: null,
      spec: {
        id: 'heat-flat',
        type: 'fill',
        source: 'heat',
        layout: { visibility: visibility('flat') },
        paint: { 'fill-color': colour, 'fill-opacity': 0.92, 'fill-outline-color': theme.sheet },
      },
    },
    outline('heat-chosen-casing', theme.sheet, 6),
    outline('heat-chosen', theme.seal, 3),
    {
      switch: null,
      spec: {
        id: 'heat-raised',
        type: 'fill-extrusion',
        source: 'heat',
        layout: { visibility: visibility('raised') },
        paint: {
          'fill-extrusion-color': ['case', at('chosen'), theme.seal, colour],
          'fill-extrusion-height': ['get', 'height'],
          'fill-extrusion-opacity': 1,
          'fill-extrusion-vertical-gradient': true,
        },
      },
    },
  ];
}

/** The layers that draw a surface. */
export const heatLayerIds = ['heat-flat', 'heat-raised'];

/** The light of a raised surface: from over the left shoulder, so that each block has a lit and a dim side. */
export const heatLight = {
  anchor: 'viewport' as const,
  color: '#ffffff',
  intensity: 0.4,
  position: [1.5, 300, 35] as [number, number, number],
};

/** How a surface stands. */
export const surfaceOf = (surface: Surface | null): Look['surface'] => {
  if (!surface || surface.features.length === 0) return 'none';
  return surface.flat ? 'flat' : 'raised';
};
