import { capacity, plain } from './format';
import { serviceKeys, type Service, type Services } from './feed';
import type { Lang } from './message';
import { isOld } from './price';

/** What a parcel can draw: a figure, or between what it lies; null where neither is told. */
export function drawOf(lang: Lang, { capacity: figure, unit, min, max }: Service): string | null {
  if (figure !== null) return capacity(lang, figure, unit);
  return min === undefined || max === undefined ? null : `${plain(lang, min)}–${capacity(lang, max, unit)}`;
}

/** The oldest day of which a service is stated; null where no day is. */
export const oldestDay = (services: Services | null): string | null =>
  serviceKeys.flatMap((key) => services?.[key]?.stated_on ?? []).sort()[0] ?? null;

/** The parcels of which a service was stated too long ago, by code. */
export const oldServices = (
  parcels: readonly { properties: { code: string; services: Services | null } }[],
  months: number,
  now: Date,
): string[] =>
  parcels
    .filter(({ properties }) => isOld(oldestDay(properties.services), months, now))
    .map(({ properties }) => properties.code);
