import buildings from '../../../message/building.json';
import type { Lang, Params } from '../core/message';

/** The texts of workshops: they come with these, not with the first load. */
export type BuildingKey = keyof typeof buildings;

export const table = buildings;

/** A text with its {placeholders} filled. */
export const sayOf = (lang: Lang, key: BuildingKey, params: Params = {}): string => {
  const one = `${key}.one`;
  const form = Number(params.n) === 1 && one in buildings ? (one as BuildingKey) : key;
  return buildings[form][lang].replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in params ? String(params[name]) : whole,
  );
};
