import { endOf, parseDay, type Day } from './asof';

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
