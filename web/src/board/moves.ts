import type { BoardCard, BoardColumn } from '../core/api';
import { stages, type Project, type Stage, type Turn } from '../register/register';
import { turnsFrom } from '../register/stageform';

export type Column = BoardColumn['column'];

/** What moving a project to a column asks for: a stage with its evidence, or a turn with its reason. */
export type Move = { kind: 'stage'; stage: Stage } | { kind: 'turn'; turn: Turn['turn'] };

/** A card, and the column that it was moved to. */
export interface Moved {
  card: BoardCard;
  to: Column;
}

const isStage = (column: Column): column is Stage => (stages as readonly string[]).includes(column);

/**
 * What a move from a column to another asks for; null: there is no such move. A project that is paused or lost is taken
 * up again first, at the stage that it had reached. A stage before the furthest is no move on: it is a correction.
 */
export function moveTo(from: Column, to: Column): Move | null {
  const standing = from === 'paused' || from === 'lost' ? from : 'active';
  if (from === to || to === 'none') return null;
  if (to === 'paused' || to === 'lost')
    return turnsFrom[standing].includes(to) ? { kind: 'turn', turn: to } : null;
  if (standing !== 'active') return { kind: 'turn', turn: 'resumed' };
  if (!isStage(to) || (isStage(from) && stages.indexOf(to) < stages.indexOf(from))) return null;
  return { kind: 'stage', stage: to };
}

/** The column in which a project stands. */
export function columnOf(project: Project): Column {
  if (project.standing !== 'active') return project.standing;
  return stages.findLast((stage) => project.milestones.some((reached) => reached.stage === stage)) ?? 'none';
}

/** The columns with a card that was just moved there in sight, first where its column tells of others alone. */
export function inSight(columns: readonly BoardColumn[], moved: Moved | null): readonly BoardColumn[] {
  return columns.map((column) =>
    column.column !== moved?.to || column.cards.some(({ id }) => id === moved.card.id)
      ? column
      : { ...column, cards: [moved.card, ...column.cards] },
  );
}

/** A week by ISO 8601 so many weeks from a Monday. */
export function weekFrom(monday: string, weeks: number): string {
  const day = new Date(`${monday}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + 7 * weeks + 3); // its Thursday: a week is of that one's year
  const first = Date.UTC(day.getUTCFullYear(), 0, 1);
  const week = Math.floor((day.getTime() - first) / (7 * 86_400_000)) + 1;
  return `${day.getUTCFullYear()}-W${String(week).padStart(2, '0')}`;
}
