import ranges from '../../../geo/land/ranges.json';
import type { Condition, ConditionKey } from './feed';
import { percent, plain } from './format';
import { say, type Lang } from './message';

/** Conditions that are shares of one, shown in percent. */
const shares = new Set<ConditionKey>(['building_coefficient', 'office_share', 'green_ratio']);
const metres = new Set<ConditionKey>(['height_m', 'setback_m']);
/** Conditions in 万元/亩; English, which has no 万, gets whole yuan. */
const perMu = new Set<ConditionKey>(['invest_per_mu', 'output_per_mu', 'tax_per_mu']);

/** Whether a condition is a share of one, which people write in percent. */
export const isShare = (key: ConditionKey): boolean => shares.has(key);

/** The most that a condition can be, as it is kept: the server's table. */
export const mostOf = (key: ConditionKey): number => ranges[key];

/** What a bound of a condition is typed in, beside its name. */
export function conditionUnit(lang: Lang, key: ConditionKey): string {
  if (shares.has(key)) return '%';
  if (perMu.has(key)) return say(lang, 'web.fact.wan_per_mu');
  return metres.has(key) ? say(lang, 'web.unit.m') : '';
}

/** "0.7 – 1.8", "≥ 250 万元/亩", "≤ 20 %"; null where neither bound is set. */
export function conditionText(lang: Lang, key: ConditionKey, { min, max }: Condition): string | null {
  const number = (value: number): string => {
    if (shares.has(key)) return percent(lang, value, 0);
    return plain(lang, perMu.has(key) && lang === 'en' ? value * 10_000 : value);
  };
  const range = rangeText(lang, min, max, number);
  if (range === null) return null;
  if (perMu.has(key)) return `${range} ${say(lang, 'web.unit.wan_per_mu')}`;
  if (metres.has(key)) return `${range} ${say(lang, 'web.unit.m')}`;
  return range;
}

function rangeText(
  lang: Lang,
  min: number | null,
  max: number | null,
  number: (value: number) => string,
): string | null {
  if (min !== null && max !== null)
    return say(lang, 'web.condition.between', { min: number(min), max: number(max) });
  if (min !== null) return say(lang, 'web.condition.atleast', { min: number(min) });
  if (max !== null) return say(lang, 'web.condition.atmost', { max: number(max) });
  return null;
}
