import type { ExpressionSpecification, FilterSpecification } from 'maplibre-gl';
import type { Kind } from '../core/feed';
import { layerOfKind } from '../core/layer';
import { metresPerPixel } from '../core/scale';
import type { Look, Sheet } from './sheet';
import { signOf } from './images';
import { faded } from './land';
import { from } from './layered';
import { nodesFrom } from './nodes';

/** Lowest zooms at which trunk pipes and signs show, and the branches: a whole park's branches at once are clutter. */
const TRUNKS_FROM = 12.5;
const BRANCHES_FROM = 15;
/** How much of a pipe is left while a surface stands. */
const FADED = 0.2;
/** Between these zooms a width in metres doubles with every zoom, as the ground does. */
const WIDTH_ZOOMS = [10, 22] as const;

const lines: FilterSpecification = ['!=', ['geometry-type'], 'Point'];
const points: FilterSpecification = ['==', ['geometry-type'], 'Point'];
const ofKind = (kind: Kind, geometry: FilterSpecification): FilterSpecification =>
  ['all', ['==', ['get', 'kind'], kind], geometry] as FilterSpecification;

/** Widths in metres where the feed states none, by grade. */
const roadWidthM: ExpressionSpecification = [
  'coalesce',
  ['get', 'width_m'],
  ['match', ['get', 'grade'], 'expressway', 40, 'trunk', 32, 'main', 24, 'branch', 14, 8],
];
const roadRank: ExpressionSpecification = [
  'match',
  ['get', 'grade'],
  'expressway',
  5,
  'trunk',
  4,
  'main',
  3,
  'branch',
  2,
  1,
];
/** Pixels a road keeps when the ground would make it thinner. */
const roadLeastPx: ExpressionSpecification = [
  'match',
  ['get', 'grade'],
  'expressway',
  2,
  'trunk',
  1.6,
  'main',
  1.1,
  0.5,
];

/** A width of `metres` on the ground as pixels at every zoom, `extraPx` wider. */
function groundWidth(metres: ExpressionSpecification, lat: number, extraPx: number): ExpressionSpecification {
  const at = (zoom: number): ExpressionSpecification => [
    '+',
    ['max', roadLeastPx, ['/', metres, metresPerPixel(lat, zoom)]],
    extraPx,
  ];
  const [low, high] = WIDTH_ZOOMS;
  const stops = [low, 12, 13, 14, 15, 16, high].flatMap((zoom) => [zoom, at(zoom)]);
  return ['interpolate', ['exponential', 2], ['zoom'], ...stops] as unknown as ExpressionSpecification;
}

interface PipeLook {
  kind: Exclude<Kind, 'road' | 'port' | 'substation'>;
  dash?: number[];
}

const pipes: PipeLook[] = [
  { kind: 'sewer', dash: [5, 2] },
  { kind: 'water' },
  { kind: 'gas', dash: [6, 1.5, 1, 1.5] },
  { kind: 'nitrogen', dash: [1.5, 1.5] },
  { kind: 'steam' },
  { kind: 'power', dash: [3, 1.5] },
];

/** Ways lie under the parcels, pipes over them, signs over the lettering. */
export function networkLayers(look: Look): { ways: Sheet[]; pipes: Sheet[]; signs: Sheet[] } {
  return {
    ways: [...roads(look), ...rail(look)],
    pipes: pipes.flatMap((pipe) => pipeLines(look, pipe)),
    signs: signs(look),
  };
}

function roads(look: Look): Sheet[] {
  const { theme, lat } = look;
  const layout = { 'line-join': 'round' as const, 'line-cap': 'round' as const, 'line-sort-key': roadRank };
  const filter = ofKind('road', lines);
  return [
    {
      switch: 'roads',
      spec: {
        id: 'road-casing',
        type: 'line',
        ...from(look, 'networks'),
        filter,
        layout,
        paint: { 'line-color': theme.roadCasing, 'line-width': groundWidth(roadWidthM, lat, 1.6) },
      },
    },
    {
      switch: 'roads',
      spec: {
        id: 'road',
        type: 'line',
        ...from(look, 'networks'),
        filter,
        layout,
        paint: { 'line-color': theme.road, 'line-width': groundWidth(roadWidthM, lat, 0) },
      },
    },
  ];
}

/** The usual sign: a dark line with light ties. */
function rail(look: Look): Sheet[] {
  const { theme } = look;
  const filter = ofKind('rail', lines);
  return [
    {
      switch: 'rail',
      spec: {
        id: 'rail',
        type: 'line',
        ...from(look, 'networks'),
        filter,
        paint: {
          'line-color': theme.kind.rail,
          'line-width': ['interpolate', ['linear'], ['zoom'], 10, 1.2, 15, 4],
        },
      },
    },
    {
      switch: 'rail',
      spec: {
        id: 'rail-ties',
        type: 'line',
        ...from(look, 'networks'),
        filter,
        paint: {
          'line-color': theme.sheet,
          'line-width': ['interpolate', ['linear'], ['zoom'], 10, 0.5, 15, 2.2],
          'line-dasharray': [5, 5],
        },
      },
    },
  ];
}

function pipeLines(look: Look, { kind, dash }: PipeLook): Sheet[] {
  const { theme } = look;
  const isBranch: FilterSpecification = ['==', ['get', 'grade'], 'branch'];
  const line = (id: string, minzoom: number, rank: FilterSpecification, widths: [number, number]): Sheet => ({
    switch: layerOfKind[kind],
    spec: {
      id,
      type: 'line',
      ...from(look, 'networks'),
      minzoom,
      filter: ['all', ofKind(kind, lines), rank] as FilterSpecification,
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': theme.kind[kind],
        'line-width': ['interpolate', ['linear'], ['zoom'], 12, widths[0], 17, widths[1]],
        'line-opacity': faded(look) ? FADED : 1,
        ...(dash && { 'line-dasharray': dash }),
      },
    },
  });
  return [
    line(`line-${kind}-branch`, BRANCHES_FROM, isBranch, [0.6, 1.8]),
    line(`line-${kind}`, TRUNKS_FROM, ['!', isBranch] as FilterSpecification, [0.9, 3]),
  ];
}

const signKinds: Exclude<Kind, 'road'>[] = [
  'sewer',
  'water',
  'gas',
  'nitrogen',
  'steam',
  'power',
  'rail',
  'substation',
  'port',
];

function signs(look: Look): Sheet[] {
  return signKinds.map((kind) => ({
    switch: layerOfKind[kind],
    spec: {
      id: `sign-${kind}`,
      type: 'symbol',
      ...from(look, 'network-nodes'),
      minzoom: nodesFrom(look, kind === 'port' || kind === 'rail' ? 9 : TRUNKS_FROM),
      filter: ofKind(kind, points),
      layout: {
        'icon-image': signOf(kind),
        'icon-size': ['interpolate', ['linear'], ['zoom'], 12, 0.6, 15, 1],
        // many would cover the ground from afar
        'icon-allow-overlap': !look.layered.has('network-nodes') && look.nodesM === null,
      },
      paint: { 'text-color': look.theme.ink, 'icon-opacity': faded(look) ? 0 : 1 },
    },
  }));
}
