import { boxAround } from '../core/bbox';
import { Client } from '../core/client';
import { sharedPrefix } from '../core/codes';
import { readContent, type Content } from '../core/content';
import type { BBox, Park, ParkShape } from '../core/feed';
import { Latest } from '../core/latest';
import type { PageRef } from '../register/page';
import { withStatus } from '../core/parcels';
import { defaultPark, formatUrl, parseUrl, type UrlState, type View } from '../core/url';
import { Chain } from '../chain/chain.svelte';
import { FactsReader } from '../parcel/facts.svelte';
import { Ledger } from '../supply/supply.svelte';
import { Lines } from '../queue/queue.svelte';
import { Line } from './connection.svelte';
import { Look } from './look.svelte';
import { Notice } from '../kit/notice.svelte';
import { Others } from '../activity/others.svelte';
import { Pages } from '../register/pages.svelte';
import { Planner } from './planner.svelte';
import { Siting } from '../siting/siting.svelte';

export interface Found {
  of: 'parcel' | 'zone' | 'network' | 'plan' | 'park';
  id: string;
}

/** What the desk asks of the map, once there is one. */
export interface Camera {
  fit(bbox: BBox, animate: boolean): void;
  /** As fit, unless all of it is in sight. */
  reveal(bbox: BBox): void;
  jump(view: View): void;
}

export type Phase = 'starting' | 'opening' | 'ready' | 'noparks' | 'broken';

/** The state of the page, and everything that changes it. */
export class Desk extends Look {
  phase = $state<Phase>('starting');
  parks = $state.raw<Park[]>([]);
  shapes = $state.raw<ParkShape[]>([]);
  park = $state.raw<Park | null>(null);
  content = $state.raw<Content | null>(null);
  /** How many readings of the open park anew are under way. */
  rereading = $state(0);

  selected = $state.raw<Found | null>(null);
  hovered = $state.raw<Found | null>(null);
  spoken = $state('');

  readonly parcelById = $derived(new Map((this.content?.parcels ?? []).map((parcel) => [parcel.id, parcel])));
  readonly listed = $derived(withStatus(this.content?.parcels ?? [], this.statuses));
  readonly parkName = $derived(this.park ? (this.name(this.park) ?? this.park.code) : '');

  /** What the codes of all parcels begin with: the map leaves it out. */
  readonly prefix = $derived(
    sharedPrefix((this.content?.parcels ?? []).map(({ properties }) => properties.code)),
  );

  /** Whether something stands in the side panel. */
  readonly sided = $derived.by(
    () =>
      this.selected !== null ||
      this.planner.task !== null ||
      this.planner.panel !== 'none' ||
      this.pages.shown ||
      this.planner.chosen.length > 1,
  );

  camera: Camera | null = null;
  readonly planner: Planner = new Planner(this);
  readonly pages: Pages = new Pages(this);
  readonly siting: Siting = new Siting(this);
  readonly chain: Chain = new Chain(this);
  readonly notice = new Notice();
  readonly line = new Line(() => this.tell(this.t('web.state.back')));
  readonly reader: FactsReader;
  readonly others: Others;
  readonly ledger = new Ledger(this);
  readonly lines = new Lines(this);
  readonly readings = new Latest();
  private anew = Promise.resolve();
  private opening = new AbortController();

  constructor(private readonly client: Client = new Client()) {
    super();
    this.reader = new FactsReader(client, this.line);
    this.others = new Others(this, client);
  }

  /** Reads the link, then the parks, then the park. */
  async start(): Promise<void> {
    const wanted = parseUrl(location.search);
    this.takeLook(wanted);
    this.planner.invited(location.hash);
    await this.planner.start();
    addEventListener('popstate', () => void this.restore(parseUrl(location.search)));
    try {
      [this.parks, this.shapes] = await this.line.reach(
        () => Promise.all([this.client.parks(), this.client.parkShapes()]),
        undefined,
      );
    } catch {
      this.phase = 'broken';
      return;
    }
    if (this.parks.length === 0) {
      this.phase = 'noparks';
      return;
    }
    await this.open(this.parkFor(wanted.park), wanted);
  }

  /** Opens a park that the reader chose. */
  choosePark(code: string): void {
    if (code === this.park?.code) {
      this.fitPark(true);
      return;
    }
    this.statuses = [];
    this.planner.clear();
    void this.open(this.parks.find((park) => park.code === code) ?? null, { parcel: null, view: null }).then(
      () => this.note(),
    );
  }

  select(found: Found | null, { fly = false, more = false } = {}): void {
    if (this.planner.task) {
      this.tell(this.t('web.order.open'));
      return;
    }
    if (found?.of === 'park') {
      this.selectPark(found.id);
      return;
    }
    if (more && found?.of === 'parcel' && this.planner.may.plan) {
      this.planner.toggle(found.id);
      return;
    }
    if (found) this.pages.makeRoom();
    this.planner.pick(found?.of === 'parcel' ? found.id : null, false);
    if (found?.id === this.selected?.id && found?.of === this.selected?.of) {
      // asked for again: it is shown again, and the keyboard goes there again
      if (fly && found?.of === 'parcel') {
        this.selected = found;
        this.flyTo(found.id);
      }
      return;
    }
    this.take(found);
    if (fly && found?.of === 'parcel') this.flyTo(found.id);
    this.note();
  }

  /** A click on another park opens it; one on the open park's own ground clears the selection. */
  private selectPark(id: string): void {
    const code = this.shapes.find((shape) => shape.id === id)?.properties.code;
    if (code && code !== this.park?.code) this.choosePark(code);
    else this.select(null);
  }

  /** Opens a parcel of any park, as a search hit names it. */
  async visit(park: string, id: string): Promise<void> {
    if (this.planner.task) {
      this.tell(this.t('web.order.open'));
      return;
    }
    this.as = this.hasWebGl ? 'map' : this.as;
    this.planner.panel = 'none';
    if (park !== this.park?.code) {
      const code = this.parks.find((known) => known.code === park || known.id === park);
      this.statuses = [];
      await this.open(code ?? null, { parcel: null, view: null });
    }
    // what was just made is on its way
    if (!this.parcelById.has(id)) await this.anew;
    this.select({ of: 'parcel', id }, { fly: true });
  }

  /** Opens a parcel's facts, or none, leaving alone what is picked. */
  show(found: Found | null): void {
    if (found?.id === this.selected?.id) return;
    this.take(found);
    this.note();
  }

  /** Reads the open park anew: someone signed in or out, changed something, or looks at another day. */
  reread(): Promise<void> {
    this.rereading++;
    this.anew = this.readAnew().finally(() => void this.rereading--);
    return this.anew;
  }

  private async readAnew(): Promise<void> {
    const { signal } = this.opening;
    const code = this.park?.code;
    if (!code) return;
    try {
      if (!this.planner.past) {
        const now = await this.line.reach(() => this.client.park(code, signal), signal);
        this.park = now;
        this.parks = this.parks.map((each) => (each.code === now.code ? now : each));
      }
      await this.read(signal);
      if (!this.planner.past && this.park) this.others.caughtUp(this.park.seq);
    } catch {
      if (!signal.aborted) this.tell(this.t('web.state.broken'));
      return;
    }
    // what is selected by now, not what was when the reading began
    const { selected } = this;
    if (selected?.of !== 'parcel') return;
    if (this.parcelById.has(selected.id)) this.take(selected);
    else this.select(null);
  }

  /** One step out: of the order, of the panel, of what is selected. */
  back(): void {
    if (this.planner.task) this.planner.cancel();
    else if (this.planner.panel !== 'none') {
      this.planner.panel = 'none';
      this.note();
    } else if (this.pages.shown) this.pages.back();
    else if (this.selected || this.planner.picked.length > 0) this.select(null);
  }

  moved(view: View): void {
    this.view = view;
    this.renote();
  }

  fitPark(animate: boolean): void {
    if (this.park) this.camera?.fit(this.park.bbox, animate);
  }

  /** Brings parcels into sight, if they aren't. */
  reveal(ids: readonly string[]): void {
    const box = boxAround(ids.flatMap((id) => this.parcelById.get(id)?.geometry.coordinates[0] ?? []));
    if (box) this.camera?.reveal(box);
  }

  flyTo(id: string): void {
    const { facts } = this.reader;
    const ring = this.parcelById.get(id)?.geometry.coordinates[0] ?? [];
    const box = facts?.id === id ? facts.bbox : boxAround(ring);
    if (box) this.camera?.fit(box, true);
  }

  tell(text: string): void {
    this.notice.tell(text);
  }

  /** The map can't be drawn: the list takes its place. */
  withoutWebGl(): void {
    this.hasWebGl = false;
    this.as = 'list';
    this.tell(this.t('web.map.nowebgl'));
  }

  private async open(park: Park | null, wanted: Pick<UrlState, 'parcel' | 'view'>): Promise<void> {
    if (!park) return;
    this.opening.abort();
    this.opening = new AbortController();
    const { signal } = this.opening;
    this.others.leave();
    this.take(null);
    const known = this.phase === 'starting';
    this.phase = 'opening';
    this.park = park;
    this.content = null;
    this.placeCamera(park, wanted.view);
    try {
      if (!known) this.park = await this.line.reach(() => this.client.park(park.code, signal), signal);
      await this.read(signal);
    } catch {
      if (!signal.aborted) this.phase = 'broken';
      return;
    }
    this.phase = 'ready';
    if (wanted.parcel) this.selectByCode(wanted.parcel, wanted.view === null);
    if (this.view) history.replaceState(null, '', this.url());
    this.others.follow(this.park, signal);
  }

  /** Where nothing of the link says otherwise, the whole park. */
  private placeCamera(park: Park, view: View | null): void {
    if (view) this.camera?.jump(view);
    else this.camera?.fit(park.bbox, false);
    if (!this.camera) this.view = view;
  }

  /** Reads the whole park. Where readings overlap, only the last knows the day and the reader of now. */
  private async read(signal: AbortSignal): Promise<void> {
    await this.readings.run(async (overtaken) => {
      const code = this.park?.code;
      if (!code) return;
      const content = await this.line.reach(
        () => readContent(this.client, code, signal, this.planner.from()),
        signal,
      );
      if (!overtaken()) this.content = content;
    });
    signal.throwIfAborted();
  }

  private selectByCode(code: string, fly: boolean): void {
    const parcel = this.content?.parcels.find((each) => each.properties.code === code);
    if (!parcel) {
      this.tell(this.t('web.state.unknownparcel', { code }));
      return;
    }
    this.planner.pick(parcel.id, false);
    this.take({ of: 'parcel', id: parcel.id });
    if (fly) this.flyTo(parcel.id);
  }

  /** Selects without touching the link. */
  private take(found: Found | null): void {
    this.selected = found;
    this.reader.drop();
    if (found?.of === 'parcel') this.readFacts(found.id);
  }

  private readFacts(id: string): void {
    const code = this.park?.code;
    if (code && !this.planner.past) void this.reader.read(code, id);
  }

  /** Someone signed in or out: reads the park as they may see it, and goes on hearing of it as them. */
  async readAs(): Promise<void> {
    this.others.leave();
    await this.reread();
    if (this.park) this.others.follow(this.park, this.opening.signal);
  }

  /** Takes in what others changed of parcels, or with null of all, and keeps what is open. */
  takeIn(change: (content: Content) => Content, parcels: ReadonlyMap<string, unknown> | null): void {
    if (!this.content) return;
    this.content = change(this.content);
    const open = this.selected?.of === 'parcel' ? this.selected.id : null;
    if (open === null || (parcels && !parcels.has(open))) return;
    if (this.parcelById.has(open)) this.readFacts(open);
    else if (!this.planner.task) this.take(null);
  }

  /** Back and forward. */
  private async restore(wanted: UrlState): Promise<void> {
    const past = this.planner.past;
    this.takeLook(wanted);
    const park = this.parkFor(wanted.park);
    if (park && park.code !== this.park?.code) {
      await this.open(park, wanted);
      return;
    }
    if (wanted.view) this.camera?.jump(wanted.view);
    if (past !== wanted.on) await this.reread();
    const parcel = this.content?.parcels.find((each) => each.properties.code === wanted.parcel);
    this.planner.pick(parcel?.id ?? null, false);
    this.take(parcel ? { of: 'parcel', id: parcel.id } : null);
  }

  protected override takeLook(wanted: UrlState): void {
    super.takeLook(wanted);
    this.planner.past = wanted.on;
    this.pages.restore(wanted.page);
    this.siting.restore(wanted.match, wanted.weights, wanted.site);
    this.chain.restore(wanted.chain);
  }

  private parkFor(code: string | null): Park | null {
    const named = this.parks.find((park) => park.code === code);
    if (code && !named && this.parks.length > 0) this.tell(this.t('web.state.unknownpark', { code }));
    return named ?? this.parks.find((park) => park.code === defaultPark) ?? this.parks[0] ?? null;
  }

  /** The address of a page of a register, the rest of the look as it is. */
  linkTo(page: PageRef): string {
    return this.url(page);
  }

  private url(page = this.pages.at): string {
    const selected = this.selected?.of === 'parcel' ? this.parcelById.get(this.selected.id) : undefined;
    const state: UrlState = {
      lang: this.lang,
      park: this.park?.code ?? null,
      parcel: selected?.properties.code ?? null,
      view: this.view,
      statuses: this.statuses,
      layers: this.layers,
      as: this.as,
      on: this.planner.past,
      page,
      match: this.siting.asked,
      chain: this.chain.link,
      weights: this.siting.own,
      site: this.siting.link,
    };
    return location.pathname + formatUrl(state);
  }

  /** The link follows, without a step in the browser's history. */
  renote(): void {
    if (this.phase === 'ready') history.replaceState(null, '', this.url());
  }

  note(): void {
    const url = this.url();
    if (url !== location.pathname + location.search) history.pushState(null, '', url);
  }
}
