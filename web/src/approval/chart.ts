import type { ShownFlow, ShownStep } from './shown';

/** A stretch of the time axis, in the units of its width. */
export interface Bar {
  x: number;
  width: number;
}

/** A step's row: what was agreed, what has happened, and what is expected; null where a date is unknown. */
export interface ChartRow {
  step: ShownStep;
  /** The first row of a stage. */
  heads: string | null;
  agreed: Bar | null;
  actual: Bar | null;
  expected: Bar | null;
}

export interface Tick {
  x: number;
  /** The first of a month, by its date; null: a Monday between. */
  month: string | null;
}

export interface ChartLayout {
  rows: ChartRow[];
  ticks: Tick[];
  on: number;
}

const DAY_MS = 86_400_000;
const dayNumber = (date: string): number => Date.parse(`${date}T00:00:00Z`) / DAY_MS;
const dateOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** Weeks are drawn while they lie so far apart. */
const LEAST_WEEK = 7;

/** Every known date of a flow. */
function datesOf(flow: ShownFlow, on: string): number[] {
  const dates = flow.steps.flatMap(({ agreed, actual, expected }) => [
    agreed.start,
    agreed.finish,
    actual.start,
    actual.finish,
    expected.start,
    expected.finish,
  ]);
  return [flow.start, on, ...dates.filter((date) => date !== null)].map(dayNumber);
}

/** Lays the steps over a time axis of a width, grouped by their stages in the template's order. */
export function layOut(flow: ShownFlow, on: string, width: number): ChartLayout {
  const days = datesOf(flow, on);
  const from = Math.min(...days) - 1;
  const to = Math.max(...days) + 2;
  const at = (day: number): number => ((day - from) / (to - from)) * width;
  const bar = (start: string | null, finish: string | null): Bar | null => {
    if (!start || !finish) return null;
    const x = at(dayNumber(start));
    return { x, width: Math.max(3, at(dayNumber(finish)) - x) };
  };
  let stage = '';
  const rows = ordered(flow).map((step): ChartRow => {
    const heads = step.stage === stage ? null : step.stage;
    stage = step.stage;
    const began = step.actual.start;
    return {
      step,
      heads,
      agreed: bar(step.agreed.start, step.agreed.finish),
      actual: bar(began, step.actual.finish ?? (began && on)),
      expected: bar(step.expected.start ?? (began && on), step.expected.finish),
    };
  });
  return { rows, ticks: ticks(from, to, at), on: at(dayNumber(on)) };
}

/** The steps stage by stage. */
function ordered(flow: ShownFlow): ShownStep[] {
  const place = new Map(flow.stages.map(({ code }, i) => [code, i]));
  return [...flow.steps].sort((a, b) => (place.get(a.stage) ?? 0) - (place.get(b.stage) ?? 0));
}

function ticks(from: number, to: number, at: (day: number) => number): Tick[] {
  const weeks = at(from + 7) >= LEAST_WEEK;
  const all: Tick[] = [];
  for (let day = Math.ceil(from); day <= to; day++) {
    const date = dateOf(day);
    const isMonday = (day + 3) % 7 === 0; // 1 January 1970 was a Thursday
    if (date.endsWith('-01')) all.push({ x: at(day), month: date });
    else if (weeks && isMonday) all.push({ x: at(day), month: null });
  }
  return all;
}
