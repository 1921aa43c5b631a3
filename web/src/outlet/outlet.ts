import table from './formats.json';
import type { OutletKey } from './text';

/** Which reference systems a format holds. */
export type Systems = 'any' | 'wgs84' | 'plane' | 'zone' | 'web';

/** A format of files, as the server's table has it. */
export interface Format {
  name: string;
  title: string;
  ending: string;
  /** Holds several layers. */
  layers: boolean;
  /** Is about areas alone. */
  plans: boolean;
  /** Its texts can be in GBK. */
  gbk: boolean;
  system: Systems;
}

export const formats = table.formats as readonly Format[];
export const layers = table.layers as readonly Layer[];
export type Layer = 'parcels' | 'zones' | 'plan-units' | 'networks' | 'network-nodes';

const areas: readonly Layer[] = ['parcels', 'zones', 'plan-units'];

export function formatOf(name: string): Format {
  const found = formats.find((each) => each.name === name);
  if (!found) throw new Error(`no format ${name}`);
  return found;
}

/** The layers that a format can hold. */
export const layersOf = ({ plans }: Format): readonly Layer[] => (plans ? areas : layers);

/** What is left of chosen layers in a format: those that it holds, one where it holds no more, never none. */
export function fitting(format: Format, chosen: readonly Layer[]): Layer[] {
  const held = layersOf(format).filter((layer) => chosen.includes(layer));
  const some = held.length > 0 ? held : (['parcels'] as const);
  return some.slice(0, format.layers ? some.length : 1);
}

/** A choice of a reference system; '' stands for the format's own. */
export interface System {
  crs: string;
  say: OutletKey;
}

/** Zones of 3° with their number before the eastings stand 21 codes before those without, those of 6° 11 before. */
function prefixed(code: number): number | null {
  if (code >= 4534 && code <= 4554) return code - 21;
  return code >= 4502 && code <= 4512 ? code - 11 : null;
}

/** The systems that a format holds, of a park's survey. */
export function systemsOf({ system }: Format, survey: number): System[] {
  const all: System[] = [{ crs: '', say: 'outlet.page.own' }];
  const add = (code: number | null, say: OutletKey): void => {
    if (code !== null) all.push({ crs: `EPSG:${code}`, say });
  };
  if (system === 'web') return all;
  if (system !== 'wgs84') {
    add(survey, 'outlet.page.survey');
    add(prefixed(survey), 'outlet.page.prefixed');
  }
  if (system === 'any') add(4490, 'outlet.page.stored');
  if (system === 'any' || system === 'wgs84') add(4326, 'outlet.page.wgs84');
  if (system === 'any' || system === 'plane') add(3857, 'outlet.page.web');
  return all;
}

/** The most characters of a filter: an address has room for 16 KiB. */
const LONGEST = 12_000;

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const named = (codes: readonly string[]): string => `code IN (${codes.map(quoted).join(',')})`;

/**
 * A filter in CQL2 for the parcels of these codes: it names them, or those that are left out, whichever is shorter.
 * null where both are too long for an address.
 */
export function filterFor(inside: readonly string[], outside: readonly string[]): string | null {
  if (inside.length === 0) return '1 = 0';
  const filters = [named(inside), ...(outside.length > 0 ? [`NOT (${named(outside)})`] : [])];
  const shortest = filters.reduce((a, b) => (encoded(b).length < encoded(a).length ? b : a));
  return encoded(shortest).length > LONGEST ? null : shortest;
}

/** A value in an address; commas and quotes mean nothing there and stay short. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll('%2C', ',').replaceAll('%20', '+');

export interface Wanted {
  park: string;
  format: Format;
  layers: readonly Layer[];
  crs: string;
  moment: string;
  filter: string | null;
  gbk: boolean;
  shown: boolean;
  lang: string;
}

/** The address of a file. */
export function addressOf(wanted: Wanted): string {
  const parts: [string, string][] = [
    ['format', wanted.format.name],
    ['layer', wanted.layers.join(',')],
    ['lang', wanted.lang],
  ];
  if (wanted.crs) parts.push(['crs', wanted.crs]);
  if (wanted.moment) parts.push(['datetime', wanted.moment]);
  if (wanted.filter) parts.push(['filter', wanted.filter]);
  if (wanted.gbk && wanted.format.gbk) parts.push(['encoding', 'gbk']);
  if (wanted.shown) parts.push(['public', 'true']);
  const query = parts.map(([name, text]) => `${name}=${encoded(text)}`).join('&');
  return `/api/parks/${encodeURIComponent(wanted.park)}/export?${query}`;
}

/** The name of a file, as Content-Disposition has it (RFC 6266). */
export function nameOf(disposition: string | null, otherwise: string): string {
  const coded = /filename\*=(?:utf-8|UTF-8)''([^;]+)/.exec(disposition ?? '')?.[1];
  if (coded) return decodeURIComponent(coded);
  return /filename="?([^";]+)"?/.exec(disposition ?? '')?.[1] ?? otherwise;
}
