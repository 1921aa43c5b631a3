import type { ExpressionSpecification } from 'maplibre-gl';
import { kinds } from '../core/feed';
import { layerOfKind } from '../core/layer';
import { M2_PER_MU } from '../core/format';
import { say, type Lang } from '../core/message';
import { mapFont } from './fonts';
import { inFilter } from './land';
import type { Look, Sheet } from './style';

/** A feature's name in the reader's language, else in the other, else "". */
function named(lang: Lang, zh: string, en: string): ExpressionSpecification {
  const [first, second] = lang === 'zh' ? [zh, en] : [en, zh];
  return ['coalesce', ['get', first], ['get', second], ''];
}

/** A parcel with more land than this tells its area from afar. */
const LARGE_MU = 100;
/** Lowest zoom at which zones are lettered. */
const ZONES_FROM = 12.6;

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
  const [before = '', after = ''] = say(lang, 'web.hold.left').split('{days}');
  return [
    'case',
    ['==', ['typeof', ['get', 'days']], 'number'],
    ['concat', `\n${before}`, ['to-string', ['max', 0, ['get', 'days']]], after],
    '',
  ];
}

/**
 * The lettering, from ground to top. Areas are lettered at a point that ParkMap chose inside them (source `spots`), once each;
 * parcels with more land come first where there is no room for all. What comes later is placed first, and keeps its place.
 */
export function labelLayers(look: Look): Sheet[] {
  return [
    gridCrosses(),
    planCodes(look),
    roadNames(look),
    ...parcelNames(look),
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

function roadNames({ theme, lang }: Look): Sheet {
  return {
    switch: 'roads',
    spec: {
      id: 'road-name',
      type: 'symbol',
      source: 'networks',
      minzoom: 13,
      filter: ['==', ['get', 'kind'], 'road'],
      layout: {
        'symbol-placement': 'line',
        'symbol-spacing': 420,
        'text-field': named(lang, 'name_zh', 'name_en'),
        'text-font': [mapFont.regular],
        'text-size': ['interpolate', ['linear'], ['zoom'], 13, 9.5, 17, 13],
        'text-letter-spacing': lang === 'zh' ? 0.18 : 0.02,
        'text-max-angle': 30,
        'text-padding': 8,
      },
      paint: { 'text-color': theme.ink2, 'text-halo-color': theme.road, 'text-halo-width': 1.6 },
    },
  };
}

/** Names beside the signs of points, once there is room for them. */
function facilityNames({ theme, lang }: Look): Sheet[] {
  return kinds
    .filter((kind) => kind !== 'road')
    .map((kind) => ({
      switch: layerOfKind[kind],
      spec: {
        id: `name-${kind}`,
        type: 'symbol',
        source: 'networks',
        minzoom: kind === 'port' || kind === 'rail' ? 11 : 14.6,
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
        paint: { 'text-color': theme.kind[kind], 'text-halo-color': theme.sheet, 'text-halo-width': 1.6 },
      },
    }));
}

function parcelNames(look: Look): Sheet[] {
  const { theme, lang } = look;
  const tenant = named(lang, 'tenant_zh', 'tenant_en');
  const code: ExpressionSpecification = ['get', 'code'];
  const left = daysText(lang);
  const both: ExpressionSpecification = [
    'case',
    ['==', tenant, ''],
    ['format', code, {}, '\n', {}, mu(lang), { 'font-scale': 0.85 }, left, { 'font-scale': 0.85 }],
    [
      'format',
      tenant,
      { 'text-font': ['literal', [mapFont.strong]] },
      '\n',
      {},
      code,
      { 'font-scale': 0.85 },
      left,
      { 'font-scale': 0.85 },
    ],
  ];
  const onDeep = (light: string, deep: string): ExpressionSpecification => [
    'match',
    ['get', 'status'],
    'built',
    deep,
    light,
  ];
  const paint = {
    'text-color': onDeep(theme.ink, theme.onBuilt),
    'text-halo-color': onDeep(theme.sheet, theme.status.built),
    'text-halo-width': 1.1,
    'text-halo-blur': 0.4,
    'text-opacity': inFilter(look, 0.35),
  };
  const layout = {
    'text-font': [mapFont.regular],
    'text-max-width': lang === 'zh' ? 7 : 9,
    'text-line-height': 1.15,
    'text-padding': 3,
    'symbol-sort-key': ['-', ['get', 'legal_m2']] as ExpressionSpecification,
  };
  return [
    {
      switch: 'parcels',
      spec: {
        id: 'parcel-code',
        type: 'symbol',
        source: 'spots',
        minzoom: 13.6,
        maxzoom: 15.4,
        filter: ['==', ['get', 'of'], 'parcel'],
        layout: {
          ...layout,
          'text-field': [
            'case',
            ['>', ['get', 'legal_m2'], LARGE_MU * M2_PER_MU],
            ['format', code, {}, '\n', {}, mu(lang), { 'text-font': ['literal', [mapFont.strong]] }],
            code,
          ],
          'text-size': ['interpolate', ['linear'], ['zoom'], 13.6, 8.5, 15.4, 11],
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
        minzoom: 15.4,
        filter: ['==', ['get', 'of'], 'parcel'],
        layout: {
          ...layout,
          'text-variable-anchor': ['center', 'bottom', 'top'],
          'text-radial-offset': 0.9,
          'text-field': both,
          'text-size': ['interpolate', ['linear'], ['zoom'], 15.4, 11, 18, 15],
        },
        paint,
      },
    },
  ];
}

function planCodes({ theme }: Look): Sheet {
  return {
    switch: 'plan',
    spec: {
      id: 'plan-code',
      type: 'symbol',
      source: 'spots',
      minzoom: 12.5,
      filter: ['==', ['get', 'of'], 'plan'],
      layout: {
        'text-field': [
          'concat',
          ['get', 'code'],
          ['case', ['has', 'land_use'], ['concat', '\n', ['get', 'land_use']], ''],
        ],
        'text-font': [mapFont.strong],
        'text-size': 11,
      },
      paint: { 'text-color': theme.plan, 'text-halo-color': theme.sheet, 'text-halo-width': 1.8 },
    },
  };
}

function zoneNames({ theme, lang }: Look): Sheet {
  return {
    switch: 'zones',
    spec: {
      id: 'zone-name',
      type: 'symbol',
      source: 'spots',
      minzoom: ZONES_FROM,
      maxzoom: 16,
      filter: ['==', ['get', 'of'], 'zone'],
      layout: {
        'text-field': [
          'format',
          named(lang, 'name_zh', 'name_en'),
          {},
          '\n',
          {},
          mu(lang),
          { 'font-scale': 0.75, 'text-font': ['literal', [mapFont.strong]] },
        ],
        'text-font': [mapFont.title],
        'text-size': ['interpolate', ['linear'], ['zoom'], 12.6, 12, 15, 17],
        'text-letter-spacing': lang === 'zh' ? 0.12 : 0,
        'text-max-width': lang === 'zh' ? 9 : 11,
        'text-padding': 10,
      },
      paint: {
        'text-color': theme.ink,
        'text-halo-color': theme.sheet,
        'text-halo-width': 2.2,
        'text-halo-blur': 0.5,
      },
    },
  };
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
