import ledger from '../../../message/ledger.json';
import type { Lang, Params } from '../core/message';

/** The texts of ledgers: they come with the panel, not with the first load. */
export type LedgerKey = keyof typeof ledger;

export const isLedgerKey = (key: string): key is LedgerKey => Object.hasOwn(ledger, key);

/** A text with its {placeholders} filled. */
export const sayOf = (lang: Lang, key: LedgerKey, params: Params = {}): string =>
  ledger[key][lang].replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in params ? String(params[name]) : whole,
  );
