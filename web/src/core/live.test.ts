import { beforeEach, describe, expect, it } from 'vitest';
import { Live, type Listener, type ParkEvent, type Socket } from './live';

class FakeSocket implements Socket {
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;
  readonly sent: string[] = [];
  closed = false;
  constructor(readonly path: string) {}
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.closed = true;
  }
  say(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  hello(seq: number): void {
    this.say({ type: 'hello', seq, beat_seconds: 15 });
  }
  event(seq: number): void {
    this.say({ type: 'event', event: { park: 'p', seq, at: '', changes: [], change_count: 0 } });
  }
}

/** A clock that only moves when it is told to. */
class FakeTimer {
  time = 0;
  private jobs: { at: number; work: () => void }[] = [];
  now = (): number => this.time;
  set = (work: () => void, ms: number): unknown => {
    const job = { at: this.time + ms, work };
    this.jobs.push(job);
    return job;
  };
  clear = (job: unknown): void => {
    this.jobs = this.jobs.filter((each) => each !== job);
  };
  pass(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const next = this.jobs.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.clear(next);
      this.time = next.at;
      next.work();
    }
    this.time = end;
  }
}

let sockets: FakeSocket[];
let timer: FakeTimer;
let heard: string[];
let stands: () => Promise<number>;
let live: Live;
const last = (): FakeSocket => sockets.at(-1) as FakeSocket;

beforeEach(() => {
  sockets = [];
  timer = new FakeTimer();
  heard = [];
  stands = () => Promise.reject(new Error('nobody answers'));
  const listener: Listener = {
    event: ({ seq }: ParkEvent) => heard.push(`event ${seq}`),
    people: (people) => heard.push(`people ${people.map(({ name }) => name).join()}`),
    up: (seq, back) => heard.push(`up ${seq}${back ? ' back' : ''}`),
    away: (failed, until) => heard.push(`away ${failed} ${until}`),
    ended: (code) => heard.push(`ended ${code}`),
    stands: () => stands(),
    reset: () => heard.push('reset'),
  };
  live = new Live(listener, {
    open: (path) => {
      const socket = new FakeSocket(path);
      sockets.push(socket);
      return socket;
    },
    timer,
    random: () => 0,
  });
});

describe('the live line', () => {
  it('begins at the cursor, gives each event once and in order, and comes back with what it has', () => {
    live.follow('p', 7);
    expect(last().path).toBe('/api/parks/p/live?after=7');
    last().hello(9);
    for (const seq of [7, 8, 8, 9, 8]) last().event(seq);
    last().say({ type: 'at', seq: 12 });
    last().onclose?.({ code: 1013 });
    timer.pass(300);
    expect(sockets).toHaveLength(2);
    expect(last().path).toBe('/api/parks/p/live?after=12');
    expect(heard.filter((word) => word.startsWith('event'))).toEqual(['event 8', 'event 9']);
  });

  it('keeps quiet about a break that heals at once, and says when nobody answers and when it is back', () => {
    live.follow('p', 0);
    last().hello(0);
    last().onclose?.({ code: 1006 });
    expect(heard).toEqual(['up 0', 'people ']);
    timer.pass(300);
    last().onclose?.({ code: 1006 });
    expect(heard.at(-1)).toBe('away 2 1050');
    timer.pass(750);
    last().hello(3);
    expect(heard.at(-1)).toBe('up 3 back');
  });

  it('waits longer after each failure, up to a bound, spread by chance', () => {
    live.follow('p', 0);
    const waited: number[] = [];
    for (let i = 0; i < 7; i++) {
      last().onclose?.({ code: 1006 });
      const from = timer.time;
      const before = sockets.length;
      while (sockets.length === before) timer.pass(50);
      waited.push(timer.time - from);
    }
    expect(waited).toEqual([300, 750, 1500, 3000, 6000, 6000, 6000]);
  });

  it('takes silence for a break: ten seconds before the greeting, two beats after', () => {
    live.follow('p', 0);
    timer.pass(9_999);
    expect(heard).toEqual([]);
    timer.pass(1);
    expect(heard.at(-1)).toMatch(/^away 1/);
    timer.pass(300);
    last().hello(0);
    timer.pass(29_000);
    last().say({ type: 'at', seq: 0 });
    timer.pass(29_999);
    expect(sockets).toHaveLength(2);
    timer.pass(301);
    expect(sockets).toHaveLength(3);
    expect(sockets[1]?.closed).toBe(true);
  });

  it('stops for good when the sign-in or the role has ended', () => {
    for (const code of [4401, 4403]) {
      live.follow('p', 0);
      last().hello(0);
      last().onclose?.({ code });
      expect(heard.at(-1)).toBe(`ended ${code}`);
      const opened = sockets.length;
      timer.pass(60_000);
      live.now();
      expect(sockets).toHaveLength(opened);
    }
  });

  it('reads anew when the park is behind its cursor: another database', async () => {
    stands = () => Promise.resolve(4);
    live.follow('p', 9);
    last().onclose?.({ code: 1006 });
    await Promise.resolve();
    await Promise.resolve();
    expect(heard.at(-1)).toBe('reset');
    timer.pass(300);
    expect(last().path).toBe('/api/parks/p/live?after=4');
  });

  it('says at once when the cable is pulled, and tries at once when it is back', () => {
    live.follow('p', 0);
    last().hello(0);
    live.cut();
    expect(heard.at(-1)).toMatch(/^away 1/);
    live.now();
    last().hello(0);
    expect(heard.at(-1)).toBe('up 0 back');
    live.now();
    expect(sockets).toHaveLength(2);
  });

  it('tells which parcel is open, no oftener than it may, and again after a break', () => {
    live.here('a');
    live.follow('p', 0);
    expect(last().sent).toEqual([]);
    last().hello(0);
    for (const parcel of ['b', 'c', 'd']) live.here(parcel);
    timer.pass(300);
    expect(last().sent.map((text) => (JSON.parse(text) as { parcel: string }).parcel)).toEqual(['a', 'd']);
    last().onclose?.({ code: 1006 });
    timer.pass(300);
    last().hello(0);
    expect(last().sent).toHaveLength(1);
  });

  it('hears nothing more of a park that was left', () => {
    live.follow('p', 0);
    const first = last();
    first.hello(0);
    live.follow('q', 5);
    first.event(1);
    first.onclose?.({ code: 1006 });
    timer.pass(9_000);
    expect(heard).toEqual(['up 0']);
    expect(sockets).toHaveLength(2);
  });
});
