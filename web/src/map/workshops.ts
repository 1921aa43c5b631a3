import type { Feature } from 'geojson';
import type { LonLat } from '../core/feed';
import { WORKSHOPS_FROM } from '../core/view';
import { mapFont } from './fonts';
import { faded } from './land';
import type { Look, Sheet } from './sheet';

/** A building where it stands, with what is said of it. */
export interface Workshop {
  code: string;
  at: LonLat;
  label: string;
  /** Whether a unit of it is free. */
  free: boolean;
}

/** Lowest zoom at which buildings are lettered. */
const LETTERED_FROM = 15;

export const workshopData = (workshops: readonly Workshop[]): Feature[] =>
  workshops.map(({ code, at, label, free }) => ({
    type: 'Feature',
    geometry: { type: 'Point', coordinates: at },
    properties: { id: code, of: 'building', label, free },
  }));

/** A dot at every building, full where a unit is free, and under it its name and how many are. */
export function workshopLayers(look: Look): Sheet[] {
  const { theme } = look;
  const opacity = faded(look) ? 0 : 1;
  return [
    {
      switch: 'parcels',
      spec: {
        id: 'sign-workshop',
        type: 'circle',
        source: 'workshops',
        minzoom: WORKSHOPS_FROM,
        paint: {
          'circle-radius': ['interpolate', ['linear'], ['zoom'], 14, 4, 17, 7],
          'circle-color': ['case', ['get', 'free'], theme.seal, theme.sheet],
          'circle-stroke-color': ['case', ['get', 'free'], theme.sheet, theme.seal],
          'circle-stroke-width': 2,
          'circle-opacity': opacity,
          'circle-stroke-opacity': opacity,
        },
      },
    },
    {
      switch: 'parcels',
      spec: {
        id: 'sign-workshop-name',
        type: 'symbol',
        source: 'workshops',
        minzoom: LETTERED_FROM,
        layout: {
          'text-field': ['get', 'label'],
          'text-font': [mapFont.strong],
          'text-size': 11.5,
          'text-anchor': 'top',
          'text-offset': [0, 0.8],
          'text-max-width': 12,
        },
        paint: {
          'text-color': theme.seal,
          'text-halo-color': theme.sheet,
          'text-halo-width': 1.8,
          'text-opacity': opacity,
        },
      },
    },
  ];
}
