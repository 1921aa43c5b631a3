import type { Key } from './message';
import type { ParcelProperties, PriceKind } from './feed';

type Priced = Pick<ParcelProperties, 'price_cny_per_m2' | 'price_kind' | 'price_document' | 'price_on'>;

/** What a price is said in: of a workshop's floor by the month, else of land. */
export const unitOf = (kind: PriceKind | null): Key => (kind === 'rent' ? 'web.unit.rent' : 'web.unit.price');

/** The word for what a price is. */
export const kindOf = (kind: PriceKind | null): Key => `web.price.${kind ?? 'unstated'}`;

/** Whether a stated day lies more than so many months back, by the calendar. False where no day is stated. */
export function isOld(day: string | null, months: number, now: Date): boolean {
  if (!day) return false;
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return Date.UTC(year, month - 1 + months, date) < now.getTime();
}

/** The parcels whose price has grown old, by code. */
export const oldPrices = <P extends { properties: Priced & { code: string } }>(
  parcels: readonly P[],
  months: number,
  now: Date,
): string[] =>
  parcels
    .filter(({ properties: p }) => p.price_cny_per_m2 !== null && isOld(p.price_on, months, now))
    .map(({ properties }) => properties.code);

/**
 * What is asked for the land of a parcel, in CNY/m²; null where nobody has said. A rent is of floor by the month and
 * isn't compared with it. Whoever compares prices reads them here.
 */
export const priceOf = (of: Pick<Priced, 'price_cny_per_m2' | 'price_kind'>): number | null =>
  of.price_kind === 'rent' ? null : of.price_cny_per_m2;
