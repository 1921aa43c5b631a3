import { untrack } from 'svelte';
import type { Client } from '../core/client';
import type { Park } from '../core/feed';
import { Live, type ParkEvent, type Present, type Socket } from '../core/live';
import { sayEvent } from './saying';
import { readTouched, touchedBy } from './touched';
import type { Desk } from '../state/desk.svelte';

/** How many events the feed of a page keeps, and how many of the past it begins with. */
const KEPT = 60;
const BEFORE = 30;
/** Bursts of changes are read together: the next reading begins no sooner than so long after the last, in ms. */
const REST_MS = 250;

/** A thing that a form is about, at the version its writer saw. */
export interface Seen {
  id: string;
  version: number;
}

/** What others do in the open park, as they do it: events, who is there, and the map kept in step. */
export class Others {
  /** Newest first. */
  events = $state.raw<readonly ParkEvent[]>([]);
  people = $state.raw<readonly Present[]>([]);
  state = $state<'off' | 'on' | 'away' | 'ended'>('off');
  /** The newest change that what is shown has taken in. */
  seq = $state(0);

  private waiting: ParkEvent[] = [];
  private taking = false;
  private signal = AbortSignal.abort();
  private readonly live: Live;

  constructor(
    private readonly desk: Desk,
    private readonly client: Client,
  ) {
    this.live = new Live(
      {
        event: (event) => this.hear(event),
        people: (people) => (this.people = people),
        up: (_, back) => this.up(back),
        away: (failed, until) => {
          this.state = 'away';
          desk.line.live = { failed, until };
        },
        ended: () => this.ended(),
        stands: async (park) => (await client.park(park)).seq,
        reset: () => void desk.reread(),
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
    desk.line.redial = () => this.live.now();
    addEventListener('offline', () => this.live.cut());
    addEventListener('online', () => this.live.now());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.live.now();
    });
  }

  /** Colleagues, without oneself. */
  readonly colleagues = $derived.by(() => {
    const me = this.desk.planner.account?.id;
    return this.people.filter(({ id }) => id !== me);
  });

  /** Follows a park that was read when it stood at its seq, until the signal is aborted. */
  follow(park: Park, signal: AbortSignal): void {
    this.signal = signal;
    this.waiting = [];
    this.events = [];
    this.people = [];
    this.seq = park.seq;
    this.live.follow(park.code, park.seq);
    void this.remember(park, signal);
  }

  leave(): void {
    this.live.stop();
    this.state = 'off';
    this.desk.line.live = null;
  }

  /** Everything was read anew when the park stood at `seq`. */
  caughtUp(seq: number): void {
    this.seq = Math.max(this.seq, seq);
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
    this.desk.line.live = null;
    if (back) this.desk.tell(this.desk.t('web.state.back'));
  }

  private ended(): void {
    this.state = 'ended';
    this.people = [];
    this.desk.line.live = null;
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
      const events = this.waiting.filter(({ seq }) => seq > this.seq);
      this.waiting = [];
      try {
        if (events.length > 0) await this.take(events);
      } catch {
        if (!this.signal.aborted) this.desk.tell(this.desk.t('web.state.broken'));
      }
      await new Promise((done) => setTimeout(done, REST_MS));
    }
    this.taking = false;
  }

  /** Reads what events touched. What is typed, drawn and picked stays. */
  private async take(events: readonly ParkEvent[]): Promise<void> {
    const { desk, signal } = this;
    const { park } = desk;
    const last = events.at(-1)?.seq ?? 0;
    if (!park || signal.aborted || desk.planner.past) return;
    const touched = touchedBy(events);
    // a reading under way may be older than the event: what is taken in now would be lost under it
    await desk.readings.settled();
    const { begun } = desk.readings;
    const apply = await desk.line.reach(
      () => readTouched(this.client, park.code, touched, desk.planner.may.see, signal),
      signal,
    );
    if (signal.aborted || desk.planner.past) return;
    if (desk.readings.begun === begun) desk.takeIn(apply, touched.parcels);
    else await desk.reread();
    this.caughtUp(last);
    this.tell(events);
  }

  /** A word on what others did; one's own changes are told where they are made. */
  private tell(events: readonly ParkEvent[]): void {
    const { desk } = this;
    const me = untrack(() => desk.planner.account?.id);
    const theirs = events.filter(({ who }) => !me || who?.id !== me);
    const [first] = theirs;
    if (!first) return;
    desk.tell(theirs.length > 1 || !first.who ? desk.t('web.state.changed') : sayEvent(desk.lang, first));
  }
}
