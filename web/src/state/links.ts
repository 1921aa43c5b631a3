import { statuses, type Status } from '../core/feed';
import { layers, layersAtStart, type Layer } from '../core/layer';
import type { LinkPart } from '../core/link';
import { languages, type Lang } from '../core/message';
import type { Sizes } from '../core/parcels';
import { parsePast, type Past } from '../core/past';
import type { View } from '../core/view';

/** The park that opens where the link names none, if it exists. */
export const defaultPark = 'carbon-fibre';

/** In which language an address opens that names none. */
export interface HomeLang {
  /** What the reader chose with the switch. */
  chosen: Lang | null;
  /** What the browser asks for. */
  asked: Lang;
}

/**
 * The language: the link's, else the reader's choice, else the browser's. An address leaves it out where choice and
 * browser agree with it, so that the page opens in it again, here and in another browser of the same reader.
 */
export const langLink = (home: () => HomeLang): LinkPart<Lang> => ({
  read: (query) => languages.find((lang) => lang === query.get('lang')) ?? home().chosen ?? home().asked,
  write: (query, lang) => {
    const { chosen, asked } = home();
    if (lang !== asked || lang !== (chosen ?? asked)) query.set('lang', lang);
  },
});

/** A code; null where none is named. */
const code = (name: string): LinkPart<string | null> => ({
  read: (query) => query.get(name) || null,
  write: (query, value) => {
    if (value) query.set(name, value);
  },
});
/** The park's code; null for the default park. */
export const parkLink = code('park');
/** The selected parcel's code. */
export const parcelLink = code('parcel');

/** Null: the whole park. */
export const viewLink: LinkPart<View | null> = {
  read: (query) => parseView(query.get('view')),
  write: (query, view) => {
    if (view) query.set('view', formatView(view));
  },
};

/** What of the park is shown, and how. */
export interface Shown {
  /** Statuses shown; empty: all. */
  statuses: readonly Status[];
  /** Sizes that the list shows; null: all. */
  sizes: Sizes | null;
  layers: ReadonlySet<Layer>;
  as: 'map' | 'list';
}

export const lookLink: LinkPart<Shown> = {
  read: (query) => {
    const shown = new Set(layersAtStart);
    for (const layer of listOf(query.get('show'), layers)) shown.add(layer);
    for (const layer of listOf(query.get('hide'), layers)) shown.delete(layer);
    return {
      statuses: listOf(query.get('status'), statuses),
      sizes: parseSizes(query.get('mu')),
      layers: shown,
      as: query.get('as') === 'list' ? 'list' : 'map',
    };
  },
  write: (query, state) => {
    if (state.statuses.length > 0) query.set('status', state.statuses.join(','));
    if (state.sizes) query.set('mu', state.sizes.map((mu) => mu ?? '').join('-'));
    const show = layers.filter((layer) => state.layers.has(layer) && !layersAtStart.has(layer));
    const hide = layers.filter((layer) => !state.layers.has(layer) && layersAtStart.has(layer));
    if (show.length > 0) query.set('show', show.join(','));
    if (hide.length > 0) query.set('hide', hide.join(','));
    if (state.as === 'list') query.set('as', 'list');
  },
};

/** The past moment that is shown; null: now. */
export const pastLink: LinkPart<Past | null> = {
  read: (query) => parsePast(query.get('on')),
  write: (query, past) => {
    if (past) query.set('on', past);
  },
};

/** Places kept in a link: 1e-5° is about a metre, and the zoom to a hundredth. */
function formatView({ zoom, lat, lon }: View): string {
  return `${zoom.toFixed(2)}/${lat.toFixed(5)}/${lon.toFixed(5)}`;
}

function parseView(text: string | null): View | null {
  const parts = text?.split('/') ?? [];
  if (parts.length !== 3 || parts.some((part) => part.trim() === '')) return null;
  const [zoom = NaN, lat = NaN, lon = NaN] = parts.map(Number);
  const inRange = zoom >= 0 && zoom <= 24 && Math.abs(lat) <= 85 && Math.abs(lon) <= 180;
  return inRange ? { zoom, lat, lon } : null;
}

/** Sizes in mu as `54-66`, `70-` or `-30`. */
function parseSizes(text: string | null): Sizes | null {
  const [, least = '', most = ''] = /^(\d*\.?\d*)-(\d*\.?\d*)$/.exec(text ?? '') ?? [];
  const [from, to] = [least, most].map((mu) => (mu === '' || isNaN(Number(mu)) ? null : Number(mu)));
  return from === null && to === null ? null : [from ?? null, to ?? null];
}

/** The known members of a comma-separated list, in the known order, each once. */
function listOf<T extends string>(text: string | null, known: readonly T[]): T[] {
  const named = new Set(text?.split(','));
  return known.filter((member) => named.has(member));
}
