import mine from '../../../message/account.json';
import type { Lang, Params } from '../core/message';

/** The texts of one's own pages: they come with these, not with the first load. */
export type MineKey = keyof typeof mine;

/** A text with its {placeholders} filled. */
export const sayOf = (lang: Lang, key: MineKey, params: Params = {}): string =>
  mine[key][lang].replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in params ? String(params[name]) : whole,
  );
