import promoting from '../../../message/promoting.json';
import type { Lang, Params } from '../core/message';

/** The texts of chain-led promotion: they come with it, not with the first load. */
export type PromotionKey = keyof typeof promoting;

export const table = promoting;

/** A text with its {placeholders} filled. */
export const sayOf = (lang: Lang, key: PromotionKey, params: Params = {}): string =>
  promoting[key][lang].replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in params ? String(params[name]) : whole,
  );
