import { createContext, untrack } from 'svelte';
import type { Client } from '../core/client';
import type { Park } from '../core/feed';
import { Live, type ParkEvent, type Present, type Socket } from '../core/live';
import { sayEvent } from './saying';
import type { Content } from '../core/content';
import { readTouched, SINGLY_LARGE, touchedBy, type Touched } from './touched';
import type { Notice } from '../kit/notice.svelte';
import type { Words } from '../kit/words.svelte';
import type { Connection } from '../state/connection.svelte';
import type { Follower, Land } from '../state/land.svelte';
import type { Selection } from '../state/selection.svelte';
import type { Session } from '../state/session.svelte';

/** How many events the feed of a page keeps, and how many of the past it begins with. */
const KEPT = 60;
const BEFORE = 30;
/** So many events at once are not taken in one by one. */
const MISSED = 100;
/** Bursts of changes are read together: the next reading begins no sooner than so long after the last, in ms. */
const REST_MS = 250;

/** A thing that a form is about, at the version its writer saw. */
export interface Seen {
  id: string;
  version: number;
}

/** What was touched of a large park that is read with the rest: no parcels, and no layers that tiles draw. */
const beside = ({ layers }: Touched, land: Land): Touched => ({
  parcels: new Map(),
  layers: new Set([...layers].filter((layer) => !land.isTiled(layer))),
});

/** What others do in the open park, as they do it: events, who is there, and the map kept in step. */
export class Others implements Follower {
  /** Newest first. */
  events = $state.raw<readonly ParkEvent[]>([]);
  people = $state.raw<readonly Present[]>([]);
  /** How many new enquiries the park has, for who handles them; 100 are 100 or more. */
  enquiries = $state(0);
  /** Another number whenever something of the district's projects may have changed. */
  business = $state(0);
  /** The number that was told last: each server begins anew. */
  private told = 0;
  state = $state<'off' | 'on' | 'away' | 'ended'>('off');

  private waiting: ParkEvent[] = [];
  private taking = false;
  /** What is being taken in: the next waits for it. */
  private turn = Promise.resolve();
  private signal = AbortSignal.abort();
  private readonly live: Live;

  constructor(
    private readonly use: {
      connection: Connection;
      land: Land;
      notice: Notice;
      selection: Selection;
      session: Session;
      words: Words;
    },
    private readonly client: Client,
  ) {
    this.live = new Live(
      {
        event: (event) => this.hear(event),
        people: (people, enquiries, business) => {
          if (business !== this.told) this.business += 1;
          this.told = business;
          this.people = people;
          this.enquiries = enquiries;
        },
        up: (_, back) => this.up(back),
        away: (failed, until) => {
          this.state = 'away';
          use.connection.live = { failed, until };
        },
        ended: () => this.ended(),
        stands: async (park) => (await client.park(park)).seq,
        reset: () => void use.land.reread(),
      },
      {
        open: (path) => new WebSocket(location.origin.replace(/^http/, 'ws') + path) as Socket,
        timer: {
          now: () => Date.now(),
          set: (work, ms) => setTimeout(work, ms),
          clear: (timer) => clearTimeout(timer as number | undefined),
        },
        random: () => Math.random(),
      },
    );
    use.connection.redial = () => this.live.now();
    addEventListener('offline', () => this.live.cut());
    addEventListener('online', () => this.live.now());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.live.now();
    });
  }

  /** Colleagues, without oneself. */
  readonly colleagues = $derived.by(() => {
    const me = this.use.session.account?.id;
    return this.people.filter(({ id }) => id !== me);
  });

  /** Follows a park that was read when it stood at its seq, until the signal is aborted. */
  follow(park: Park, signal: AbortSignal): void {
    this.signal = signal;
    this.waiting = [];
    this.events = [];
    this.people = [];
    this.enquiries = 0;
    this.use.land.seq = park.seq;
    this.live.follow(park.code, park.seq);
    void this.remember(park, signal);
  }

  leave(): void {
    this.live.stop();
    this.state = 'off';
    this.use.connection.live = null;
  }

  here(parcel: string | null): void {
    this.live.here(parcel);
  }

  /** The newest change of things that came after what a form's writer saw of them. */
  newsOf(seen: readonly Seen[]): ParkEvent | undefined {
    const versions = new Map(seen.map(({ id, version }) => [id, version]));
    return this.events.find(({ seq, changes }) =>
      changes.some(({ id }) => seq > (versions.get(id) ?? Infinity)),
    );
  }

  private up(back: boolean): void {
    this.state = 'on';
    this.business += 1; // something may have changed meanwhile
    this.use.connection.live = null;
    if (back) this.use.notice.tell(this.use.words.t('web.state.back'));
  }

  private ended(): void {
    this.state = 'ended';
    this.people = [];
    this.enquiries = 0;
    this.use.connection.live = null;
  }

  private hear(event: ParkEvent): void {
    this.events = [event, ...this.events].slice(0, KEPT);
    this.waiting.push(event);
    void this.drain();
  }

  /** What happened before the page was opened. The feed can do without. */
  private async remember(park: Park, signal: AbortSignal): Promise<void> {
    try {
      const before = await this.client.events(park.code, Math.max(0, park.seq - BEFORE), BEFORE, signal);
      if (signal.aborted) return;
      const known = new Set(this.events.map(({ seq }) => seq));
      const more = before.filter(({ seq }) => !known.has(seq)).reverse();
      this.events = [...this.events, ...more].slice(0, KEPT);
    } catch {
      // the feed begins with what comes
    }
  }

  private async drain(): Promise<void> {
    if (this.taking) return;
    this.taking = true;
    while (this.waiting.length > 0) {
      const events = this.waiting.filter(({ seq }) => seq > this.use.land.seq);
      this.waiting = [];
      try {
        if (events.length > 0) await this.takeInTurn(events);
      } catch {
        if (!this.signal.aborted) this.use.notice.tell(this.use.words.t('web.state.broken'));
      }
      await new Promise((done) => setTimeout(done, REST_MS));
    }
    this.taking = false;
  }

  /** Takes in what this page itself changed, without waiting to be told. False: nobody says what that was. */
  async catchUp(): Promise<boolean> {
    const { use, signal } = this;
    const { park, seq } = use.land;
    if (!park || signal.aborted) return false;
    try {
      const events = await this.client.events(park.code, seq, MISSED, signal);
      if (events.length === 0 || events.length === MISSED) return false;
      await this.takeInTurn(events);
      return true;
    } catch {
      return false;
    }
  }

  private takeInTurn(events: readonly ParkEvent[]): Promise<void> {
    const now = this.turn.then(() => this.take(events.filter(({ seq }) => seq > this.use.land.seq)));
    this.turn = now.catch(() => undefined);
    return now;
  }

  /** Reads what events touched. What is typed, drawn and picked stays. */
  private async take(events: readonly ParkEvent[]): Promise<void> {
    const { use, signal } = this;
    const { park } = use.land;
    const last = events.at(-1)?.seq ?? 0;
    if (!park || events.length === 0 || signal.aborted || use.land.past) return;
    const { whole } = use.land;
    const touched = touchedBy(events, whole ? undefined : SINGLY_LARGE);
    // a reading under way may be older than the event: what is taken in now would be lost under it
    await use.land.readings.settled();
    const { begun } = use.land.readings;
    const apply = await use.connection.reach(() => {
      const read = whole ? touched : beside(touched, use.land);
      return readTouched(this.client, park.code, read, { desk: use.land.may.see, whole }, signal);
    }, signal);
    if (signal.aborted || use.land.past) return;
    const overtaken = (): boolean => use.land.readings.begun !== begun;
    if (overtaken() || !(await this.takeIn(apply, touched, overtaken))) await use.land.reread();
    if (signal.aborted || use.land.past) return;
    use.land.caughtUp(last);
    this.tell(events);
  }

  /** False: the park was begun to be read anew meanwhile, and what was read here may be older than that. */
  private async takeIn(
    change: (content: Content) => Content,
    { parcels, layers }: Touched,
    overtaken: () => boolean,
  ): Promise<boolean> {
    const { signal } = this;
    const { land, selection } = this.use;
    if (!land.content) return true;
    if (!land.whole) await Promise.all([land.renew(parcels), land.renewLayers(layers)]);
    // another park may have been opened meanwhile, or another moment
    if (signal.aborted || land.past || !land.content) return true;
    if (overtaken()) return false;
    land.content = change(land.content);
    selection.changed(parcels);
    return true;
  }

  /** A word on what others did; one's own changes are told where they are made. */
  private tell(events: readonly ParkEvent[]): void {
    const { use } = this;
    const me = untrack(() => use.session.account?.id);
    const theirs = events.filter(({ who }) => !me || who?.id !== me);
    const [first] = theirs;
    if (!first) return;
    use.notice.tell(
      theirs.length > 1 || !first.who
        ? use.words.t('web.state.changed')
        : sayEvent(use.words.lang, first, (code) => use.land.called(use.words.lang, code)),
    );
  }
}

export const [useOthers, provideOthers] = createContext<Others>();
