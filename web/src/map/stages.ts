import type { Feature } from 'geojson';
import type { ExpressionSpecification } from 'maplibre-gl';
import type { Parcel } from '../core/feed';
import { columnColours, type Column } from '../core/stage';
import type { Look, Sheet } from './sheet';

/** In which column of the board the project of a parcel stands, by the parcel's code. */
export type Stages = ReadonlyMap<string, Column>;

export const stageSources = ['stages'] as const;

/** The parcels with a project. */
export function stageData(stages: Stages, parcels: readonly Parcel[]): Feature[] {
  return parcels.flatMap(({ id, geometry, properties }): Feature[] => {
    const column = stages.get(properties.code);
    return column ? [{ type: 'Feature', geometry, properties: { id, column } }] : [];
  });
}

/** Parcels in the colour of their project's stage, over that of their status. */
export function stageLayers({ theme }: Look): Sheet[] {
  const colour = [
    'match',
    ['get', 'column'],
    ...columnColours(theme).flat(),
    theme.lineStrong,
  ] as unknown as ExpressionSpecification;
  return [
    {
      switch: 'parcels',
      spec: {
        id: 'stage-fill',
        type: 'fill',
        source: 'stages',
        paint: { 'fill-color': colour, 'fill-opacity': 0.92, 'fill-outline-color': theme.sheet },
      },
    },
  ];
}
