import papers from '../../../message/paper.json';
import type { Lang, Params } from '../core/message';

/** The texts of photos and documents: they come with these, not with the first load. */
export type PaperKey = keyof typeof papers;

export const table = papers;

/** A text with its {placeholders} filled. */
export const sayOf = (lang: Lang, key: PaperKey, params: Params = {}): string =>
  papers[key][lang].replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in params ? String(params[name]) : whole,
  );
