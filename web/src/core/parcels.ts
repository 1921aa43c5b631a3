import { compareCodes } from './code';
import { figureOf } from './browse';
import { statuses, type Parcel, type ParcelProperties, type Status } from './feed';
import { figureIds, type FigureId } from './filters';
import type { LinkPart } from './link';
import type { Measures } from './measures';
import { nameIn, type Lang } from './message';

/** What a map drawn from tiles knows of a parcel. */
export type Glimpse = Pick<ParcelProperties, 'code' | 'status' | 'legal_m2'>;

/** The glimpse that the properties of a tile's feature give; null: they don't say all of it. */
export function glimpseOf(properties: Readonly<Record<string, unknown>>): Glimpse | null {
  const { code, status, legal_m2 } = properties;
  const known = statuses.find((each) => each === status);
  return typeof code === 'string' && known && typeof legal_m2 === 'number'
    ? { code, status: known, legal_m2 }
    : null;
}

const plainColumns = ['code', 'status', 'tenant', 'zone', 'landuse', 'ready'] as const;
export type Column = (typeof plainColumns)[number] | FigureId;
/** Whatever parcels can be sorted by. */
export const columns: readonly Column[] = [...plainColumns, ...figureIds];

export interface Order {
  column: Column;
  descending: boolean;
}

export const byCode: Order = { column: 'code', descending: false };

/** The order in the address: `sort=price`, `sort=-mu` for the largest first. */
export const orderLink: LinkPart<Order> = {
  read: (query) => {
    const [, sign, name] = /^(-?)(\w+)$/.exec(query.get('sort') ?? '') ?? [];
    const column = columns.find((each) => each === name);
    return column ? { column, descending: sign === '-' } : byCode;
  },
  write: (query, { column, descending }) => {
    if (column !== byCode.column || descending) query.set('sort', `${descending ? '-' : ''}${column}`);
  },
};

/** What was measured of the land, for sorting by it. */
export interface Measured {
  measures: Measures | null;
  byRoad: boolean;
}

/** Who is on a parcel: its tenant, else its project, whose firm may not be named yet; null: nobody is. */
export function occupant(
  lang: Lang,
  of: Partial<Pick<ParcelProperties, 'tenant_zh' | 'tenant_en' | 'project_zh' | 'project_en'>>,
): string | null {
  return nameIn(lang, of.tenant_zh, of.tenant_en) ?? nameIn(lang, of.project_zh, of.project_en);
}

/** Parcels by a column; equal ones by code; absent values last in both directions. */
export function sorted(
  parcels: readonly Parcel[],
  { column, descending }: Order,
  lang: Lang,
  statusOrder: readonly Status[],
  { measures, byRoad }: Measured = { measures: null, byRoad: false },
): Parcel[] {
  const collator = new Intl.Collator(lang === 'zh' ? 'zh-CN' : 'en-GB', { numeric: true });
  const valueOf = (parcel: Parcel): string | number | null => {
    const { properties: p } = parcel;
    switch (column) {
      case 'code':
        return p.code;
      case 'status':
        return statusOrder.indexOf(p.status);
      case 'tenant':
        return occupant(lang, p);
      case 'zone':
        return p.zone;
      case 'landuse':
        return p.land_use;
      case 'ready':
        return measures?.readyOn(parcel.id) ?? null;
      default:
        return figureOf(column, parcel, measures, byRoad)?.[0] ?? null;
    }
  };
  const asCodes = column === 'code' || column === 'zone';
  const compare = (x: string | number | null, y: string | number | null): number => {
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
    const ascending =
      typeof x === 'number' && typeof y === 'number'
        ? x - y
        : asCodes
          ? compareCodes(`${x}`, `${y}`)
          : collator.compare(`${x}`, `${y}`);
    return descending ? -ascending : ascending;
  };
  return parcels
    .map((parcel) => ({ parcel, value: valueOf(parcel), code: parcel.properties.code }))
    .sort((a, b) => compare(a.value, b.value) || compareCodes(a.code, b.code))
    .map(({ parcel }) => parcel);
}
