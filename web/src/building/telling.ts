import type { BuildingRecord } from '../core/api';
import { plain } from '../core/format';
import { nameIn, type Lang } from '../core/message';
import { sayOf, type BuildingKey } from './text';

/** What a record of a workshop says: what was done, and the facts that it set or changed. */
export interface Told {
  what: string;
  facts: readonly string[];
}

type Facts = Readonly<Record<string, unknown>>;

/** The facts that are told of a building or unit, by column. */
const told: Readonly<Record<string, BuildingKey>> = {
  code: 'building.code',
  name_zh: 'building.name_zh',
  name_en: 'building.name_en',
  parcel_id: 'building.on',
  stage: 'building.stage',
  since: 'building.since.label',
  ready_by: 'building.ready_by.label',
  storeys: 'building.storeys.label',
  floor_m2: 'building.floor_m2.label',
  floor: 'building.floor.short',
  area_m2: 'building.area.label',
  clear_height_m: 'building.height.label',
  load_t_m2: 'building.load.label',
  crane_t: 'building.crane.short',
  power_kva: 'building.power.label',
  rent_cny_m2_month: 'building.rent.label',
  free_from: 'building.free_from.label',
  position: 'building.position',
  source: 'building.source',
  illustrative: 'building.illustrative.label',
  publication: 'building.publication',
};

const factsOf = (value: unknown): Facts | null =>
  typeof value === 'object' && value !== null ? (value as Facts) : null;

/** What a record says, in words; `codeOf` names a parcel by its id, null where it is not known any more. */
export function tell(lang: Lang, record: BuildingRecord, codeOf: (parcel: string) => string | null): Told {
  const now = factsOf(record.facts) ?? {};
  const was = factsOf(record.was);
  const building = (lang === 'zh' ? record.building_zh : record.building_en) || record.building_code;
  const place = { building, code: record.building_code, unit: record.unit_code ?? '' };
  if (record.thing === 'letting') return tellLetting(lang, record, now, was, place);
  const done = was === null ? 'made' : now.retired ? 'retired' : 'changed';
  const what = sayOf(lang, `building.record.${record.thing}.${done}`, place);
  if (done === 'retired') return { what, facts: [] };
  return { what, facts: changes(lang, now, was, codeOf) };
}

function tellLetting(
  lang: Lang,
  { project }: BuildingRecord,
  now: Facts,
  was: Facts | null,
  place: Record<string, string>,
): Told {
  const before = was === null ? 'new' : String(was.state);
  const keys: Record<string, BuildingKey> = {
    'new held': 'building.record.held',
    'new let': 'building.record.let',
    'held let': 'building.record.held.let',
    'held ended': 'building.record.held.ended',
    'let ended': 'building.record.let.ended',
  };
  const key = keys[`${before} ${String(now.state)}`] ?? 'building.record.letting';
  const name = project && (nameIn(lang, project.name_zh, project.name_en) ?? project.code);
  const document = now.document ?? null;
  return {
    what: sayOf(lang, key, { ...place, project: name ?? sayOf(lang, 'building.unknown') }),
    facts: [
      daysOf(lang, now.period),
      now.state === 'held' && now.hold_until
        ? sayOf(lang, 'building.held_until', { day: String(now.hold_until) })
        : null,
      document === null ? null : `${sayOf(lang, 'building.document')} ${String(document)}`,
    ].filter((text) => text !== null),
  };
}

const DAY_MS = 86_400_000;

/** The days of a range as PostgreSQL writes it, its last day being the one before its end. */
export function daysOf(lang: Lang, range: unknown): string | null {
  const [, from, end] = /^\[(\d{4}-\d{2}-\d{2}),(\d{4}-\d{2}-\d{2})?\)$/.exec(String(range)) ?? [];
  if (!from) return range === 'empty' ? sayOf(lang, 'building.period.none') : null;
  if (!end) return sayOf(lang, 'building.period.open', { from });
  const until = new Date(Date.parse(end) - DAY_MS).toISOString().slice(0, 10);
  return sayOf(lang, 'building.period', { from, until });
}

/** The facts that a record set, or that differ from those before: "Area (m²): 1,200 → 1,350". */
function changes(
  lang: Lang,
  now: Facts,
  was: Facts | null,
  codeOf: (parcel: string) => string | null,
): string[] {
  const text = (column: string, value: unknown): string => {
    if (value === null || value === undefined) return sayOf(lang, 'building.unknown');
    if (column === 'stage') return sayOf(lang, `building.stage.${value as 'ready'}`);
    if (column === 'publication') return sayOf(lang, `building.publication.${value as 'public'}`);
    if (column === 'parcel_id') return codeOf(String(value)) ?? sayOf(lang, 'building.parcel.gone');
    if (column === 'illustrative') return sayOf(lang, value ? 'building.yes' : 'building.no');
    if (column === 'position') return sayOf(lang, 'building.position.known');
    return typeof value === 'number' ? plain(lang, value) : String(value);
  };
  const colon = lang === 'zh' ? '：' : ': ';
  return Object.entries(told).flatMap(([column, label]) => {
    const [value, before] = [now[column], was?.[column]];
    if (was === null ? value === null || value === undefined || value === false : same(value, before))
      return [];
    const after = text(column, value);
    const both =
      was === null || text(column, before) === after ? after : `${text(column, before)} → ${after}`;
    return [`${sayOf(lang, label)}${colon}${both}`];
  });
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
