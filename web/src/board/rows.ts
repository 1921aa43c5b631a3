import type { BoardCard, BoardColumn } from '../core/api';
import type { Lang } from '../core/message';
import type { Sort } from './link';
import type { Column } from './moves';

/** A project with the column in which it stands, and what the table prints of it; "" is not known. */
export interface Row {
  card: BoardCard;
  column: Column;
  says: Record<Sort, string>;
}

/** What a row needs to say in the reader's language. */
export interface Saying {
  name: (of: { name_zh: string; name_en: string }) => string;
  column: (column: Column) => string;
  person: (name: string) => string;
  stuck: (card: BoardCard) => string;
}

/** The places of a project: its parcels, and whose park they are where that is another. */
export const placesOf = (card: BoardCard): string => card.places.flatMap(({ parcels }) => parcels).join(', ');

export function rowsOf(columns: readonly BoardColumn[], saying: Saying): Row[] {
  return columns.flatMap(({ column, cards }) =>
    cards.map((card) => ({
      card,
      column,
      says: {
        code: card.code,
        name: saying.name(card) || card.code,
        party: card.party ? saying.name(card.party) : '',
        stage: saying.column(column),
        since: card.since ?? '',
        place: placesOf(card),
        team: card.team ? saying.name(card.team) : (card.task_force ?? ''),
        agent: card.agent ? saying.person(card.agent.name) : '',
        stuck: saying.stuck(card),
      },
    })),
  );
}

/**
 * Rows by one of their columns: codes by their numbers, stages in their order, the unknown last either way; those that
 * say the same by their code.
 */
export function sorted(
  rows: readonly Row[],
  by: Sort,
  down: boolean,
  lang: Lang,
  order: readonly Column[],
): Row[] {
  const collator = new Intl.Collator(lang === 'zh' ? 'zh-Hans' : 'en', { numeric: true });
  const byCode = (a: Row, b: Row): number => collator.compare(a.card.code, b.card.code);
  return rows.toSorted((a, b) => {
    const [one, other] = [a.says[by], b.says[by]];
    if (by === 'stage') {
      const apart = order.indexOf(a.column) - order.indexOf(b.column);
      return (down ? -apart : apart) || byCode(a, b);
    }
    if (!one || !other) return Number(!one) - Number(!other) || byCode(a, b);
    const apart = collator.compare(one, other);
    return (down ? -apart : apart) || byCode(a, b);
  });
}
