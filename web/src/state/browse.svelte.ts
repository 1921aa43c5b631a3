import { createContext, untrack } from 'svelte';
import { areaIn, ChosenUnit, type AreaUnit } from '../core/areaunit';
import { overlaps } from '../core/bbox';
import { browse } from '../core/browse';
import type { Client } from '../core/client';
import type { Parcel, Status } from '../core/feed';
import { statuses } from '../core/feed';
import {
  activeFilters,
  filterLink,
  figures,
  isMeasured,
  noFilters,
  withRange,
  without,
} from '../core/filters';
import type { FigureId, FilterId, Filters, Range } from '../core/filters';
import { filterOf, isSortable, listable, sortOf } from '../core/large';
import { Latest } from '../core/latest';
import { Measures } from '../core/measures';
import { byCode, orderLink, sorted, type Column, type Order } from '../core/parcels';
import { shelfOf } from '../core/shelf';
import type { Words } from '../kit/words.svelte';
import type { Land } from './land.svelte';
import type { Link } from './link.svelte';
import { inViewLink, listedUnitsLink, type ListedUnits } from './links';
import { Listing } from './listing.svelte';
import type { Look } from './look.svelte';
import type { Sight } from './sight.svelte';

/** The stores that browsing looks at. */
interface Around {
  land: Land;
  link: Link;
  look: Look;
  sight: Sight;
  words: Words;
}

/** What of the park's land the reader wants to see, in which order, and what that leaves. */
export class Browse {
  filters = $state.raw<Filters>(noFilters);
  order = $state.raw<Order>(byCode);
  /** The list shows what the map shows. */
  inView = $state(true);
  /** What is asked of units of workshops, which the list shows in the place of ground; null: it shows ground. */
  units = $state.raw<ListedUnits | null>(null);
  unit = $state<AreaUnit>('mu');
  /** A form with filters is open: what it counts must be measured. */
  asking = $state(false);
  measures = $state.raw<Measures | null>(null);
  private broken = $state(false);
  private count = $state<number | null>(null);
  /** The list of a large park stands on the page. */
  listing = $state(false);
  /** What the server lists of a large park: its map shows what the filters leave, whatever is listed. */
  readonly pages: Listing;
  private readonly chosenUnit = new ChosenUnit(shelfOf(() => localStorage));
  private readonly readings = new Latest();
  /** Of which park and moment the measures are. */
  private ground = '';

  /** The filters that land is chosen by. A large park's land is not measured: what needs that is put aside. */
  readonly active = $derived.by(() => (this.large ? listable(this.filters) : activeFilters(this.filters)));
  readonly aside = $derived.by(() => activeFilters(this.filters).filter((id) => !this.active.includes(id)));
  /** What of a large park's land is to be seen, as the server understands it; null: all. */
  readonly filter = $derived.by(() => (this.large ? filterOf(this.filters) : null));
  readonly left = $derived.by(() =>
    browse(this.use.land.content?.parcels ?? [], this.filters, this.measures),
  );
  /** What filters leave, whether the map shows it or not. */
  readonly kept = $derived.by(() =>
    this.filters.unknown ? [...this.left.inside, ...this.left.unknown] : this.left.inside,
  );
  /** The parcels that filters leave out; null: there are no filters. */
  readonly out = $derived.by(() => {
    if (this.active.length === 0 || this.large) return null;
    const kept = new Set(this.kept.map(({ id }) => id));
    const parcels = this.use.land.content?.parcels ?? [];
    return new Set(parcels.flatMap(({ id }) => (kept.has(id) ? [] : [id])));
  });
  readonly unsure = $derived.by(() => new Set(this.left.unknown.map(({ id }) => id)));
  /** What the list shows: what filters leave, of it what the map shows. */
  readonly listed = $derived.by(() => {
    const { box } = this.use.sight;
    return this.inView && box ? this.kept.filter((parcel) => overlaps(parcel, box)) : this.kept;
  });
  /** How many parcels the filters leave, and how many there are; null: so many are not counted. */
  readonly found = $derived.by<number | null>(() => (this.large ? this.count : this.kept.length));
  readonly all = $derived.by<number>(() =>
    this.large ? (this.use.land.balance?.total.parcels ?? 0) : (this.use.land.content?.parcels.length ?? 0),
  );
  readonly rows = $derived.by<readonly Parcel[]>(() => {
    if (this.large) return this.pages.rows;
    const { measures, filters, order, use } = this;
    return sorted(this.listed, order, use.words.lang, statuses, { measures, byRoad: filters.byRoad });
  });
  /** Whether something that is shown hangs on what the server measures. */
  private readonly needed = $derived.by(
    () => !this.large && (this.asking || this.active.some(isMeasured) || isMeasuredColumn(this.order.column)),
  );
  /** What is asked for is being measured. */
  readonly measuring = $derived.by(() => this.needed && this.measures === null && !this.broken);
  /** What is asked for could not be measured. */
  readonly failed = $derived.by(() => this.needed && this.broken);

  constructor(
    private readonly use: Around,
    private readonly client: Client,
  ) {
    this.unit = this.chosenUnit.read();
    this.pages = new Listing(client, (parcels) => use.land.held.put(parcels));
  }

  /** The open park is too large to be browsed in the page: the server does it. */
  get large(): boolean {
    return !this.use.land.whole;
  }

  /** Whether the list can be in the order of a column. */
  sorts(column: Column): boolean {
    return !this.large || isSortable(column);
  }

  /** Another park is opened: what was asked of this one is not asked of that. */
  reset(): void {
    this.filters = noFilters;
    this.inView = true;
    this.units = null;
  }

  /** Lists units of workshops, those that keep what is asked of them, or with null ground. */
  listUnits(units: ListedUnits | null): void {
    this.units = units;
    this.use.link.renote();
  }

  /** Adds filters and order to the address. */
  addLink(): void {
    const { link } = this.use;
    link.add<Filters>(
      filterLink,
      () => this.filters,
      (filters) => (this.filters = filters),
    );
    link.add<Order>(
      orderLink,
      () => this.order,
      (order) => (this.order = order),
    );
    link.add<ListedUnits | null>(
      listedUnitsLink,
      () => this.units,
      (units) => (this.units = units),
    );
    link.add<boolean>(
      inViewLink,
      () => this.inView,
      (inView) => (this.inView = inView),
    );
  }

  /** Keeps the land measured, while something hangs on it and a component lives. Call while it starts. */
  follow(): void {
    const park = $derived(this.use.land.park?.code);
    // what of the park's land is shown decides whether measuring is asked for again
    const content = $derived(this.use.land.content);
    $effect(() => {
      void this.use.land.seq;
      const { desk, at } = this.use.land.from();
      void desk;
      if (this.needed && park && content) untrack(() => void this.measure(park, at));
    });
    this.followList();
    this.followCount();
  }

  /** Keeps the list of a large park in step with what is asked of it. */
  private followList(): void {
    const { land, sight, words } = this.use;
    $effect(() => {
      const { park, content } = land;
      void land.seq;
      if (!this.large || !this.listing || !park || !content) {
        untrack(() => this.pages.clear());
        return;
      }
      const query = {
        filter: this.filter,
        sortby: sortOf(this.order, words.lang),
        bbox: this.inView ? sight.box : null,
      };
      const from = land.from();
      untrack(() => void this.pages.ask({ park: park.code, from, query }));
    });
  }

  /** Counts what the filters leave of a large park. */
  private followCount(): void {
    const { land } = this.use;
    $effect(() => {
      const { park, content } = land;
      void land.seq;
      const { filter } = this;
      if (!this.large || !park || !content || filter === null) {
        this.count = content?.balance.total.parcels ?? null;
        return;
      }
      const from = land.from();
      const reading = new AbortController();
      this.client.parcelPage(park.code, from, { filter, limit: 1 }, reading.signal).then(
        ({ matched }) => (this.count = matched),
        () => {
          if (!reading.signal.aborted) this.count = null;
        },
      );
      return () => reading.abort();
    });
  }

  /** Another set of filters, as a step of the browser's history. */
  set(filters: Filters): void {
    this.filters = filters;
    this.use.link.note();
  }

  setRange(id: FigureId, range: Range | null): void {
    this.set(withRange(this.filters, id, range));
  }

  drop(id: FilterId): void {
    this.set(without(this.filters, id));
  }

  clear(): void {
    this.set({ ...noFilters, byRoad: this.filters.byRoad });
  }

  toggleStatus(status: Status): void {
    const { statuses: wanted } = this.filters;
    const next = wanted.includes(status) ? wanted.filter((each) => each !== status) : [...wanted, status];
    this.set({ ...this.filters, statuses: next });
  }

  sortBy(column: Column, descending = false): void {
    this.order = { column, descending };
    this.use.link.note();
  }

  /** Whether the list keeps to what the map shows. */
  keepInView(inView: boolean): void {
    this.inView = inView;
    this.use.link.note();
  }

  /** The list of the parcels of some statuses and sizes in mu, wherever they lie. */
  list(wanted: readonly Status[], sizes: Range | null): void {
    this.filters = withRange({ ...noFilters, statuses: wanted }, 'mu', sizes);
    this.inView = false;
    this.use.look.as = 'list';
    this.use.link.note();
  }

  setUnit(unit: AreaUnit): void {
    this.unit = unit;
    this.chosenUnit.keep(unit);
  }

  /** A parcel's legal area in the reader's unit. */
  areaOf({ properties }: Parcel): number {
    return areaIn(this.unit, properties.legal_m2);
  }

  private async measure(park: string, at: string | undefined): Promise<void> {
    const ground = `${park} ${at ?? ''}`;
    if (ground !== this.ground) this.measures = null;
    this.ground = ground;
    await this.readings
      .run(async (overtaken) => {
        const answer = await this.client.measures(park, at);
        if (overtaken()) return;
        this.measures = new Measures(answer);
        this.broken = false;
      })
      .catch(() => (this.broken = this.measures === null));
  }
}

const isMeasuredColumn = (column: Column): boolean =>
  column === 'ready' || (column in figures && isMeasured(column as FigureId));

export const [useBrowse, provideBrowse] = createContext<Browse>();
