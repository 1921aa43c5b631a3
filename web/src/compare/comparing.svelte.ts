import type { Geometry, MultiPolygon, Polygon, Position } from 'geojson';
import { conditionText } from '../core/condition';
import { conditionKeys, serviceKeys, type Parcel, type ParcelFacts, type Service } from '../core/feed';
import { day, fixed, M2_PER_MU, muOf, percent } from '../core/format';
import { drawOf } from '../core/service';
import { useText } from '../core/landuse';
import { formatKept, isSame, keptOf, keptPage, type Kept } from '../core/kept';
import { figure, isOpen, type Site } from '../core/match';
import { halfIn } from '../core/message';
import { occupant } from '../core/parcels';
import { kindOf, unitOf } from '../core/price';
import type { Words } from '../kit/words.svelte';
import type { Siting } from '../siting/siting.svelte';
import { unitText } from '../siting/measure';
import type { Land } from '../state/land.svelte';
import type { Session } from '../state/session.svelte';

/** What the page of a lot knows of it (api/sheet): of the lot itself, not of its parcel. */
interface LotFacts {
  geometry: Polygon;
  properties: Pick<ParcelFacts, 'plan_unit' | 'neighbours'> & {
    computed_m2: number;
    /** Null where it isn't measured. */
    frontage_m: number | null;
    road: string | null;
  };
}

/** A site beside others, as it was kept; and what is known of it and of its parcels, as it comes. */
export interface Column {
  key: string;
  code: string;
  kind: Kept['kind'];
  /** Null where it is not of the ranking. */
  site: Site | null;
  /** What it is, is cut from or is made of; none where there is no such site any more. */
  parcels: Parcel[];
  facts: ParcelFacts[];
  /** Of a lot whose outline was kept, inside a public parcel. */
  lot: LotFacts | null;
}

/** A line of the table, with a cell a site. */
export interface Row {
  label: string;
  cells: string[];
  /** Not all cells are alike. */
  differs: boolean;
}
export interface Group {
  title: string;
  rows: Row[];
}

const polygonsOf = (shape: Polygon | MultiPolygon): Position[][][] =>
  shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates;

/** The plan units that a site lies in: a lot's own, or its parcels'. */
const units = ({ facts, lot }: Column): ParcelFacts['plan_unit'][] =>
  (lot ? [lot.properties] : facts).map(({ plan_unit }) => plan_unit);

/** The outline by which a site is drawn; null where there is no such ground any more. */
export function outlineOf({ kind, site, lot, parcels }: Column): Geometry | null {
  const own = site?.geometry ?? lot?.geometry;
  if (own) return own;
  const [first, ...more] = kind === 'lot' && !site ? [] : parcels.map(({ geometry }) => geometry);
  if (!first || more.length === 0) return first ?? null;
  return { type: 'MultiPolygon', coordinates: [first, ...more].flatMap(polygonsOf) };
}

/** So many neighbours are named. */
const NEIGHBOURS = 5;

/** The sites side by side: reads the facts of their parcels, and says them line by line. */
export class Comparing {
  private facts = $state.raw<ReadonlyMap<string, ParcelFacts>>(new Map());
  private lots = $state.raw<ReadonlyMap<string, LotFacts>>(new Map());
  /** From the start until all that is shown was read. */
  busy = $state(true);
  private reading = new AbortController();

  constructor(
    private readonly use: { land: Land; session: Session; siting: Siting; words: Words },
    private readonly items: () => readonly Kept[],
  ) {}

  readonly columns = $derived.by<Column[]>(() => {
    const { land, siting } = this.use;
    return this.items().map((item) => {
      const key = formatKept(item);
      const site = siting.sites.find((each) => isSame(keptOf(each), item)) ?? null;
      const found = site
        ? site.parcels.map(({ id }) => land.parcelById.get(id))
        : item.parcels.map((code) => land.parcels.find(({ properties }) => properties.code === code));
      const there = found.flatMap((parcel) => parcel ?? []);
      const parcels = site || there.length === found.length ? there : [];
      const facts = parcels.flatMap(({ id }) => this.facts.get(id) ?? []);
      const lot = this.lots.get(key) ?? null;
      return { key, code: item.code, kind: site?.kind ?? item.kind, site, parcels, facts, lot };
    });
  });

  /** Reads the facts of what is shown. A parcel that isn't public has none, nor has a lot of it. */
  async read(): Promise<void> {
    const { land, session } = this.use;
    if (!land.whole) await land.knowCodes(this.items().flatMap(({ parcels }) => parcels));
    const park = land.park?.code;
    this.reading.abort();
    this.busy = Boolean(park) && !land.past;
    if (!park || land.past) return;
    this.reading = new AbortController();
    const { signal } = this.reading;
    const ids = new Set(this.columns.flatMap(({ parcels }) => parcels.map(({ id }) => id)));
    const path = `/api/parks/${encodeURIComponent(park)}/parcels/`;
    const ask = <T>(at: string): Promise<T | null> => session.wire.ask<T>(at, { signal }).catch(() => null);
    const lots = this.items().flatMap((item) => {
      const page = item.lot === undefined ? null : keptPage(park, item, this.use.words.lang);
      return page ? [ask<LotFacts>(`${page}&f=geojson`).then((lot) => [formatKept(item), lot] as const)] : [];
    });
    const [read, cut] = await Promise.all([
      Promise.all([...ids].map((id) => ask<ParcelFacts>(path + encodeURIComponent(id)))),
      Promise.all(lots),
    ]);
    if (signal.aborted) return;
    this.lots = new Map(cut.flatMap(([key, lot]) => (lot ? [[key, lot] as const] : [])));
    this.facts = new Map(read.flatMap((facts) => (facts ? [[facts.id, facts] as const] : [])));
    this.busy = false;
  }

  stop(): void {
    this.reading.abort();
  }

  readonly groups = $derived.by<Group[]>(() => {
    const { words } = this.use;
    const group = (title: string, rows: (Row | null)[]): Group => ({
      title,
      rows: rows.flatMap((row) => row ?? []),
    });
    return [
      group(words.t('web.compare.ground'), this.ground()),
      group(words.t('web.compare.scores'), this.scores()),
      group(words.t('web.parcel.services'), this.services()),
      group(words.t('web.parcel.conditions'), this.conditions()),
      group(words.t('web.parcel.neighbours'), this.neighbours()),
    ].filter(({ rows }) => rows.length > 0);
  });

  /**
   * A line; null where no site has anything to say, unless it always stands. A site of several parcels says each thing
   * once; what is not known is said.
   */
  private row(
    label: string,
    say: (column: Column) => readonly (string | null)[],
    { none = this.use.words.t('web.parcel.unstated'), always = false } = {},
  ): Row | null {
    const { columns } = this;
    const said = columns.map((column) => [...new Set(say(column).flatMap((text) => text ?? []))].join(' / '));
    if (!always && said.every((text) => text === '')) return null;
    const cells = said.map((text) => text || none);
    return { label, cells, differs: new Set(cells).size > 1 };
  }

  /** A line of the ranking: of a site that is not in it, so much is said. */
  private ranked(label: string, say: (site: Site) => readonly (string | null)[]): Row | null {
    const { words } = this.use;
    const row = this.row(label, ({ site }) => (site ? say(site) : []), { none: '' });
    if (!row) return null;
    const cells = row.cells.map(
      (cell, i) => cell || (this.columns[i]?.site ? '—' : words.t('web.compare.unranked')),
    );
    return { ...row, cells };
  }

  private ground(): (Row | null)[] {
    const { land, words } = this.use;
    const { lang } = words;
    const of = ({ parcels }: Column) => parcels.map(({ properties }) => properties);
    return [
      this.row(words.t('web.match.kind'), ({ kind, site, parcels }) => [
        site || parcels.length > 0 ? words.t(`web.match.kind.${kind}`) : null,
      ]),
      this.row(words.t('web.compare.status'), (column) =>
        of(column).map((p) => words.t(`web.status.${p.status}`)),
      ),
      this.row(words.t('web.match.area'), (column) => [this.areaText(column)]),
      this.row(words.t('web.match.frontage'), ({ site, lot }) => {
        const road = site?.road ?? lot?.properties.road;
        const metres = site?.road ? site.frontage_m : lot?.properties.frontage_m;
        if (!road) return [metres === 0 ? words.t('web.match.front.none') : null];
        return [words.t('web.match.front', { road: land.called(lang, road), m: figure(lang, metres ?? 0) })];
      }),
      this.row(words.t('web.parcel.landuse'), (column) => of(column).map((p) => useText(lang, p.land_use))),
      this.row(
        words.t('web.parcel.price'),
        (column) =>
          of(column).map((p) =>
            p.price_cny_per_m2 === null
              ? null
              : [
                  words.t(unitOf(p.price_kind), { price: fixed(lang, p.price_cny_per_m2, 2) }),
                  words.t(kindOf(p.price_kind)),
                  p.price_on && words.t('web.price.on', { day: p.price_on }),
                ]
                  .filter(Boolean)
                  .join(' · '),
          ),
        { always: true },
      ),
      this.row(words.t('web.parcel.since'), (column) =>
        of(column).map((p) => p.since && day(lang, p.since, land.timeZone)),
      ),
      this.row(words.t('web.parcel.expires'), (column) =>
        of(column).map((p) => p.expires_at && day(lang, p.expires_at, land.timeZone)),
      ),
    ];
  }

  /** Computed of a lot, as rankings have it; legal of parcels, together where they are put together. */
  private areaText({ kind, site, lot, parcels }: Column): string | null {
    const { words } = this.use;
    const mu = words.t('web.unit.mu');
    const cut = kind === 'lot' ? (site?.area_mu ?? (lot && lot.properties.computed_m2 / M2_PER_MU)) : null;
    if (cut !== null) return `${figure(words.lang, cut)} ${mu}`;
    if (kind === 'lot' || parcels.length === 0) return null;
    const m2 = parcels.reduce((sum, { properties }) => sum + properties.legal_m2, 0);
    return `${muOf(words.lang, m2)} ${mu} · ${fixed(words.lang, m2, 0)} ${words.t('web.unit.m2')}`;
  }

  private scores(): (Row | null)[] {
    const { siting, words } = this.use;
    const { lang } = words;
    const score = (value: number): string => fixed(lang, value * 100, 1);
    return [
      this.ranked(words.t('web.match.list'), ({ rank }) => [String(rank)]),
      this.ranked(words.t('web.match.score', { score: '' }).trim(), (site) => [
        site.score === null ? null : score(site.score),
      ]),
      ...(this.columns.some(({ site }) => site && isOpen(site)) ? this.unsure() : []),
      this.ranked(words.t('web.compare.robust'), ({ share }) => [
        share === undefined ? null : percent(lang, share),
      ]),
      this.ranked(words.t('web.match.ask'), ({ to_ask }) => (to_ask ?? []).map(({ text }) => text[lang])),
      ...(siting.answer?.criteria ?? [])
        .filter(({ measure }) => siting.telling.includes(measure))
        .map(({ measure, name }) => this.ranked(name[lang], (site) => [this.valueOf(site, measure)])),
    ];
  }

  private valueOf({ parts }: Site, measure: string): string | null {
    const { words } = this.use;
    const part = parts.find((each) => each.measure === measure);
    if (!part) return null;
    if (part.value === null) return part.text[words.lang];
    return `${figure(words.lang, part.value)} ${unitText(words, part.unit)}`.trim();
  }

  /** On how much a score rests, and where it may end: where some value is not known. */
  private unsure(): (Row | null)[] {
    const { words } = this.use;
    const score = (value: number): string => fixed(words.lang, value * 100, 1);
    return [
      this.ranked(words.t('web.match.judged.share'), ({ judged }) => [percent(words.lang, judged)]),
      this.ranked(words.t('web.match.judged.bounds'), ({ least, most }) => [
        `${score(least)}–${score(most)}`,
      ]),
    ];
  }

  private services(): (Row | null)[] {
    const { words } = this.use;
    const said = (service: Service): string =>
      [
        words.t(service.ready ? 'web.service.ready' : 'web.service.notready'),
        drawOf(words.lang, service),
        service.stated_on && words.t('web.price.on', { day: service.stated_on }),
      ]
        .filter(Boolean)
        .join(' · ');
    return serviceKeys.map((key) =>
      this.row(words.t(`web.service.${key}`), ({ parcels }) =>
        parcels.map(({ properties: { services } }) => {
          const service = services?.[key];
          return service ? said(service) : null;
        }),
      ),
    );
  }

  private conditions(): (Row | null)[] {
    const { words } = this.use;
    const { lang } = words;
    return [
      this.row(words.t('web.compare.planunit'), (column) => units(column).map((unit) => unit?.code ?? null)),
      ...conditionKeys.map((key) =>
        this.row(words.t(`web.condition.${key}`), (column) =>
          units(column).map((unit) => {
            const condition = unit?.conditions?.[key];
            return condition ? conditionText(lang, key, condition) : null;
          }),
        ),
      ),
      this.row(words.t('web.compare.source'), (column) =>
        units(column).flatMap((unit) =>
          Object.values(unit?.conditions ?? {}).map(({ source }) => source && halfIn(lang, source)),
        ),
      ),
    ];
  }

  private neighbours(): (Row | null)[] {
    const { land, words } = this.use;
    const { lang } = words;
    return [
      this.row(words.t('web.parcel.neighbours'), ({ facts, lot, parcels }) => {
        const own = new Set(parcels.map(({ id }) => id));
        return [
          (lot ? [lot.properties] : facts)
            .flatMap(({ neighbours }) => neighbours.filter(({ id }) => !own.has(id)))
            .toSorted((a, b) => b.shared_m - a.shared_m)
            .slice(0, NEIGHBOURS)
            .map((next) => {
              const who = occupant(lang, { ...land.parcelById.get(next.id)?.properties, ...next });
              const shared = `${fixed(lang, next.shared_m, 0)} ${words.t('web.unit.m')}`;
              const named = who
                ? `${who} (${next.code})`
                : `${next.code} ${words.t(`web.status.${next.status}`)}`;
              return `${named} ${shared}`;
            })
            .join('; '),
        ];
      }),
      this.row(words.t('web.compare.partner'), ({ site }) =>
        (site?.parts ?? []).map(({ partner, text }) => (partner ? text[lang] : null)),
      ),
    ];
  }
}
