import type { StyleSpecification } from 'maplibre-gl';
import { light } from '../core/theme';
import { draftLayers, draftSources } from './draft';
import { mapFontFaces } from './fonts';
import { heatLayers, heatSources } from './heat';
import { labelLayers } from './labels';
import { landLayers, parcelLayers } from './land';
import { networkLayers } from './networks';
import { othersLayers, othersSources } from './others';
import type { Look, Sheet } from './sheet';
import { siteLayers, siteSources } from './sites';
import { stageLayers, stageSources } from './stages';
import { tiledFills } from './tiled';
import { workshopLayers } from './workshops';

/** The GeoJSON sources that ParkMap fills. */
export const sources = [
  'parks',
  'zones',
  'plan',
  'parcels',
  'networks',
  'marks',
  'spots',
  'grid',
  ...draftSources,
  ...othersSources,
  ...siteSources,
  ...heatSources,
  'workshops',
  ...stageSources,
] as const;
export type SourceName = (typeof sources)[number];

/** All layers, lowest first. */
export function sheets(look: Look): Sheet[] {
  const networks = networkLayers(look);
  return [
    ...landLayers(look),
    ...networks.ways,
    ...parcelLayers(look, tiledFills(look)),
    ...stageLayers(look),
    ...networks.pipes,
    ...heatLayers(look),
    ...labelLayers(look),
    ...networks.signs,
    ...othersLayers(look),
    ...workshopLayers(look),
    ...siteLayers(look),
    ...draftLayers(look),
  ];
}

/** What the pointer can hit, best first, as beginnings of layer ids: points and areas exactly, lines within reach. */
const exactTargets = ['sign-', 'name-', 'parcel-fill', 'plan-fill', 'zone-', 'park-name', 'park-fill'];
const nearTargets = ['line-', 'rail', 'road'];
const targetOrder = [
  'sign-',
  'name-',
  'parcel-fill',
  'line-',
  'rail',
  'plan-fill',
  'zone-',
  'road',
  'park-name',
  'park-fill',
];

export function targetLayers(): {
  exact: readonly string[];
  near: readonly string[];
  order: readonly string[];
} {
  const tiled = { kept: true, sideM: 100 };
  const land = { lat: 0, coast: true, tiled, layered: new Map(), nodesM: null };
  const look: Look = { theme: light, lang: 'zh', surface: 'none', backed: false, ...land };
  const ids = sheets(look).map(({ spec }) => spec.id);
  const like = (starts: string[]): string[] =>
    ids.filter((id) => starts.some((start) => id.startsWith(start)));
  return {
    exact: like(exactTargets).filter((id) => id !== 'zone-line'),
    near: like(nearTargets).filter((id) => !id.endsWith('-name')),
    order: targetOrder,
  };
}

const none = { type: 'FeatureCollection' as const, features: [] };

/** The whole style. Everything it names is on this origin: no glyph server, no sprite. */
export function styleOf(look: Look, basemap: string, motion: boolean): StyleSpecification {
  return {
    version: 8,
    'font-faces': mapFontFaces(),
    transition: { duration: motion ? 160 : 0, delay: 0 },
    sources: {
      basemap: { type: 'vector', url: basemap },
      ...Object.fromEntries(
        sources.map((name) => [
          name,
          { type: 'geojson' as const, data: none, promoteId: 'id', tolerance: 0.1, maxzoom: 16 },
        ]),
      ),
    },
    layers: sheets(look).map((sheet) => sheet.spec),
  };
}
