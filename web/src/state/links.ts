import { listOf } from '../core/filters';
import { layers, layersAtStart, type Layer } from '../core/layer';
import type { LinkPart } from '../core/link';
import { languages, type Lang } from '../core/message';
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
  layers: ReadonlySet<Layer>;
  as: 'map' | 'list';
}

export const lookLink: LinkPart<Shown> = {
  read: (query) => {
    const shown = new Set(layersAtStart);
    for (const layer of listOf(query.get('show'), layers)) shown.add(layer);
    for (const layer of listOf(query.get('hide'), layers)) shown.delete(layer);
    return {
      layers: shown,
      as: query.get('as') === 'list' ? 'list' : 'map',
    };
  },
  write: (query, state) => {
    const show = layers.filter((layer) => state.layers.has(layer) && !layersAtStart.has(layer));
    const hide = layers.filter((layer) => !state.layers.has(layer) && layersAtStart.has(layer));
    if (show.length > 0) query.set('show', show.join(','));
    if (hide.length > 0) query.set('hide', hide.join(','));
    if (state.as === 'list') query.set('as', 'list');
  },
};

/** Whether the list keeps to what the map shows; `within=park`: it shows all of the park. */
/** What is asked of the units that the list shows in the place of ground; null: it shows ground. */
export interface ListedUnits {
  m2: string;
  by: string;
}

export const listedUnitsLink: LinkPart<ListedUnits | null> = {
  read: (query) =>
    query.get('kind') === 'units' ? { m2: query.get('unit_m2') ?? '', by: query.get('unit_by') ?? '' } : null,
  write: (query, units) => {
    if (!units) return;
    query.set('kind', 'units');
    if (units.m2) query.set('unit_m2', units.m2);
    if (units.by) query.set('unit_by', units.by);
  },
};

export const inViewLink: LinkPart<boolean> = {
  read: (query) => query.get('within') !== 'park',
  write: (query, inView) => {
    if (!inView) query.set('within', 'park');
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
