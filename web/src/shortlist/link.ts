import type { LinkPart } from '../core/link';

/** Ground that a reader keeps in mind: a parcel, or what could be made of some. */
export interface Kept {
  kind: 'parcel' | 'lot' | 'assembly';
  code: string;
  parcels: readonly string[];
  area_mu?: number;
}

/** As many as an enquiry takes. */
export const MOST_KEPT = 20;

const kinds = { lot: 'l', assembly: 'a' } as const;
const MARK = ';';

/** A parcel is its code; other ground `code;l;60;A` or `code;a;;A;B`: kind, area in mu, parcels. */
export function formatKept({ kind, code, parcels, area_mu }: Kept): string {
  if (kind === 'parcel') return encodeURIComponent(code);
  return [code, kinds[kind], area_mu ?? '', ...parcels].map(encodeURIComponent).join(MARK);
}

/** What `formatKept` wrote; null for what it didn't. */
export function parseKept(text: string): Kept | null {
  let parts: string[];
  try {
    parts = text.split(MARK).map(decodeURIComponent);
  } catch {
    return null;
  }
  const [code = '', letter, area, ...parcels] = parts;
  if (!code || code.length > 200 || parcels.length > 50 || parcels.some((each) => !each)) return null;
  if (letter === undefined) return { kind: 'parcel', code, parcels: [code] };
  const kind = letter === kinds.lot ? 'lot' : letter === kinds.assembly ? 'assembly' : null;
  const mu = area ? Number(area) : undefined;
  if (!kind || parcels.length === 0 || (mu !== undefined && !(mu > 0 && mu <= 1e7))) return null;
  return { kind, code, parcels, ...(mu !== undefined && { area_mu: mu }) };
}

/** The shortlist, each once, at most twenty; what can't be read is taken as absent. */
export const shortlistLink: LinkPart<readonly Kept[]> = {
  read: (query) => parseList(query.get('list')),
  write: (query, list) => {
    if (list.length > 0) query.set('list', formatList(list));
  },
};

export const formatList = (list: readonly Kept[]): string => list.map(formatKept).join(',');

export function parseList(text: string | null): Kept[] {
  const found = new Map<string, Kept>();
  for (const part of (text ?? '').split(',')) {
    const kept = parseKept(part);
    if (kept && !found.has(kept.code)) found.set(kept.code, kept);
  }
  return [...found.values()].slice(0, MOST_KEPT);
}
