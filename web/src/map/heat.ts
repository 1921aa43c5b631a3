import type { Feature } from 'geojson';
import type { ExpressionSpecification } from 'maplibre-gl';
import { coverageBand, coverageBands, shareOf, type HeatAnswer } from '../core/heat';
import { heatRamp, heatOpacity } from '../core/theme';
import type { Look, Sheet } from './sheet';

/** A surface of scores; flat, or raised. */
export type Surface = Pick<HeatAnswer, 'features' | 'least' | 'most'> & { flat: boolean };

/** How high the best ground stands, in metres. */
const HEIGHT_M = 140;

export const heatSources = ['heat'] as const;

/** Cells with their place between the least and the most score, so that small differences can be seen. */
export function heatData(surface: Surface): Feature[] {
  return surface.features.map(({ id, geometry, properties }) => ({
    type: 'Feature',
    geometry,
    properties: {
      id,
      share: shareOf(properties.score, surface),
      band: coverageBand(properties.coverage),
      flat: surface.flat,
    },
  }));
}

const share: ExpressionSpecification = ['get', 'share'];

/**
 * The surface under the lettering. An extrusion has one opacity for a whole layer: one layer for each band of
 * coverage.
 */
export function heatLayers({ theme }: Look): Sheet[] {
  const [low, high] = heatRamp(theme);
  const colour: ExpressionSpecification = ['interpolate', ['linear'], share, 0, low, 1, high];
  const flat: ExpressionSpecification = ['get', 'flat'];
  return [
    {
      switch: null,
      spec: {
        id: 'heat-flat',
        type: 'fill',
        source: 'heat',
        filter: flat,
        paint: {
          'fill-color': colour,
          'fill-opacity': ['at', ['get', 'band'], ['literal', [...heatOpacity]]],
        },
      },
    },
    ...coverageBands.map((band): Sheet => ({
      switch: null,
      spec: {
        id: `heat-${band}`,
        type: 'fill-extrusion',
        source: 'heat',
        filter: ['all', ['!', flat], ['==', ['get', 'band'], band]],
        paint: {
          'fill-extrusion-color': colour,
          'fill-extrusion-height': ['+', 4, ['*', share, HEIGHT_M]],
          'fill-extrusion-opacity': heatOpacity[band],
        },
      },
    })),
  ];
}

/** The layers that draw a surface. */
export const heatLayerIds = ['heat-flat', ...coverageBands.map((band) => `heat-${band}`)];
