import type { BoardColumn } from './api';
import { cssVariables, type Theme } from './theme';

/** A column of the board: a stage, or where a project stands apart. */
export type Column = BoardColumn['column'];

/** The colour of each column, by its name in CSS: the further a project is, the more it stands out. */
export const tints: Readonly<Record<Column, string>> = {
  none: 'line-strong',
  lead: 'heat-0',
  in_talks: 'heat-1',
  to_sign: 'heat-2',
  signed: 'heat-3',
  landed: 'heat-4',
  started: 'heat-5',
  in_production: 'heat-6',
  paused: 'status-withdrawn',
  lost: 'ink-2',
};

/** The colours of a theme by column. */
export function columnColours(theme: Theme): [Column, string][] {
  const variables = cssVariables(theme);
  return (Object.keys(tints) as Column[]).map((column) => [column, variables[`--${tints[column]}`] ?? '']);
}
