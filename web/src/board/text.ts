import texts from '../../../message/board.json';
import type { BoardCard } from '../core/api';
import { halfIn, type Lang, type Params } from '../core/message';
import type { Words } from '../kit/words.svelte';
import type { Column } from './moves';

/** The texts of the board and the week's sheet: they come with these, not with the first load. */
export type BoardKey = keyof typeof texts;

/** A text with its {placeholders} filled; of one thing, where `n` is 1, the text for one. */
export function sayOf(lang: Lang, key: BoardKey, params: Params = {}): string {
  const one = `${key}.one`;
  const form = Number(params.n) === 1 && Object.hasOwn(texts, one) ? (one as BoardKey) : key;
  return texts[form][lang].replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in params ? String(params[name]) : whole,
  );
}

/** The name of a column. */
export function calledOf(words: Words, column: Column): string {
  if (column === 'none') return sayOf(words.lang, 'board.column.none');
  return words.t(column === 'paused' || column === 'lost' ? `web.standing.${column}` : `web.stage.${column}`);
}

/** What holds a project up, with who sees to it; else the step that is overdue; "": nothing is noted. */
export function stuckOf(words: Words, card: BoardCard, date: (day: string) => string): string {
  const { stuck } = card;
  if (stuck) {
    const what = halfIn(words.lang, words.name({ name_zh: stuck.what_zh, name_en: stuck.what_en }) ?? '');
    if (stuck.kind === 'step') return sayOf(words.lang, 'board.stopped', { step: what });
    const owner = stuck.owner && halfIn(words.lang, stuck.owner);
    return [what, owner, stuck.due && sayOf(words.lang, 'board.due', { date: date(stuck.due) })]
      .filter(Boolean)
      .join(' · ');
  }
  if (!card.overdue || !card.next_step || !card.due) return '';
  return `${card.next_step} · ${sayOf(words.lang, 'board.overdue', { date: date(card.due) })}`;
}
