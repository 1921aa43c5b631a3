import type { Building, Letting, Unit } from '../core/api';
import { plain } from '../core/format';
import type { Lang } from '../core/message';
import { sayOf } from './text';

/** A figure with its unit; in words where it is not known. */
export const figureOf = (lang: Lang, value: number | null, unit: string): string =>
  value === null ? sayOf(lang, 'building.unknown') : `${plain(lang, value)} ${unit}`;

/** What a crane lifts: there may be none, which is another thing than not known. */
export const craneOf = (lang: Lang, value: number | null): string =>
  value === 0 ? sayOf(lang, 'building.crane.none') : figureOf(lang, value, 't');

export const rentOf = (lang: Lang, value: number | null): string =>
  value === null
    ? sayOf(lang, 'building.unknown')
    : sayOf(lang, 'building.rent.unit', { n: plain(lang, value) });

/** In which stage a building is, and when it is ready as far as anybody knows. */
export function stageOf(lang: Lang, { stage, since, ready_by }: Building): string {
  const words = [sayOf(lang, `building.stage.${stage}`)];
  if (since) words.push(sayOf(lang, 'building.since', { day: since }));
  if (stage !== 'ready')
    words.push(
      ready_by ? sayOf(lang, 'building.ready_by', { day: ready_by }) : sayOf(lang, 'building.ready_unknown'),
    );
  return words.join(' · ');
}

/** What of a building is told in a line: storeys and area, those that are known. */
export const sizeOf = (lang: Lang, { storeys, floor_m2 }: Building): string =>
  [
    storeys !== null && sayOf(lang, 'building.storeys', { n: storeys }),
    floor_m2 !== null && sayOf(lang, 'building.floor_m2', { m2: plain(lang, floor_m2) }),
  ]
    .filter(Boolean)
    .join(' · ');

/** From when a unit is free; null where that is today. */
export function freeOf(lang: Lang, { state, free_on }: Unit, today: string): string | null {
  if (free_on === null) return sayOf(lang, 'building.free_unknown');
  return state === 'free' && free_on <= today ? null : sayOf(lang, 'building.free_on', { day: free_on });
}

/** For which days a letting is. */
export function periodOf(lang: Lang, { from, until }: Letting): string {
  if (from === null) return sayOf(lang, 'building.period.none');
  return until === null
    ? sayOf(lang, 'building.period.open', { from })
    : sayOf(lang, 'building.period', { from, until });
}
