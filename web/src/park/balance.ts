import { statuses, type Balance, type Parcel, type Status } from '../core/feed';
import type { DeskParcel } from '../core/orders';

/** One line of the legend. `share` is of all parcels' legal area, 0 where there are none. */
export interface LegendRow {
  status: Status;
  parcels: number;
  legalM2: number;
  share: number;
}

/**
 * The balance as the legend shows it: the feed's `supplied` holds what is built too; here the two part, because the map
 * colours them apart. The rows sum to the balance's total. With `desk`, the statuses are those that planners read.
 */
export function legendRows(balance: Balance, desk: readonly DeskParcel[] = []): LegendRow[] {
  const by = desk.length > 0 ? byDesk(desk) : byFeed(balance);
  const total = balance.total.legal_m2;
  return statuses
    .map((status) => {
      const { parcels, legalM2 } = by.get(status) ?? { parcels: 0, legalM2: 0 };
      return { status, parcels, legalM2, share: total > 0 ? legalM2 / total : 0 };
    })
    .filter(({ status, parcels }) => parcels > 0 || !ofRights.has(status));
}

/** Statuses that only planners or only the public read, and that are left out where nothing has them. */
const ofRights = new Set<Status>(['in_negotiation', 'held', 'reserved']);

/** The published land by the statuses that planners read, whose map shows these. */
function byDesk(desk: readonly DeskParcel[]): Map<Status, { parcels: number; legalM2: number }> {
  const by = new Map<Status, { parcels: number; legalM2: number }>();
  for (const { properties } of desk) {
    if (properties.publication !== 'public') continue;
    const { parcels, legalM2 } = by.get(properties.status) ?? { parcels: 0, legalM2: 0 };
    by.set(properties.status, { parcels: parcels + 1, legalM2: round4(legalM2 + properties.legal_m2) });
  }
  return by;
}

function byFeed(balance: Balance): Map<Status, { parcels: number; legalM2: number }> {
  const by = new Map<Status, { parcels: number; legalM2: number }>();
  for (const row of balance.rows) {
    const builtM2 = row.built_legal_m2 ?? 0;
    const builtParcels = row.built_parcels ?? 0;
    by.set(row.status, { parcels: row.parcels - builtParcels, legalM2: round4(row.legal_m2 - builtM2) });
    if (row.status === 'supplied') by.set('built', { parcels: builtParcels, legalM2: builtM2 });
  }
  return by;
}

/** Legal areas carry four decimals: a difference of two is rounded back to them. */
function round4(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

/** What is free, for the page's first line: which sentence says it, and its figures in m². */
export interface Free {
  form: 'free' | 'sum' | 'none' | 'nothing';
  n: number;
  m2: number;
  least: number;
  most: number;
}

/**
 * The available land of a balance; where there is none, the reserve. The sizes of single parcels come from the same
 * moment's parcels: while those are on their way, or disagree with the balance, none is named.
 */
export function firstLine(balance: Balance, parcels: readonly Parcel[] | null): Free {
  const row = (status: Status) => balance.rows.find((each) => each.status === status);
  const of = (status: Status, form: Free['form']): Free => ({
    form,
    n: row(status)?.parcels ?? 0,
    m2: row(status)?.legal_m2 ?? 0,
    least: 0,
    most: 0,
  });
  const free = of('available', 'sum');
  if (free.n === 0) {
    const reserve = of('reserve', 'none');
    return reserve.n > 0 ? reserve : { ...reserve, form: 'nothing' };
  }
  const sizes = (parcels ?? []).flatMap(({ properties }) =>
    properties.status === 'available' ? properties.legal_m2 : [],
  );
  if (sizes.length !== free.n) return free;
  return { ...free, form: 'free', least: Math.min(...sizes), most: Math.max(...sizes) };
}
