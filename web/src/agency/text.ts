import aiding from '../../../message/aiding.json';
import type { Lang, Params } from '../core/message';

/** The texts of running a project for its firm: they come with it, not with the first load. */
export type AidKey = keyof typeof aiding;

export const table = aiding;

/** A text with its {placeholders} filled. */
export const sayOf = (lang: Lang, key: AidKey, params: Params = {}): string =>
  aiding[key][lang].replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in params ? String(params[name]) : whole,
  );
