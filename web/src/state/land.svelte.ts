import { asInvestor } from '../core/investor';
import { createContext } from 'svelte';
import { dayOf } from '../core/asof';
import type { Client } from '../core/client';
import { sharedPrefix } from '../core/codes';
import {
  collectionOf,
  collections,
  layerIds,
  type Features,
  type LayerId,
  type ThingKind,
} from '../core/collection';
import { readContent, readLarge, readLayers, type Content, type Early } from '../core/content';
import type { BBox, LonLat, Park, Parcel, ParkShape } from '../core/feed';
import { isLarge, quoted, type From } from '../core/large';
import { Latest } from '../core/latest';
import type { Lang } from '../core/message';
import { networkTitle } from '../core/network';
import { isDesk, type DeskParcel } from '../core/orders';
import { beginsAfter, instantOf, type Past } from '../core/past';
import { mayIn, type May } from '../core/session';
import { Beside } from './beside.svelte';
import type { Connection } from './connection.svelte';
import { Held, type Ground } from './held.svelte';
import type { Session } from './session.svelte';

/** So many classes of land are asked for. */
const USES_MOST = 60;

export type Phase = 'starting' | 'opening' | 'ready' | 'noparks' | 'broken';

/** Follows a park's events from where it was read. */
export interface Follower {
  follow(park: Park, signal: AbortSignal): void;
  leave(): void;
  /** Takes in what happened since the newest change that is shown. False: nobody says what that was. */
  catchUp(): Promise<boolean>;
}

/** The open park, as it is or was: its land and all that stands on it, as its reader may see it. */
export class Land {
  phase = $state<Phase>('starting');
  parks = $state.raw<Park[]>([]);
  shapes = $state.raw<ParkShape[]>([]);
  park = $state.raw<Park | null>(null);
  content = $state.raw<Content | null>(null);
  /** What is here of a park whose land is still on its way. */
  early = $state.raw<Early>({});
  /** The past moment that is shown; null: now. */
  past = $state<Past | null>(null);
  /** The newest change that what is shown has taken in. */
  seq = $state(0);
  /** How many readings of the open park anew are under way. */
  rereading = $state(0);

  /** Of a large park, the parcels that were asked for. */
  readonly held: Held;
  /** Of its layers that tiles draw, what was asked for. */
  readonly beside: Beside;
  /** Classes of land of plan units that tiles draw, once they were asked for. */
  planUses = $state.raw<readonly string[]>([]);
  /** Which of these layers are old on the map since the last change. */
  staleLayers = $state.raw<ReadonlySet<LayerId>>(new Set());
  /** What of a large park's map is old since the last change: the ground in boxes, or with null any of it. */
  stale = $state.raw<{ boxes: readonly BBox[] | null }>({ boxes: [] });

  /** The page holds all parcels that the reader may see; of a large park only those that it has asked for. */
  readonly whole = $derived.by(() => this.content?.whole ?? !(this.park && isLarge(this.park)));
  /** The parcels that the page holds. */
  readonly parcels = $derived.by<readonly Parcel[]>(() => {
    if (this.whole) return this.content?.parcels ?? [];
    return [...this.held.parcels.values()];
  });
  readonly balance = $derived.by(() => this.content?.balance ?? this.early.balance ?? null);
  readonly may = $derived.by<May>(() => mayIn(this.session.account, this.park));
  readonly parcelById = $derived.by<ReadonlyMap<string, Parcel>>(() =>
    this.whole ? new Map(this.parcels.map((parcel) => [parcel.id, parcel])) : this.held.parcels,
  );
  /** What the page holds of each layer: all of it, or where tiles draw it what was asked for. */
  readonly zones = $derived.by(() => this.heldOf('zones'));
  readonly plan = $derived.by(() => this.heldOf('plan-units'));
  readonly networks = $derived.by(() => this.heldOf('networks'));
  private readonly networkByCode = $derived.by(
    () => new Map(this.networks.map(({ properties }) => [properties.code, properties])),
  );
  /** The parcels that the page holds, as planners see them; none for the public. */
  readonly deskParcels = $derived.by<DeskParcel[]>(() => this.parcels.filter(isDesk));
  /** What the codes of all parcels begin with: the map leaves it out. */
  readonly prefix = $derived.by(() =>
    this.whole ? sharedPrefix(this.parcels.map(({ properties }) => properties.code)) : '',
  );
  readonly timeZone = $derived.by(() => this.park?.time_zone ?? 'UTC');
  readonly today = $derived.by(() => dayOf(Date.now(), this.timeZone));

  /**
   * The day on which the park's records begin, where a moment before them is shown; null: it is not. A moment is asked
   * for before its figures are here: until then those of another are shown.
   */
  readonly begins = $derived.by(() => {
    const known = this.balance === null || this.balance.datetime === null || this.balance.state_seq > 0;
    return known ? null : beginsAfter(this.past, this.park?.first_at ?? null, this.timeZone);
  });

  readonly readings = new Latest();
  follower: Follower | null = null;
  /** Called when the park was read anew. */
  onAnew: () => void = () => {};
  /** Called when it could not be. */
  onBroken: () => void = () => {};
  private readonly leaving: (() => void)[] = [];
  /** Codes of networks that are about to be asked for. */
  private readonly wished = new Set<string>();
  /** Of which park, reader and moment these classes are, or are being asked for; '' none: they are old. */
  private usesOf = '';
  private usesTurn = 0;
  private anew = Promise.resolve();
  private opening = new AbortController();
  /** Of a large park that is open: its first view stood once; what lies beside its parcels is not here, or is old. */
  private filled = false;
  private lacking = false;

  constructor(
    readonly client: Client,
    private readonly connection: Connection,
    private readonly session: Session,
  ) {
    const ground = (): Ground | null => {
      const park = this.park?.code;
      return park === undefined ? null : { park, from: this.from(), signal: this.opening.signal };
    };
    this.held = new Held(client, ground);
    this.beside = new Beside(client, ground);
  }

  /** How the park is to be read: as planners or as the public see it, now or as it was. */
  from(): From {
    return { desk: this.may.see, ...(this.past && { at: instantOf(this.past, this.timeZone) }) };
  }

  /**
   * What people call the thing of a code: a network by its name, the code beside; anything else by its code, as is a
   * network whose name is on its way.
   */
  called(lang: Lang, code: string | undefined): string {
    const network = this.networkByCode.get(code ?? '');
    if (!network && code) this.wish(code);
    return network ? networkTitle(lang, network) : (code ?? '');
  }

  /** Asks for networks by their codes, all that are wished for in one go. */
  private wish(code: string): void {
    if (!this.isTiled('networks')) return;
    if (this.wished.size === 0)
      queueMicrotask(() => {
        const codes = [...this.wished];
        this.wished.clear();
        void this.beside.knowCodes('networks', codes);
      });
    this.wished.add(code);
  }

  /** Whether tiles draw a layer, and the page holds of it what it asked for. */
  isTiled(layer: LayerId): boolean {
    return this.content?.tiled?.has(layer) ?? false;
  }

  private heldOf<Id extends LayerId>(layer: Id): readonly Features[Id][] {
    if (this.isTiled(layer)) return [...this.beside.things[layer].values()];
    return (this.content?.[collections[layer].list] ?? []) as readonly Features[LayerId][] as Features[Id][];
  }

  /** Asks for a thing beside the parcels, which one of `feeds` has where they are said, that is not here. */
  async knowThing({ of, id }: { of: ThingKind; id: string }, feeds?: readonly string[]): Promise<void> {
    const layer = collectionOf(of);
    if (layer === 'parcels') await this.know([id]);
    else if (this.isTiled(layer)) await this.beside.know(layer, id, feeds);
  }

  /** How many parcels of a large park a filter leaves; null: nobody says. */
  async countParcels(filter: string): Promise<number | null> {
    const { park } = this;
    if (!park) return null;
    const { signal } = this.opening;
    const page = this.client.parcelPage(park.code, this.from(), { filter, limit: 1 }, signal);
    return page.then(({ matched }) => matched).catch(() => null);
  }

  /** Asks for things of a layer by their codes. */
  async knowNamed(layer: LayerId, codes: readonly string[]): Promise<void> {
    if (this.isTiled(layer)) await this.beside.knowCodes(layer, codes);
  }

  /** Asks for things of a layer in a box. */
  async knowNear(layer: LayerId, box: BBox, filter: string | null = null): Promise<void> {
    if (this.isTiled(layer)) await this.beside.knowIn(layer, box, filter);
  }

  /**
   * Asks which classes of land the plan units have, where tiles draw them: one after the other, each once, and all of
   * it again only where the units changed, or another reader or moment sees them.
   */
  async knowUses(): Promise<void> {
    const { park } = this;
    if (!park || !this.isTiled('plan-units')) return;
    const from = this.from();
    const of = JSON.stringify([park.code, from]);
    if (of === this.usesOf) return;
    this.usesOf = of;
    const turn = ++this.usesTurn;
    const { signal } = this.opening;
    const found: string[] = [];
    for (let last = ''; found.length < USES_MOST;) {
      const query = { filter: `land_use > ${quoted(last)}`, sortby: 'land_use', limit: 1 };
      const page = await this.client
        .layerItems('plan-units', park.code, from, query, signal)
        .catch(() => null);
      if (signal.aborted || turn !== this.usesTurn) return;
      if (page === null) this.usesOf = ''; // it may be asked again
      const use = page?.[0]?.properties.land_use;
      if (!use || use === last) break;
      found.push((last = use));
    }
    this.planUses = found;
  }

  /** Others changed layers that tiles draw: what is held of them is read anew, and the map told. */
  async renewLayers(layers: Iterable<LayerId>): Promise<void> {
    const tiled = [...layers].filter((layer) => this.isTiled(layer));
    if (tiled.length === 0) return;
    if (tiled.includes('plan-units')) this.usesOf = '';
    await this.beside.renew(tiled);
    this.staleLayers = new Set(tiled);
  }

  /**
   * Asks for parcels of a large park that are not held, and for planners with all of the rights on them; others are
   * here. Rejects nothing: what is missing stays so.
   */
  async know(ids: readonly string[]): Promise<void> {
    if (this.whole) return;
    await this.held.know(ids);
    if (this.may.plan) await this.held.knowRights(this.held.rightsOn(ids));
  }

  /** Asks for all parcels of rights. */
  async knowRights(rights: readonly string[]): Promise<void> {
    if (!this.whole) await this.held.knowRights(rights);
  }

  /** Asks which parcel of a large park lies at a place; null: none, or the server doesn't say. */
  parcelAt(at: LonLat): Promise<string | null> {
    return this.held.at(at);
  }

  /** Asks for the parcels in a box, as a line is drawn among them. */
  async knowIn(box: BBox): Promise<void> {
    if (!this.whole) await this.held.knowIn(box);
  }

  async knowCodes(codes: readonly string[]): Promise<void> {
    if (!this.whole) await this.held.knowCodes(codes);
  }

  /** Others changed parcels of a large park, or with null any: what is held is read anew, and the map told. */
  async renew(parcels: ReadonlyMap<string, string | null> | null): Promise<void> {
    if (parcels) this.stale = { boxes: await this.held.renew(parcels) };
    else {
      await this.held.refresh();
      this.stale = { boxes: null };
    }
  }

  /** Adds work for when the reader leaves a park: whatever belongs to it is put away. */
  onLeave(work: () => void): void {
    this.leaving.push(work);
  }

  leave(): void {
    for (const work of this.leaving) work();
  }

  /** Reads which parks there are. False: the server says no. */
  async readParks(): Promise<boolean> {
    try {
      [this.parks, this.shapes] = await this.connection.reach(
        () => Promise.all([this.client.parks(), this.client.parkShapes()]),
        undefined,
      );
    } catch {
      this.phase = 'broken';
      return false;
    }
    if (this.parks.length === 0) this.phase = 'noparks';
    return this.parks.length > 0;
  }

  /** Opens a park. False: another was opened meanwhile, or it can't be read. */
  async enter(park: Park): Promise<boolean> {
    this.opening.abort();
    this.opening = new AbortController();
    const { signal } = this.opening;
    this.follower?.leave();
    const known = this.phase === 'starting';
    this.phase = 'opening';
    this.park = park;
    this.content = null;
    this.early = {};
    this.held.forget();
    this.beside.forget();
    this.planUses = [];
    this.usesOf = '';
    this.filled = this.lacking = false;
    try {
      if (!known) this.park = await this.connection.reach(() => this.client.park(park.code, signal), signal);
      await this.read(signal);
    } catch {
      if (!signal.aborted) this.phase = 'broken';
      return false;
    }
    this.phase = 'ready';
    return true;
  }

  /** Goes on hearing of the open park; not as an investor: a socket says who is signed in. */
  follow(): void {
    if (this.park && !asInvestor) this.follower?.follow(this.park, this.opening.signal);
  }

  /** Reads the open park anew: someone signed in or out, changed something, or looks at another day. */
  reread(): Promise<void> {
    return this.readBy(() => this.readAnew());
  }

  /** This page changed the open park: of a large one what that touched is read anew, as after others' changes. */
  renewOwn(): Promise<void> {
    return this.readBy(async () => {
      if (this.whole || this.past || !(await this.follower?.catchUp())) await this.readAnew();
    });
  }

  private readBy(read: () => Promise<void>): Promise<void> {
    this.rereading++;
    this.anew = read().finally(() => void this.rereading--);
    return this.anew;
  }

  /** Waits for the reading under way. */
  async settled(): Promise<void> {
    await this.anew;
  }

  /** Someone signed in or out: reads the park as they may see it, and goes on hearing of it as them. */
  async readAs(): Promise<void> {
    this.follower?.leave();
    await this.reread();
    this.follow();
  }

  /** Everything was read anew when the park stood at `seq`. */
  caughtUp(seq: number): void {
    this.seq = Math.max(this.seq, seq);
  }

  private async readAnew(): Promise<void> {
    const { signal } = this.opening;
    const code = this.park?.code;
    if (!code) return;
    try {
      if (!this.past) {
        const now = await this.connection.reach(() => this.client.park(code, signal), signal);
        this.park = now;
        this.parks = this.parks.map((each) => (each.code === now.code ? now : each));
      }
      await this.read(signal);
      if (!this.past && this.park) this.caughtUp(this.park.seq);
    } catch {
      if (!signal.aborted) this.onBroken();
      return;
    }
    this.onAnew();
  }

  /**
   * Reads the park: all of it, or of a large one what the map begins with; the rest of that follows. Where readings
   * overlap, only the last knows the day and the reader of now.
   */
  private async read(signal: AbortSignal): Promise<void> {
    await this.readings.run(async (overtaken) => {
      const { park } = this;
      if (!park) return;
      const large = isLarge(park);
      const from = this.from();
      const content = await this.connection.reach(() => {
        if (large) return readLarge(this.client, park.code, signal, from);
        return readContent(this.client, park.code, signal, from, (part) => {
          if (!overtaken()) this.early = { ...this.early, ...part };
        });
      }, signal);
      if (large) await this.held.refresh();
      if (overtaken()) return;
      const before = this.content;
      // what lies beside the parcels stays until it is here anew
      this.content = large && before && !before.whole ? { ...before, balance: content.balance } : content;
      if (large && before) this.stale = { boxes: null };
    });
    signal.throwIfAborted();
    if (this.whole) return;
    this.lacking = true;
    if (this.filled) this.fill();
  }

  /** The first view of a large park stands: what lies beside its parcels is read, now and after each change. */
  fill(): void {
    if (this.whole) return;
    this.filled = true;
    if (!this.lacking) return;
    this.lacking = false;
    void this.readRest(this.opening.signal);
  }

  private async readRest(signal: AbortSignal): Promise<void> {
    const code = this.park?.code;
    if (!code) return;
    const from = this.from();
    await this.readings
      .run(async (overtaken) => {
        const rest = await this.connection.reach(() => readLayers(this.client, code, signal, from), signal);
        if (overtaken() || !this.content || this.content.whole) return;
        const first = this.content.tiled === null;
        this.content = { ...this.content, ...rest };
        if (!first) await this.renewLayers(layerIds);
      })
      .catch(() => {
        if (!signal.aborted) this.onBroken();
      });
  }
}

export const [useLand, provideLand] = createContext<Land>();
