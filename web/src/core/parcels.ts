import { compareCodes } from './code';
import { M2_PER_MU } from './format';
import type { Parcel, ParcelProperties, Status } from './feed';
import { nameIn, type Lang } from './message';

export type Column = 'code' | 'status' | 'area' | 'tenant' | 'zone' | 'landuse';

export interface Order {
  column: Column;
  descending: boolean;
}

/** Who is on a parcel: its tenant, else its project, whose firm may not be named yet; null: nobody is. */
export function occupant(
  lang: Lang,
  of: Partial<Pick<ParcelProperties, 'tenant_zh' | 'tenant_en' | 'project_zh' | 'project_en'>>,
): string | null {
  return nameIn(lang, of.tenant_zh, of.tenant_en) ?? nameIn(lang, of.project_zh, of.project_en);
}

/** The parcels of the chosen statuses; none chosen means all. */
export function withStatus(parcels: readonly Parcel[], chosen: readonly Status[]): Parcel[] {
  return chosen.length === 0
    ? [...parcels]
    : parcels.filter((parcel) => chosen.includes(parcel.properties.status));
}

/** The least and the most of a legal area in mu; null: none. */
export type Sizes = readonly [least: number | null, most: number | null];

export function withSize(parcels: Parcel[], sizes: Sizes | null): Parcel[] {
  const [least, most] = sizes ?? [null, null];
  return parcels.filter(({ properties }) => {
    const mu = properties.legal_m2 / M2_PER_MU;
    return mu >= (least ?? 0) && mu <= (most ?? Infinity);
  });
}

/** Parcels by a column; equal ones by code; absent values last in both directions. */
export function sorted(
  parcels: readonly Parcel[],
  { column, descending }: Order,
  lang: Lang,
  statusOrder: readonly Status[],
): Parcel[] {
  const collator = new Intl.Collator(lang === 'zh' ? 'zh-CN' : 'en-GB', { numeric: true });
  const valueOf = ({ properties: p }: Parcel): string | number | null => {
    switch (column) {
      case 'code':
        return p.code;
      case 'status':
        return statusOrder.indexOf(p.status);
      case 'area':
        return p.legal_m2;
      case 'tenant':
        return occupant(lang, p);
      case 'zone':
        return p.zone;
      case 'landuse':
        return p.land_use;
    }
  };
  const byCode = column === 'code' || column === 'zone';
  const compare = (a: Parcel, b: Parcel): number => {
    const x = valueOf(a);
    const y = valueOf(b);
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
    const ascending =
      typeof x === 'number' && typeof y === 'number'
        ? x - y
        : byCode
          ? compareCodes(`${x}`, `${y}`)
          : collator.compare(`${x}`, `${y}`);
    return descending ? -ascending : ascending;
  };
  return [...parcels].sort((a, b) => compare(a, b) || compareCodes(a.properties.code, b.properties.code));
}
