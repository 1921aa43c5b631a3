import type { Feature } from 'geojson';
import type { Kind } from '../core/feed';
import type { Present } from '../core/live';
import { labelPoint } from '../core/labelpoint';
import { layerOfKind } from '../core/layer';
import { load, type NodeOf, type Service } from '../core/supply';
import { mix, type Theme } from '../core/theme';
import { mapFont } from './fonts';
import type { Drawn } from './drawn';
import { faded } from './land';
import { nodesFrom } from './nodes';
import type { Look, Sheet } from './sheet';

/** Lowest zooms at which the bars of nodes show, and of many nodes. */
const [BARS_FROM, MANY_BARS_FROM] = [13, 15];

/** The sources of what others do: who has which parcel open, and what is left at the nodes. */
export const othersSources = ['people', 'headroom'] as const;

/** The kind of network whose nodes give each service. */
const kindOf: Record<Service, Exclude<Kind, 'road'>> = {
  power: 'substation',
  steam: 'steam',
  water: 'water',
  sewage: 'sewer',
  gas: 'gas',
  nitrogen: 'nitrogen',
};

/** Colleagues at the parcels they have open, more than one beside each other. */
export function peopleData(people: readonly Present[], parcels: Drawn['parcels']): Feature[] {
  const names = new Map<string, string[]>();
  for (const { parcel, name } of people)
    if (parcel !== null) names.set(parcel, [...(names.get(parcel) ?? []), name]);
  return parcels.flatMap(({ id, geometry }): Feature[] => {
    const here = names.get(id);
    const at = here && labelPoint(geometry);
    if (!at) return [];
    const point = { type: 'Point' as const, coordinates: at };
    return [
      { type: 'Feature', geometry, properties: {} },
      { type: 'Feature', geometry: point, properties: { names: `● ${here.join(' · ')}` } },
    ];
  });
}

/** A bar at every node: how much of it is promised, in tenths, or for the public the word. */
export function headroomData(nodes: readonly NodeOf[]): Feature[] {
  return nodes.flatMap((node): Feature[] => {
    if (!node.point) return [];
    const share = load(node);
    const step =
      share === null ? node.free : String(share === 0 ? 0 : Math.max(1, Math.round(share * STEPS)));
    if (step === undefined) return []; // the public is told nothing of it
    return [
      {
        type: 'Feature',
        geometry: { type: 'Point', coordinates: node.point },
        properties: { id: node.id, of: 'network', kind: kindOf[node.service], bar: barOf(step) },
      },
    ];
  });
}

export function othersLayers(look: Look): Sheet[] {
  return [...people(look), ...bars(look)];
}

function people({ theme }: Look): Sheet[] {
  return [
    {
      switch: 'parcels',
      spec: {
        id: 'people-line',
        type: 'line',
        source: 'people',
        filter: ['==', ['geometry-type'], 'Polygon'],
        paint: { 'line-color': theme.focus, 'line-width': 2, 'line-opacity': 0.55, 'line-offset': 2.5 },
      },
    },
    {
      switch: 'parcels',
      spec: {
        id: 'people-name',
        type: 'symbol',
        source: 'people',
        minzoom: 13,
        filter: ['==', ['geometry-type'], 'Point'],
        layout: {
          'text-field': ['get', 'names'],
          'text-font': [mapFont.strong],
          'text-size': 11,
          'text-anchor': 'bottom',
          'text-offset': [0, -2.4],
          'text-allow-overlap': true,
          'text-ignore-placement': true,
        },
        paint: { 'text-color': theme.focus, 'text-halo-color': theme.sheet, 'text-halo-width': 1.8 },
      },
    },
  ];
}

function bars(look: Look): Sheet[] {
  return [...new Set(Object.values(kindOf))].map((kind) => ({
    switch: layerOfKind[kind],
    spec: {
      id: `sign-headroom-${kind}`,
      type: 'symbol',
      source: 'headroom',
      minzoom: look.nodesM === null ? BARS_FROM : nodesFrom(look, MANY_BARS_FROM),
      filter: ['==', ['get', 'kind'], kind],
      layout: {
        'icon-image': ['get', 'bar'],
        'icon-size': ['interpolate', ['linear'], ['zoom'], 12, 0.6, 15, 1],
        'icon-offset': [0, 17],
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
      },
      paint: { 'icon-opacity': faded(look) ? 0 : 1 },
    },
  }));
}

const STEPS = 10;
const BAR = 30;
const barOf = (step: string): string => `headroom-${step}`;
const words = { ample: 3, some: 2, little: 1 } as const;

/** The bars' images: their ids, and how each is drawn on a square of `size`. */
export function barImages(
  theme: Theme,
): { id: string; size: number; draw: (on: CanvasRenderingContext2D) => void }[] {
  const frame = (on: CanvasRenderingContext2D, fill: () => void): void => {
    on.fillStyle = theme.sheet;
    on.fillRect(0, 11, BAR, 8);
    fill();
    on.strokeStyle = theme.ink;
    on.strokeRect(0.5, 11.5, BAR - 1, 7);
  };
  const tint = (free: number): string => {
    if (free >= 0.5) return mix(theme.status.available, theme.ink, 0.1);
    return free >= 0.2 ? theme.status.reserve : theme.seal;
  };
  const tenths = Array.from({ length: STEPS + 1 }, (_, step) => ({
    id: barOf(String(step)),
    size: BAR,
    draw: (on: CanvasRenderingContext2D) =>
      frame(on, () => {
        const split = Math.round((BAR - 2) * (step / STEPS));
        on.fillStyle = theme.ink2;
        on.fillRect(1, 12, split, 6);
        on.fillStyle = tint(1 - step / STEPS);
        on.fillRect(1 + split, 12, BAR - 2 - split, 6);
      }),
  }));
  const said = Object.entries(words).map(([word, n]) => ({
    id: barOf(word),
    size: BAR,
    draw: (on: CanvasRenderingContext2D) =>
      frame(on, () => {
        on.fillStyle = tint((n - 1) / 3);
        for (let i = 0; i < n; i++) on.fillRect(2 + i * 9, 13, 8, 4);
      }),
  }));
  return [...tenths, ...said];
}
