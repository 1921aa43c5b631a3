import { dayOf, endOf, parseDay, type Day } from './asof';

/** A moment in the park's past: a whole day, meaning its end, or an instant as the server prints it. */
export type Past = Day | string;

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/** Reads what a link holds; null where it is neither a day nor an instant. */
export function parsePast(text: string | null): Past | null {
  if (!text) return null;
  return parseDay(text) ?? (instant.test(text) && !Number.isNaN(Date.parse(text)) ? text : null);
}

/** What feeds take as `datetime`. */
export function instantOf(past: Past, timeZone: string): string {
  return parseDay(past) ? endOf(past, timeZone) : past;
}

/** The day on which a park's records begin, where they begin after a moment: of that moment nothing is known. */
export function beginsAfter(past: Past | null, firstAt: string | null, timeZone: string): Day | null {
  if (past === null || firstAt === null) return null;
  const first = Date.parse(firstAt);
  return Date.parse(instantOf(past, timeZone)) < first ? dayOf(first, timeZone) : null;
}
