import intake from '../../../message/intake.json';
import type { Lang, Params } from '../core/message';

/** The texts of imports: they come with the panel, not with the first load. */
export type IntakeKey = keyof typeof intake;

export const isIntakeKey = (key: string): key is IntakeKey => Object.hasOwn(intake, key);

/** A text with its {placeholders} filled. */
export const sayOf = (lang: Lang, key: IntakeKey, params: Params = {}): string =>
  intake[key][lang].replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in params ? String(params[name]) : whole,
  );

/** The name of one of our fields; the field's own where it has none. */
export function fieldName(lang: Lang, name: string): string {
  const key = `intake.field.${name}`;
  return isIntakeKey(key) ? sayOf(lang, key) : name;
}
