import asking from '../../../message/asking.json';
import type { Lang, Params } from '../core/message';

/** The texts of the forms and of the inbox: they come with these, not with the first load. */
export type AskKey = keyof typeof asking;

export const asked = asking;

/** A text with its {placeholders} filled. */
export const sayOf = (lang: Lang, key: AskKey, params: Params = {}): string =>
  asking[key][lang].replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in params ? String(params[name]) : whole,
  );
