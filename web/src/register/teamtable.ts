import type { NewTeamTarget, TeamFigure } from '../core/api';

export const measures = [
  'leads',
  'talks',
  'signed',
  'landed',
  'started',
  'signed_cny',
] as const satisfies NewTeamTarget['measure'][];
export type Measure = (typeof measures)[number];

/** What stands where a figure is not known, not set or not told. */
export const unknown = '–';

/** The quarters of a table: those of a year, and behind them that of unknown ones (0) where there is any. */
export const quartersOf = (figures: readonly TeamFigure[]): readonly number[] =>
  figures.some(({ quarter }) => quarter === null) ? [1, 2, 3, 4, 0] : [1, 2, 3, 4];

/** A target as its form has it, as it is sent: with a reason it takes the place of the one that is set. */
export const targetBody = (typed: {
  year: number;
  quarter: number;
  measure: Measure;
  amount: string;
  source: string;
  reason: string;
  withdrawn: boolean;
}): NewTeamTarget => ({
  year: typed.year,
  quarter: typed.quarter,
  measure: typed.measure,
  amount: Number(typed.amount),
  source: typed.source.trim(),
  ...(typed.withdrawn && { withdrawn: true }),
  ...(typed.reason.trim() && { corrects: true, reason: typed.reason.trim() }),
});
