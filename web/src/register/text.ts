import noting from '../../../message/dossier.json';
import type { Lang, Params } from '../core/message';

/** The texts of what is noted of projects and teams: they come with the pages, not with the first load. */
export type NoteKey = keyof typeof noting;

/** A text with its {placeholders} filled. */
export const sayOf = (lang: Lang, key: NoteKey, params: Params = {}): string =>
  noting[key][lang].replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in params ? String(params[name]) : whole,
  );
