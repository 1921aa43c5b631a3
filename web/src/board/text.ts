import texts from '../../../message/board.json';
import type { Lang, Params } from '../core/message';

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
