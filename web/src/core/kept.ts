import type { Polygon } from 'geojson';
import type { Lang } from './message';
import { lotText, sitePage } from './sitepage';

/** Ground that a reader keeps in mind or sets beside other: a parcel, or what could be made of some. */
export interface Kept {
  kind: 'parcel' | 'lot' | 'assembly';
  code: string;
  parcels: readonly string[];
  area_mu?: number;
  /** The outline of a lot, as the address of its page has it; a code alone names it in one ranking only. */
  lot?: string;
}

/** As many as an enquiry takes. */
export const MOST_KEPT = 20;

/** The longest outline that is kept: twenty of them still fit into an address, of which servers take 16 KiB. */
const MOST_OUTLINE = 600;

const letters = { lot: 'l', assembly: 'a', outlined: 'o' } as const;
const MARK = ';';
const outline = /^-?\d{1,13}(_-?\d{1,13}){5,199}$/;

/** The marks of lists and of parts, and what escapes them; all else stays legible. */
const escaped = (text: string | number): string => String(text).replace(/[%,;]/g, encodeURIComponent);

/**
 * A parcel is its code; other ground `code;l;60;A` or `code;a;;A;B`: kind, area in mu, parcels. A lot whose outline is
 * known is `code;o;60;OUTLINE;A`.
 */
export function formatKept({ kind, code, parcels, area_mu, lot }: Kept): string {
  if (kind === 'parcel') return escaped(code);
  const more = lot === undefined ? [letters[kind], area_mu ?? ''] : [letters.outlined, area_mu ?? '', lot];
  return [code, ...more, ...parcels].map(escaped).join(MARK);
}

/** What `formatKept` wrote; null for what it didn't. */
export function parseKept(text: string): Kept | null {
  let parts: string[];
  try {
    parts = text.split(MARK).map(decodeURIComponent);
  } catch {
    return null;
  }
  const [code = '', letter, area, ...rest] = parts;
  const lot = letter === letters.outlined ? rest.shift() : undefined;
  if (!code || code.length > 200 || rest.length > 50 || rest.some((each) => !each)) return null;
  if (letter === undefined) return { kind: 'parcel', code, parcels: [code] };
  const kind = letter === letters.assembly ? 'assembly' : 'lot';
  const mu = area ? Number(area) : undefined;
  if (!Object.values<string>(letters).includes(letter) || rest.length === 0) return null;
  if (mu !== undefined && !(mu > 0 && mu <= 1e7)) return null;
  if (lot !== undefined && (lot.length > MOST_OUTLINE || !outline.test(lot) || rest.length > 1)) return null;
  return { kind, code, parcels: rest, ...(mu !== undefined && { area_mu: mu }), ...(lot && { lot }) };
}

export const formatList = (list: readonly Kept[]): string => list.map(formatKept).join(',');

/** What `formatList` wrote, each ground once; what can't be read is left out. */
export function parseList(text: string | null, most = MOST_KEPT): Kept[] {
  const found: Kept[] = [];
  for (const part of (text ?? '').split(',')) {
    const kept = parseKept(part);
    if (kept && !found.some((each) => isSame(each, kept))) found.push(kept);
  }
  return found.slice(0, most);
}

/**
 * Whether two are one ground. Rankings number the lots of a parcel anew: of two lots the outlines decide, whatever
 * their codes. Of one that was kept without its outline the code decides.
 */
export const isSame = (a: Kept, b: Kept): boolean =>
  a.lot !== undefined && b.lot !== undefined
    ? a.lot === b.lot && a.parcels[0] === b.parcels[0]
    : a.code === b.code && a.kind === b.kind;

/** A candidate of a ranking as it is kept. */
export function keptOf(site: {
  kind: Kept['kind'];
  code: string;
  parcels: readonly { code: string }[];
  area_mu: number;
  geometry?: Polygon;
}): Kept {
  const { kind, code } = site;
  const kept = { kind, code, parcels: site.parcels.map((each) => each.code) };
  if (kind !== 'lot') return kept;
  const lot = site.geometry ? lotText(site.geometry) : null;
  const short = lot !== null && lot.length <= MOST_OUTLINE;
  return { ...kept, area_mu: site.area_mu, ...(short && { lot }) };
}

/** The address of the page of ground that somebody keeps; null for what has none: a lot of unknown outline. */
export function keptPage(park: string, { kind, parcels, lot }: Kept, lang: Lang): string | null {
  return sitePage(park, { kind, parcels: parcels.map((code) => ({ code })), lot }, lang);
}
