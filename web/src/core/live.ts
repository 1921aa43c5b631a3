import type { Event, Person } from './api';

export type { Change } from './api';
/** One change of a park (docs/events.md); who, what and why are there for members only. */
export type ParkEvent = Event;

/** A colleague who has the park open, and which of its parcels. */
export interface Present extends Person {
  parcel: string | null;
}

/** The part of a WebSocket that is used. */
export interface Socket {
  onmessage: ((message: { data: unknown }) => void) | null;
  onclose: ((end: { code: number }) => void) | null;
  send(text: string): void;
  close(): void;
}

export interface Timer {
  now(): number;
  set(work: () => void, ms: number): unknown;
  clear(timer: unknown): void;
}

export interface Surroundings {
  open(path: string): Socket;
  timer: Timer;
  /** From 0 to below 1. */
  random(): number;
}

/** Who hears of the line. */
export interface Listener {
  /** In order, each once. */
  event(event: ParkEvent): void;
  /**
   * Who is there; to who handles them, how many new enquiries the park has: 100 are 100 or more; and a number that is
   * another whenever something of the district's projects may have changed.
   */
  people(people: Present[], enquiries: number, business: number): void;
  /** The park stands at `seq` and what is missing follows; `back`: it had been said that nobody answers. */
  up(seq: number, back: boolean): void;
  /** Nobody answers; the next try is at `until`. */
  away(failed: number, until: number): void;
  /** The sign-in or the role has ended: nothing more comes. */
  ended(code: number): void;
  /**
   * A try failed before a word was said: where the park stands, so that a cursor ahead of it (of another
   * database) is found out. Rejects where nobody answers.
   */
  stands(park: string): Promise<number>;
  /** The cursor was ahead of the park: read everything anew. */
  reset(): void;
}

/**
 * Longest waits before a try, in ms; what is waited is between half of it and all, so that a thousand pages
 * don't come back at once.
 */
const waits = [600, 1_500, 3_000, 6_000, 12_000];
/** A socket that says nothing for so long at the start is given up, in ms. */
const GREETING_MS = 10_000;
/** The park's members are told of another parcel at most so often, in ms. */
const HERE_MS = 300;
const SIGNED_OUT = 4401;
const ROLE_LOST = 4403;

type Message =
  | { type: 'hello'; seq: number; beat_seconds: number }
  | { type: 'event'; event: ParkEvent }
  | { type: 'at'; seq: number }
  | { type: 'presence'; people: Present[]; enquiries?: number; business?: number };

/**
 * A park's events as they happen: opens the socket at its cursor, drops what it has, and comes back by itself
 * with the cursor after every break, until it is stopped or the sign-in ends. Silence for twice the server's
 * beat is a break too.
 */
export class Live {
  private park: string | null = null;
  private cursor = 0;
  private socket: Socket | null = null;
  private greeted = false;
  private failed = 0;
  private told = false;
  private beatMs = GREETING_MS;
  private retry: unknown;
  private silence: unknown;
  private parcel: string | null = null;
  private spoken: { parcel: string | null; at: number } | null = null;
  private speaking: unknown;

  constructor(
    private readonly listener: Listener,
    private readonly around: Surroundings,
  ) {}

  /** Follows a park from the number of the last change one has, and leaves the one before. */
  follow(park: string, after: number): void {
    this.stop();
    this.park = park;
    this.cursor = after;
    this.open();
  }

  stop(): void {
    this.park = null;
    this.failed = 0;
    this.told = false;
    this.hangUp();
  }

  /** Tries at once: the network is back, or the reader asks. */
  now(): void {
    if (this.park !== null && !this.greeted) this.open();
  }

  /** The machine has no network: that a dead socket would be found out later. */
  cut(): void {
    if (this.park === null) return;
    this.broken(true);
  }

  /** Tells the colleagues which parcel is open. */
  here(parcel: string | null): void {
    this.parcel = parcel;
    this.speak();
  }

  private open(): void {
    this.hangUp();
    const { park } = this;
    if (park === null) return;
    let socket: Socket;
    try {
      socket = this.around.open(`/api/parks/${encodeURIComponent(park)}/live?after=${this.cursor}`);
    } catch {
      this.broken(true);
      return;
    }
    this.socket = socket;
    socket.onmessage = ({ data }) => this.hear(String(data));
    socket.onclose = ({ code }) => this.closed(code);
    this.beatMs = GREETING_MS;
    this.listenFor();
  }

  private hangUp(): void {
    const { timer } = this.around;
    timer.clear(this.retry);
    timer.clear(this.silence);
    timer.clear(this.speaking);
    this.speaking = undefined;
    this.spoken = null;
    this.greeted = false;
    const { socket } = this;
    if (!socket) return;
    this.socket = null;
    socket.onmessage = socket.onclose = null;
    socket.close();
  }

  private listenFor(): void {
    const { timer } = this.around;
    timer.clear(this.silence);
    this.silence = timer.set(() => this.broken(!this.greeted), this.beatMs);
  }

  private hear(text: string): void {
    this.listenFor();
    let message: Message;
    try {
      message = JSON.parse(text) as Message;
    } catch {
      return;
    }
    switch (message.type) {
      case 'hello':
        this.greet(message.seq, message.beat_seconds);
        return;
      case 'event':
        if (message.event.seq <= this.cursor) return;
        this.cursor = message.event.seq;
        this.listener.event(message.event);
        return;
      case 'at':
        this.cursor = Math.max(this.cursor, message.seq);
        return;
      case 'presence':
        this.listener.people(message.people, message.enquiries ?? 0, message.business ?? 0);
    }
  }

  private greet(seq: number, beatSeconds: number): void {
    const back = this.told;
    this.greeted = true;
    this.failed = 0;
    this.told = false;
    this.beatMs = 2_000 * beatSeconds;
    this.listenFor();
    this.listener.up(seq, back);
    if (this.parcel !== null) this.speak();
  }

  private closed(code: number): void {
    if (code === SIGNED_OUT || code === ROLE_LOST) {
      this.stop();
      this.listener.ended(code);
      return;
    }
    this.broken(!this.greeted);
  }

  /**
   * The line is down. A first break is not told: most often the server restarts or a proxy has had enough, and
   * the next try gets through.
   */
  private broken(tell: boolean): void {
    const asks = this.socket !== null && !this.greeted;
    this.hangUp();
    this.listener.people([], 0, 0);
    const most = waits[Math.min(this.failed, waits.length - 1)] ?? 0;
    const wait = most * (0.5 + this.around.random() / 2);
    this.failed += 1;
    this.retry = this.around.timer.set(() => this.open(), wait);
    if (!tell) return;
    this.told = true;
    this.listener.away(this.failed, this.around.timer.now() + wait);
    if (asks) void this.check();
  }

  private async check(): Promise<void> {
    const { park } = this;
    if (park === null) return;
    try {
      const seq = await this.listener.stands(park);
      if (this.park !== park || seq >= this.cursor) return;
      this.cursor = seq;
      this.listener.reset();
    } catch {
      // nobody answers: the next try comes all the same
    }
  }

  private speak(): void {
    const { socket } = this;
    if (!this.greeted || !socket || this.speaking !== undefined) return;
    if (this.spoken?.parcel === this.parcel || (!this.spoken && this.parcel === null)) return;
    const { timer } = this.around;
    const wait = this.spoken ? this.spoken.at + HERE_MS - timer.now() : 0;
    if (wait > 0) {
      this.speaking = timer.set(() => {
        this.speaking = undefined;
        this.speak();
      }, wait);
      return;
    }
    this.spoken = { parcel: this.parcel, at: timer.now() };
    socket.send(JSON.stringify({ type: 'here', parcel: this.parcel }));
  }
}
