import { areaIn, areaUnitName, muFrom, type AreaUnit } from '../core/areaunit';
import { figures, parseRange, type FigureId, type FilterId, type Filters, type Range } from '../core/filters';
import { M2_PER_MU, day, plain } from '../core/format';
import { landUseName } from '../core/landuse';
import type { Key } from '../core/message';
import type { Column } from '../core/parcels';
import type { Words } from '../kit/words.svelte';

/** How the reader reads figures. */
export interface Reader {
  words: Words;
  unit: AreaUnit;
  timeZone: string;
}

/** The unit of a figure in words. */
export function unitOf({ words, unit }: Pick<Reader, 'words' | 'unit'>, id: FigureId): string {
  const of = figures[id].unit;
  if (of === 'mu') return words.t(areaUnitName(unit));
  return of === 'price' || of === 'm' || of === 'km' ? words.t(`web.browse.unit.${of}`) : of;
}

/** A figure as filters hold it, in the reader's unit. */
export const shownAs = (unit: AreaUnit, id: FigureId, value: number): number =>
  id === 'mu' && unit !== 'mu' ? areaIn(unit, value * M2_PER_MU) : value;

/** A figure as filters hold it, as the reader reads it: to two decimals. */
export function figureText(
  { words, unit }: Pick<Reader, 'words' | 'unit'>,
  id: FigureId,
  value: number,
): string {
  return plain(words.lang, Math.round(shownAs(unit, id, value) * 100) / 100);
}

/** A figure as it stands in its field, to be typed over; "" for none. */
export const typedAs = (unit: AreaUnit, id: FigureId, value: number | null | undefined): string =>
  value === null || value === undefined ? '' : String(Math.round(shownAs(unit, id, value) * 1e4) / 1e4);

/** What was typed as the ends of a range in the reader's unit; undefined where it is none. */
export function rangeFrom(
  unit: AreaUnit,
  id: FigureId,
  typed: readonly [string, string],
): Range | null | undefined {
  const [least, most] = typed.map((text) => text.trim().replace(/^(\d+),(\d{1,2})$/, '$1.$2'));
  if (!least && !most) return null;
  const range = parseRange(`${least}-${most}`);
  if (!range) return undefined;
  const inMu = (end: number | null): number | null => (end === null || id !== 'mu' ? end : muFrom(unit, end));
  const [from, to] = [inMu(range[0]), inMu(range[1])];
  return from !== null && to !== null && from > to ? undefined : [from, to];
}

/** What a column, or the order by it, is called. */
export const columnName = (words: Words, column: Column): string =>
  words.t(
    column in figures ? `web.browse.figure.${column as FigureId}` : (`web.browse.sort.${column}` as Key),
  );

/** A filter that is set, in words. */
export function filterText(reader: Reader, id: FilterId, filters: Filters): string {
  const { words } = reader;
  switch (id) {
    case 'status':
      return words.join(filters.statuses.map((each) => words.t(`web.status.${each}`)));
    case 'use':
      return words.join(filters.uses.map((code) => landUseName(words.lang, code) ?? code));
    case 'ready': {
      const named = words.join(filters.ready.map((key) => words.t(`web.service.${key}`)));
      return `${words.t('web.browse.ready')} ${named}`;
    }
    case 'by':
      return words.t('web.browse.by.chip', { day: day(words.lang, filters.by ?? '', reader.timeZone) });
    case 'hazard':
      return words.t('web.browse.hazard.chip', {
        class: words.t(`web.match.hazard.${filters.hazard ?? 'E'}`),
      });
    default:
      return rangeText(reader, id, filters.ranges[id] ?? [null, null]);
  }
}

function rangeText(reader: Reader, id: FigureId, [least, most]: Range): string {
  const end = (value: number | null): string => (value === null ? '' : figureText(reader, id, value));
  const form = most === null ? 'least' : least === null ? 'most' : 'range';
  return reader.words.t(`web.browse.chip.${form}`, {
    what: reader.words.t(`web.browse.figure.${id}`),
    least: end(least),
    most: end(most),
    unit: unitOf(reader, id),
  });
}
