import { asInvestor } from '../core/investor';
import { createContext } from 'svelte';
import { dayOf } from '../core/asof';
import type { Client } from '../core/client';
import { sharedPrefix } from '../core/codes';
import { readContent, type Content, type Early } from '../core/content';
import type { Park, ParkShape } from '../core/feed';
import { Latest } from '../core/latest';
import type { Lang } from '../core/message';
import { networkTitle } from '../core/network';
import { isDesk, type DeskParcel } from '../core/orders';
import { beginsAfter, instantOf, type Past } from '../core/past';
import { mayIn, type May } from '../core/session';
import type { Connection } from './connection.svelte';
import type { Session } from './session.svelte';

export type Phase = 'starting' | 'opening' | 'ready' | 'noparks' | 'broken';

/** Follows a park's events from where it was read. */
export interface Follower {
  follow(park: Park, signal: AbortSignal): void;
  leave(): void;
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

  readonly balance = $derived.by(() => this.content?.balance ?? this.early.balance ?? null);
  readonly may = $derived.by<May>(() => mayIn(this.session.account, this.park));
  readonly parcelById = $derived.by(
    () => new Map((this.content?.parcels ?? []).map((parcel) => [parcel.id, parcel])),
  );
  private readonly networkByCode = $derived.by(
    () => new Map((this.content?.networks ?? []).map(({ properties }) => [properties.code, properties])),
  );
  /** The parcels as planners see them; none for the public. */
  readonly deskParcels = $derived.by<DeskParcel[]>(() => (this.content?.parcels ?? []).filter(isDesk));
  /** What the codes of all parcels begin with: the map leaves it out. */
  readonly prefix = $derived.by(() =>
    sharedPrefix((this.content?.parcels ?? []).map(({ properties }) => properties.code)),
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
  private anew = Promise.resolve();
  private opening = new AbortController();

  constructor(
    readonly client: Client,
    private readonly connection: Connection,
    private readonly session: Session,
  ) {}

  /** How the park is to be read: as planners or as the public see it, now or as it was. */
  from(): { desk?: boolean; at?: string } {
    return { desk: this.may.see, ...(this.past && { at: instantOf(this.past, this.timeZone) }) };
  }

  /** What people call the thing of a code: a network by its name, the code beside; anything else by its code. */
  called(lang: Lang, code: string | undefined): string {
    const network = this.networkByCode.get(code ?? '');
    return network ? networkTitle(lang, network) : (code ?? '');
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
    this.rereading++;
    this.anew = this.readAnew().finally(() => void this.rereading--);
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

  /** Reads the whole park. Where readings overlap, only the last knows the day and the reader of now. */
  private async read(signal: AbortSignal): Promise<void> {
    await this.readings.run(async (overtaken) => {
      const code = this.park?.code;
      if (!code) return;
      const content = await this.connection.reach(
        () =>
          readContent(this.client, code, signal, this.from(), (part) => {
            if (!overtaken()) this.early = { ...this.early, ...part };
          }),
        signal,
      );
      if (!overtaken()) this.content = content;
    });
    signal.throwIfAborted();
  }
}

export const [useLand, provideLand] = createContext<Land>();
