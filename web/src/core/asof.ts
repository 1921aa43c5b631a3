/** A day of the calendar, "2026-11-22". */
export type Day = string;

const DAY_MS = 86_400_000;

/** The day that an instant falls on in a time zone. */
export function dayOf(instant: number, timeZone: string): Day {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return parts.format(instant);
}

/** How far a zone's clock is ahead of UTC at an instant, in ms. */
function offset(instant: number, timeZone: string): number {
  const text = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).format(instant);
  return Date.parse(`${text.replace(', ', 'T')}Z`) - Math.floor(instant / 1000) * 1000;
}

/** The last microsecond of a day in a time zone, as feeds take it for `datetime`. */
export function endOf(day: Day, timeZone: string): string {
  const next = Date.parse(`${day}T00:00:00Z`) + DAY_MS;
  let midnight = next - offset(next, timeZone);
  midnight = next - offset(midnight, timeZone);
  return new Date(midnight - 1).toISOString().replace('Z', '999Z');
}

/** A day so many days later. */
export function addDays(day: Day, days: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Days from a to b. */
export function daysBetween(a: Day, b: Day): number {
  return Math.round((Date.parse(`${b}T00:00:00Z`) - Date.parse(`${a}T00:00:00Z`)) / DAY_MS);
}

/** Reads a day as a link holds it; null where it is none. */
export function parseDay(text: string | null): Day | null {
  if (!text || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const parsed = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(parsed) || new Date(parsed).toISOString().slice(0, 10) !== text ? null : text;
}
