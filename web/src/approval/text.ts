import approvals from '../../../message/approving.json';
import type { Lang, Params } from '../core/message';

/** The texts of approvals: they come with these, not with the first load. */
export type ApprovalKey = keyof typeof approvals;

export const table = approvals;

/** A text with its {placeholders} filled. */
export const sayOf = (lang: Lang, key: ApprovalKey, params: Params = {}): string =>
  approvals[key][lang].replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in params ? String(params[name]) : whole,
  );
