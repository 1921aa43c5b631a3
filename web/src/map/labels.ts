import type { ExpressionSpecification } from 'maplibre-gl';
import { kinds, statuses } from '../core/feed';
import { layerOfKind } from '../core/layer';
import { M2_PER_MU } from '../core/format';
import { landUseName, landUses } from '../core/landuse';
import { say, type Lang } from '../core/message';
import { mapFont } from './fonts';
import { faded, inFilter, isOut } from './land';
import { from, lettersFrom } from './layered';
import { nodesFrom } from './nodes';
import { LABELS } from './tiled';
import type { Look, Sheet } from './sheet';

/** A feature's name in the reader's language, else in the other, else "". */
function named(lang: Lang, zh: string, en: string): ExpressionSpecification {
  return ['coalesce', ...namesIn(lang, zh, en), ''];
}

const namesIn = (lang: Lang, zh: string, en: string): ExpressionSpecification[] =>
  (lang === 'zh' ? [zh, en] : [en, zh]).map((name) => ['get', name]);

/** A parcel with more land than this tells its status and area from afar. */
const LARGE_MU = 100;
/** Lowest zoom at which zones and large parcels are lettered. */
const ZONES_FROM = 12.6;
/** Lowest zoom at which parcels tell who is there; zones' names, which would lie over them, end here. */
const NAMES_FROM = 15.4;

/** Legal area in mu with its unit; "" where none is stated. */
function mu(lang: Lang): ExpressionSpecification {
  const digits = { 'min-fraction-digits': 2, 'max-fraction-digits': 2 };
  const value: ExpressionSpecification = ['number-format', ['/', ['get', 'legal_m2'], M2_PER_MU], digits];
  return [
    'case',
    ['==', ['typeof', ['get', 'legal_m2']], 'number'],
    ['concat', value, ` ${say(lang, 'web.unit.mu')}`],
    '',
  ];
}

/** On a line of its own how many days a hold has left; "" for what isn't held. */
function daysText(lang: Lang): ExpressionSpecification {
  const [before = '', after = ''] = say(lang, 'web.hold.left').split('{n}');
  return [
    'case',
    ['!=', ['typeof', ['get', 'days']], 'number'],
    '',
    ['==', ['get', 'days'], 1],
    `\n${say(lang, 'web.hold.left', { n: 1 })}`,
    ['concat', `\n${before}`, ['to-string', ['max', 0, ['get', 'days']]], after],
  ];
}

/**
 * The lettering, from ground to top. Areas are lettered at a point that ParkMap chose inside them (source
 * `spots`), once each; parcels with more land come first where there is no room for all. What comes later is
 * placed first, and keeps its place.
 */
export function labelLayers(look: Look): Sheet[] {
  return [
    gridCrosses(),
    roadNames(look),
    ...parcelNames(look),
    ...tiledCodes(look),
    planCodes(look),
    largeNames(look),
    zoneNames(look),
    ...parkNames(look),
    ...facilityNames(look),
  ];
}

function gridCrosses(): Sheet {
  return {
    switch: 'grid',
    spec: {
      id: 'grid-cross',
      type: 'symbol',
      source: 'grid',
      layout: { 'icon-image': 'cross', 'icon-allow-overlap': true, 'icon-ignore-placement': true },
      paint: { 'icon-opacity': 0.9 },
    },
  };
}

function roadNames(look: Look): Sheet {
  const { theme, lang, surface } = look;
  return {
    switch: 'roads',
    spec: {
      id: 'road-name',
      type: 'symbol',
      ...from(look, 'networks'),
      minzoom: 13,
      filter: ['==', ['get', 'kind'], 'road'],
      layout: {
        'symbol-placement': 'line',
        'symbol-spacing': 420,
        'text-field': ['coalesce', ...namesIn(lang, 'name_zh', 'name_en'), ['get', 'code']],
        'text-font': [mapFont.regular],
        'text-size': ['interpolate', ['linear'], ['zoom'], 13, 9.5, 17, 13],
        'text-letter-spacing': lang === 'zh' ? 0.18 : 0.02,
        'text-max-angle': 30,
        'text-padding': 8,
      },
      paint: {
        'text-color': theme.ink2,
        'text-halo-color': theme.road,
        'text-halo-width': 1.6,
        'text-opacity': surface === 'raised' ? 0 : 1,
      },
    },
  };
}

/** Names beside the signs of points, once there is room for them. */
function facilityNames(look: Look): Sheet[] {
  const { theme, lang } = look;
  return kinds
    .filter((kind) => kind !== 'road')
    .map((kind) => ({
      switch: layerOfKind[kind],
      spec: {
        id: `name-${kind}`,
        type: 'symbol',
        ...from(look, 'network-nodes'),
        minzoom: nodesFrom(look, kind === 'port' || kind === 'rail' ? 11 : 14.6),
        filter: ['all', ['==', ['get', 'kind'], kind], ['==', ['geometry-type'], 'Point']],
        layout: {
          'text-field': named(lang, 'name_zh', 'name_en'),
          'text-font': [mapFont.regular],
          'text-size': 11,
          'text-anchor': 'top',
          'text-offset': [0, 1.1],
          'text-max-width': 9,
          'text-optional': true,
        },
        paint: {
          'text-color': theme.kind[kind],
          'text-halo-color': theme.sheet,
          'text-halo-width': 1.6,
          'text-opacity': faded(look) ? 0 : 1,
        },
      },
    }));
}

/**
 * How parcels' lettering is painted: light on the deep colour of built land, dark where the filter pales that
 * colour.
 */
function parcelPaint(look: Look) {
  const { theme } = look;
  const deep: ExpressionSpecification = faded(look)
    ? ['literal', false]
    : ['all', ['==', ['get', 'status'], 'built'], ['!', isOut]];
  return {
    'text-color': ['case', deep, theme.onBuilt, theme.ink] as ExpressionSpecification,
    'text-halo-color': ['case', deep, theme.status.built, theme.sheet] as ExpressionSpecification,
    'text-halo-width': 1.1,
    'text-halo-blur': 0.4,
    'text-opacity': [
      'case',
      ['boolean', ['feature-state', 'covered'], false],
      0,
      besideSurface(look) ?? inFilter(0.4),
    ] as ExpressionSpecification,
  };
}

/**
 * How much of the lettering stays under a surface, which has names of its own: on a flat one who is beside the free
 * ground, on a raised one nothing, as lettering lies on the ground and would show through the blocks. Null: no surface.
 */
function besideSurface({ surface }: Look): ExpressionSpecification | number | null {
  if (surface === 'none') return null;
  if (surface === 'raised') return 0;
  return ['match', ['get', 'status'], ['available', 'reserve'], 0, 0.75];
}

const isLarge: ExpressionSpecification = ['>', ['get', 'legal_m2'], LARGE_MU * M2_PER_MU];
const isParcel: ExpressionSpecification = ['==', ['get', 'of'], 'parcel'];

/** Who is on a parcel with much land, else its status, such as the reserve's; and its area. */
function largeNames(look: Look): Sheet {
  const { lang } = look;
  const who = named(lang, 'occupant_zh', 'occupant_en');
  const status = [
    'match',
    ['get', 'status'],
    ...statuses.flatMap((each) => [each, say(lang, `web.status.${each}`)]),
    '',
  ] as unknown as ExpressionSpecification;
  return {
    switch: 'parcels',
    spec: {
      id: 'parcel-large',
      type: 'symbol',
      source: 'spots',
      minzoom: ZONES_FROM,
      filter: ['all', isParcel, isLarge],
      layout: {
        'text-field': [
          'format',
          ['case', ['==', who, ''], status, who],
          { 'text-font': ['literal', [mapFont.title]] },
          '\n',
          {},
          mu(lang),
          { 'font-scale': 0.9, 'text-font': ['literal', [mapFont.strong]] },
          '\n',
          {},
          ['get', 'code'],
          { 'font-scale': 0.65 },
        ],
        'text-font': [mapFont.regular],
        'text-size': ['interpolate', ['linear'], ['zoom'], 12.6, 11.5, 15, 18],
        'text-max-width': 12,
      },
      paint: { ...parcelPaint(look), 'text-halo-width': 1.6 },
    },
  };
}

function parcelNames(look: Look): Sheet[] {
  const { lang } = look;
  const who = named(lang, 'occupant_zh', 'occupant_en');
  const code: ExpressionSpecification = ['get', 'code'];
  const left = daysText(lang);
  const both: ExpressionSpecification = [
    'case',
    ['==', who, ''],
    ['format', code, {}, '\n', {}, mu(lang), { 'font-scale': 0.85 }, left, { 'font-scale': 0.85 }],
    [
      'format',
      who,
      { 'text-font': ['literal', [mapFont.strong]] },
      '\n',
      {},
      code,
      { 'font-scale': 0.85 },
      left,
      { 'font-scale': 0.85 },
    ],
  ];
  const layout = {
    'text-font': [mapFont.regular],
    'text-max-width': lang === 'zh' ? 7 : 9,
    'text-line-height': 1.15,
    'text-padding': 3,
    'symbol-sort-key': ['-', ['get', 'legal_m2']] as ExpressionSpecification,
  };
  const paint = parcelPaint(look);
  return [
    {
      switch: 'parcels',
      spec: {
        id: 'parcel-code',
        type: 'symbol',
        source: 'spots',
        minzoom: 13.6,
        maxzoom: NAMES_FROM,
        filter: ['all', isParcel, ['!', isLarge]],
        layout: {
          ...layout,
          'text-field': code,
          'text-padding': 1,
          'text-size': ['interpolate', ['linear'], ['zoom'], 13.6, 9.5, NAMES_FROM, 11.5],
        },
        paint,
      },
    },
    {
      switch: 'parcels',
      spec: {
        id: 'parcel-name',
        type: 'symbol',
        source: 'spots',
        minzoom: NAMES_FROM,
        filter: ['all', isParcel, ['!', isLarge]],
        layout: {
          ...layout,
          'text-variable-anchor': ['center', 'bottom', 'top'],
          'text-radial-offset': 0.9,
          'text-field': both,
          'text-size': ['interpolate', ['linear'], ['zoom'], NAMES_FROM, 11, 18, 15],
        },
        paint,
      },
    },
  ];
}

/** The codes of a large park's parcels: tiles tell no more of them. */
function tiledCodes(look: Look): Sheet[] {
  const { tiled } = look;
  if (!tiled) return [];
  return [
    {
      switch: 'parcels',
      spec: {
        id: 'parcel-code-tiled',
        type: 'symbol',
        source: tiled.kept ? 'parcel-kept' : 'parcel-tiles',
        'source-layer': LABELS,
        layout: {
          'text-field': ['get', 'code'],
          'text-font': [mapFont.regular],
          'text-padding': 2,
          'text-size': ['interpolate', ['linear'], ['zoom'], 13.6, 9.5, 18, 13],
        },
        paint: parcelPaint({ ...look, surface: look.surface === 'none' ? 'none' : 'raised' }),
      },
    },
  ];
}

function planCodes(look: Look): Sheet {
  const { theme, lang } = look;
  return {
    switch: 'plan',
    spec: {
      id: 'plan-code',
      type: 'symbol',
      ...lettersFrom(look, 'plan-units', 'plan'),
      minzoom: 12.5,
      layout: {
        'text-field': [
          'concat',
          ['get', 'code'],
          '\n',
          look.layered.has('plan-units') ? useName(lang) : named(lang, 'use_zh', 'use_en'),
        ],
        'text-font': [mapFont.strong],
        'text-size': 11,
        'text-max-width': lang === 'zh' ? 10 : 12,
      },
      paint: { 'text-color': theme.plan, 'text-halo-color': theme.sheet, 'text-halo-width': 1.8 },
    },
  };
}

function zoneNames(look: Look): Sheet {
  const { theme, lang } = look;
  return {
    switch: 'zones',
    spec: {
      id: 'zone-name',
      type: 'symbol',
      ...lettersFrom(look, 'zones', 'zone'),
      minzoom: ZONES_FROM,
      maxzoom: NAMES_FROM,
      layout: {
        'text-field': [
          'format',
          ['coalesce', ...namesIn(lang, 'name_zh', 'name_en'), ['get', 'code'], ''],
          {},
          '\n',
          {},
          mu(lang),
          { 'font-scale': 0.75, 'text-font': ['literal', [mapFont.strong]] },
        ],
        'text-font': [mapFont.title],
        'text-size': ['interpolate', ['linear'], ['zoom'], ZONES_FROM, 11, 15, 17],
        'text-letter-spacing': lang === 'zh' ? 0.12 : 0,
        'text-max-width': lang === 'zh' ? 9 : 11,
        'text-padding': 2,
        'text-variable-anchor': ['center', 'top', 'bottom'],
        'text-radial-offset': 0.7,
        'text-justify': 'center',
      },
      paint: {
        'text-color': theme.ink,
        'text-halo-color': theme.sheet,
        'text-halo-width': 2.2,
        'text-halo-blur': 0.5,
        'text-opacity': faded(look) ? 0 : 1,
      },
    },
  };
}

/** A land use that tiles tell by its code: the name of its class, or of the nearest class above it, and the code. */
function useName(lang: Lang): ExpressionSpecification {
  const code: ExpressionSpecification = ['to-string', ['get', 'land_use']];
  const nameBy = (digits: number): unknown => {
    if (digits === 0) return code;
    const names = landUses
      .filter((each) => each.length === digits)
      .flatMap((each) => [each, ['concat', `${landUseName(lang, each) ?? ''} `, code]]);
    return ['match', ['slice', code, 0, digits], ...names, nameBy(digits - 2)];
  };
  return nameBy(6) as ExpressionSpecification;
}

/** The open park's name makes room once its zones are lettered. */
function parkNames({ theme, lang }: Look): Sheet[] {
  const name = (id: string, current: boolean, maxzoom: number): Sheet => ({
    switch: 'parks',
    spec: {
      id,
      type: 'symbol',
      source: 'spots',
      maxzoom,
      filter: ['all', ['==', ['get', 'of'], 'park'], ['==', ['get', 'current'], current]],
      layout: {
        'text-field': named(lang, 'name_zh', 'name_en'),
        'text-font': [mapFont.title],
        'text-size': ['interpolate', ['linear'], ['zoom'], 8, 11, 13, 17],
        'text-letter-spacing': lang === 'zh' ? 0.1 : 0,
        'text-max-width': lang === 'zh' ? 6.5 : 8,
      },
      paint: { 'text-color': theme.ink, 'text-halo-color': theme.sheet, 'text-halo-width': 2 },
    },
  });
  return [name('park-name', false, 15), name('park-name-open', true, ZONES_FROM)];
}
