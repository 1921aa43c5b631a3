import type { Won } from '../core/api';
import { day, fixed } from '../core/format';
import { nameIn, type Lang } from '../core/message';
import type { ShownFlow, ShownStep } from './shown';
import { sayOf, table, type ApprovalKey } from './text';

const UTC = 'UTC';

/** A text whose key is put together; what has none is shown as it is. */
export function sayOr(lang: Lang, key: string, otherwise: string): string {
  return Object.hasOwn(table, key) ? sayOf(lang, key as ApprovalKey) : otherwise;
}

/** A date, or that it is not known. */
export const dateOr = (lang: Lang, date: string | null): string =>
  date ? day(lang, date, UTC) : sayOf(lang, 'approval.unknown');

/** From one date to another, where either is known. */
export function span(lang: Lang, dates: { start: string | null; finish: string | null }): string {
  if (!dates.start && !dates.finish) return '';
  return `${dates.start ? day(lang, dates.start, UTC) : '…'} – ${dates.finish ? day(lang, dates.finish, UTC) : '…'}`;
}

export function stepName(lang: Lang, flow: ShownFlow, code: string): string {
  const step = flow.steps.find((each) => each.code === code);
  return (step && nameIn(lang, step.name_zh, step.name_en)) ?? code;
}

/** Who does a step. */
export function byWhom(lang: Lang, flow: ShownFlow, by: string): string {
  if (by === 'firm') return sayOf(lang, 'approval.firm');
  const found = flow.departments.find(({ code }) => code === by);
  return (found && nameIn(lang, found.name_zh, found.name_en)) ?? by;
}

/** Whom a step waits for; null: it is finished. */
export function waitOf(lang: Lang, flow: ShownFlow, step: ShownStep): string | null {
  const { wait } = step;
  if (!wait) return null;
  const since = dateOr(lang, wait.since);
  switch (wait.on) {
    case 'department':
      return sayOf(lang, 'approval.wait.department', { who: byWhom(lang, flow, wait.who), since });
    case 'firm':
      return sayOf(lang, 'approval.wait.firm', { since });
    case 'special': {
      const found = step.specials.find(({ code }) => code === wait.who);
      const who = (found && nameIn(lang, found.name_zh, found.name_en)) ?? wait.who;
      return sayOf(lang, 'approval.wait.special', { who, since });
    }
    case 'steps': {
      const names = wait.steps.map((code) => {
        const name = stepName(lang, flow, code);
        const promised = step.after.some((each) => each.step === code && each.on_promise);
        return promised ? sayOf(lang, 'approval.promise', { step: name }) : name;
      });
      return sayOf(lang, 'approval.wait.steps', { steps: names.join(lang === 'zh' ? '、' : ', ') });
    }
  }
}

/** A count of days with its sign. */
export const signed = (lang: Lang, n: number): string => (n > 0 ? '+' : '') + fixed(lang, n, 0);

/** Who won or lost the days of a finished step. */
export function wonBy(lang: Lang, won: Won): string {
  const parts = ['inherited', 'handing_in', 'department', 'firm', 'special'] as const;
  return parts
    .filter((part) => won[part] !== 0)
    .map((part) => sayOf(lang, `approval.won.${part}`, { n: signed(lang, won[part]) }))
    .join(lang === 'zh' ? '，' : ', ');
}
