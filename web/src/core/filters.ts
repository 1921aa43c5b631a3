import { serviceKeys, statuses, type ServiceKey, type Status } from './feed';
import type { LinkPart } from './link';
import { hazards } from './need';
import { needs, type Need } from './requirement';

/** The least and the most of a figure, both included; null: no end. */
export type Range = readonly [least: number | null, most: number | null];

/**
 * What a figure of a parcel is filtered by. `ends`: which of a range's ends are asked for; `unit`: in what its figures
 * stand in filters and links; `measure`: where the server measures it, of free land alone, whose figures are `per` as
 * large.
 */
interface Figure {
  ends: 'both' | 'least' | 'most';
  unit: 'mu' | 'price' | 'm' | 'km' | (typeof needs)[keyof typeof needs];
  measure?: (byRoad: boolean) => string;
  per?: number;
}

const way =
  (to: string) =>
  (byRoad: boolean): string =>
    `${to}${byRoad ? '_road' : ''}_m`;

/** What is left of a service at the node that would serve the land. */
const room = (service: Need): Figure => ({
  ends: 'least',
  unit: needs[service],
  measure: () => `headroom_${service}`,
});

/** Every figure that land is filtered and sorted by, under its name in the address. */
const table = {
  mu: { ends: 'both', unit: 'mu' },
  price: { ends: 'both', unit: 'price' },
  front: { ends: 'least', unit: 'm', measure: () => 'frontage_m' },
  port: { ends: 'most', unit: 'km', measure: way('port'), per: 1000 },
  rail: { ends: 'most', unit: 'km', measure: way('rail'), per: 1000 },
  highway: { ends: 'most', unit: 'km', measure: way('highway'), per: 1000 },
  power: room('power'),
  steam: room('steam'),
  water: room('water'),
  sewage: room('sewage'),
  gas: room('gas'),
  nitrogen: room('nitrogen'),
} satisfies Record<string, Figure>;
export type FigureId = keyof typeof table;
export const figures: Record<FigureId, Figure> = table;
export const figureIds = Object.keys(figures) as FigureId[];
/** The distances, which go straight or along the roads. */
export const ways = ['port', 'rail', 'highway'] as const satisfies readonly FigureId[];

export type Hazard = (typeof hazards)[number];

/** What of a park's land the reader wants to see. Empty lists and null: all. */
export interface Filters {
  statuses: readonly Status[];
  /** Land-use classes, as parcels have them. */
  uses: readonly string[];
  ranges: Readonly<Partial<Record<FigureId, Range>>>;
  /** Services that are ready on the land. */
  ready: readonly ServiceKey[];
  /** The day by which all its services are ready. */
  by: string | null;
  /** The class of production for which it is far enough from where people live. */
  hazard: Hazard | null;
  /** Distances are those along the roads. */
  byRoad: boolean;
  /** Land of which nobody knows whether it fits is shown too. */
  unknown: boolean;
}

export const noFilters: Filters = {
  statuses: [],
  uses: [],
  ranges: {},
  ready: [],
  by: null,
  hazard: null,
  byRoad: false,
  unknown: false,
};

/** One filter that is set: a part of the filters that can be taken away by itself. */
export type FilterId = 'status' | 'use' | 'ready' | 'by' | 'hazard' | FigureId;

/** The filters that are set, in the order in which they are told. */
export function activeFilters({ statuses: wanted, uses, ranges, ready, by, hazard }: Filters): FilterId[] {
  const active: FilterId[] = [];
  if (wanted.length > 0) active.push('status');
  if (uses.length > 0) active.push('use');
  active.push(...figureIds.filter((id) => ranges[id]));
  if (ready.length > 0) active.push('ready');
  if (by) active.push('by');
  if (hazard) active.push('hazard');
  return active;
}

/** Whether the server must measure the land before a filter can judge it. */
export const isMeasured = (id: FilterId): boolean =>
  id === 'by' || id === 'hazard' || (id in figures && figures[id as FigureId].measure !== undefined);

/** The filters without one of them. */
export function without(filters: Filters, id: FilterId): Filters {
  switch (id) {
    case 'status':
      return { ...filters, statuses: [] };
    case 'use':
      return { ...filters, uses: [] };
    case 'ready':
      return { ...filters, ready: [] };
    case 'by':
      return { ...filters, by: null };
    case 'hazard':
      return { ...filters, hazard: null };
    default:
      return withRange(filters, id, null);
  }
}

/** The filters with another range of a figure; a range without ends is none. */
export function withRange(filters: Filters, id: FigureId, range: Range | null): Filters {
  const any = range && (range[0] !== null || range[1] !== null);
  const others = Object.entries(filters.ranges).filter(([each]) => each !== id);
  return { ...filters, ranges: Object.fromEntries(any ? [...others, [id, range]] : others) };
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
/** Whether a text is a day of the calendar, as 2022-06-01. */
export const isDay = (text: string): boolean =>
  DATE.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text;

/** The filters in the address: `status=available&mu=20-60&port=-5&way=road&power=3000-&hazard=C&unknown=1`. */
export const filterLink: LinkPart<Filters> = {
  read: (query) => ({
    statuses: listOf(query.get('status'), statuses),
    uses: [...new Set(query.get('use')?.split(',') ?? [])]
      .filter((code) => /^\d{2,6}$/.test(code))
      .slice(0, 50),
    ranges: Object.fromEntries(
      figureIds.flatMap((id) => {
        const range = parseRange(query.get(id));
        return range ? [[id, range]] : [];
      }),
    ),
    ready: listOf(query.get('ready'), serviceKeys),
    by: [query.get('by') ?? ''].find(isDay) ?? null,
    hazard: hazards.find((each) => each === query.get('hazard')) ?? null,
    byRoad: query.get('way') === 'road',
    unknown: query.get('unknown') === '1',
  }),
  write: (query, filters) => {
    const put = (name: string, text: string | null): void => {
      if (text) query.set(name, text);
    };
    put('status', filters.statuses.join(','));
    put('use', filters.uses.join(','));
    for (const id of figureIds) put(id, filters.ranges[id]?.map((end) => end ?? '').join('-') ?? null);
    put('ready', filters.ready.join(','));
    put('by', filters.by);
    put('hazard', filters.hazard);
    put('way', filters.byRoad ? 'road' : null);
    put('unknown', filters.unknown ? '1' : null);
  },
};

/** A range as `54-66`, `70-` or `-30`; null where it is none. */
export function parseRange(text: string | null): Range | null {
  const found = /^(\d{0,9}\.?\d{0,4})-(\d{0,9}\.?\d{0,4})$/.exec(text ?? '');
  if (!found) return null;
  const end = (figure = ''): number | null => (/\d/.test(figure) ? Number(figure) : null);
  const range: Range = [end(found[1]), end(found[2])];
  return range[0] === null && range[1] === null ? null : range;
}

/** The known members of a comma-separated list, in the known order, each once. */
export function listOf<T extends string>(text: string | null, known: readonly T[]): T[] {
  const named = new Set(text?.split(','));
  return known.filter((member) => named.has(member));
}
