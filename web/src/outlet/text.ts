import texts from '../../../message/outlet.json';
import type { Lang, Params } from '../core/message';

/** The texts of exports: they come with the panel, not with the first load. */
export type OutletKey = keyof typeof texts;

/** A text with its {placeholders} filled. */
export const sayOf = (lang: Lang, key: OutletKey, params: Params = {}): string =>
  texts[key][lang].replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in params ? String(params[name]) : whole,
  );
