import { statuses, type Status } from './feed';
import { layers, layersAtStart, type Layer } from './layer';
import { languages, type Lang } from './message';
import { formatNeed, formatWeights, parseNeed, parseWeights, type SiteNeed, type Weights } from './need';
import { formatPage, parsePage, type PageRef } from '../register/page';
import { parsePast, type Past } from './past';

/** Where the map looks; zoom as MapLibre counts it, degrees. */
export interface View {
  zoom: number;
  lat: number;
  lon: number;
}

/** All that a link restores. */
export interface UrlState {
  lang: Lang;
  /** The park's code; null for the default park. */
  park: string | null;
  /** The selected parcel's code. */
  parcel: string | null;
  /** Null: the whole park. */
  view: View | null;
  /** Statuses shown; empty: all. */
  statuses: readonly Status[];
  layers: ReadonlySet<Layer>;
  as: 'map' | 'list';
  /** The past moment that is shown; null: now. */
  on: Past | null;
  /** The page of a register that is open beside the map. */
  page: PageRef | null;
  /** The need that sites are ranked for; null: none. */
  match: SiteNeed | null;
  /** The gap of the industry chain whose surface is shown, "" for the chain alone; null: its panel is closed. */
  chain: string | null;
  /** How the reader weighs otherwise than that need does, by measure. */
  weights: Weights;
  /** The site that is open, by its code, where several share a parcel; null: what stands first. */
  site: string | null;
}

/** The park that opens where the link names none, if it exists. */
export const defaultPark = 'carbon-fibre';

/** Reads a query string. What it can't read it takes as absent: an old or mistyped link still opens. */
export function parseUrl(search: string): UrlState {
  const query = new URLSearchParams(search);
  const shown = new Set(layersAtStart);
  for (const layer of listOf(query.get('show'), layers)) shown.add(layer);
  for (const layer of listOf(query.get('hide'), layers)) shown.delete(layer);
  return {
    lang: languages.find((lang) => lang === query.get('lang')) ?? 'zh',
    park: query.get('park') || null,
    parcel: query.get('parcel') || null,
    view: parseView(query.get('view')),
    statuses: listOf(query.get('status'), statuses),
    layers: shown,
    as: query.get('as') === 'list' ? 'list' : 'map',
    on: parsePast(query.get('on')),
    page: parsePage(query.get('page')),
    match: parseNeed(query.get('match')),
    chain: parseChain(query.get('panel')),
    weights: parseWeights(query.get('weigh')),
    site: query.get('site') || null,
  };
}

/** Writes the shortest query string that `parseUrl` reads back as the same state, "" or beginning with "?". */
export function formatUrl(state: UrlState): string {
  const query = new URLSearchParams();
  if (state.park) query.set('park', state.park);
  if (state.parcel) query.set('parcel', state.parcel);
  if (state.view) query.set('view', formatView(state.view));
  if (state.statuses.length > 0) query.set('status', state.statuses.join(','));
  const show = layers.filter((layer) => state.layers.has(layer) && !layersAtStart.has(layer));
  const hide = layers.filter((layer) => !state.layers.has(layer) && layersAtStart.has(layer));
  if (show.length > 0) query.set('show', show.join(','));
  if (hide.length > 0) query.set('hide', hide.join(','));
  if (state.as === 'list') query.set('as', 'list');
  if (state.on) query.set('on', state.on);
  if (state.page) query.set('page', formatPage(state.page));
  if (state.match) query.set('match', formatNeed(state.match));
  if (state.chain !== null) query.set('panel', state.chain ? `${CHAIN}/${state.chain}` : CHAIN);
  if (state.match && Object.keys(state.weights).length > 0) query.set('weigh', formatWeights(state.weights));
  if (state.match && state.site) query.set('site', state.site);
  if (state.lang !== 'zh') query.set('lang', state.lang);
  const text = query.toString().replaceAll('%2C', ',').replaceAll('%2F', '/').replaceAll('%3A', ':');
  return text && `?${text}`;
}

const CHAIN = 'chain';

/** Reads `chain` and `chain/<node>`. */
function parseChain(text: string | null): string | null {
  const [panel, node = '', ...more] = text?.split('/') ?? [];
  return panel === CHAIN && /^([a-z][a-z\d_]{0,39})?$/.test(node) && more.length === 0 ? node : null;
}

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

/** The known members of a comma-separated list, in the known order, each once. */
function listOf<T extends string>(text: string | null, known: readonly T[]): T[] {
  const named = new Set(text?.split(','));
  return known.filter((member) => named.has(member));
}
