import type { ParkEvent } from '../core/live';
import { isKey, say, type Lang } from '../core/message';

/** So many codes are named, the rest counted. */
const NAMED = 3;

/** What a kind of record is called; of one unknown, and of the public's events, that there was a change. */
export function kindText(lang: Lang, kind: string | undefined): string {
  const key = `web.order.${kind}`;
  return say(lang, isKey(key) ? key : 'web.event.change');
}

/** What people call a thing of a code. */
type Calling = (code: string) => string;
const byCode: Calling = (code) => code;

/** The things that an event is about, as people call them. */
export function codesOf(lang: Lang, { changes, change_count }: ParkEvent, called: Calling = byCode): string {
  const codes = [...new Set(changes.flatMap(({ code }) => code ?? []))];
  const named = codes
    .slice(0, NAMED)
    .map(called)
    .join(lang === 'zh' ? '、' : ', ');
  const unnamed = changes.filter(({ code }) => code === null).length;
  const n = change_count - unnamed;
  return n > NAMED ? say(lang, 'web.event.codes', { codes: named, n }) : named;
}

/** An event in one line: who did what to which. */
export function sayEvent(lang: Lang, event: ParkEvent, called: Calling = byCode): string {
  const what = [kindText(lang, event.kind), codesOf(lang, event, called)].filter(Boolean).join(' ');
  if (event.kind === undefined) return what;
  return say(lang, 'web.event.line', { who: event.who?.name || say(lang, 'web.event.server'), what });
}
