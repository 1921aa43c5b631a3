import { changed, rebase, same } from '../core/draft';
import type { Place } from '../core/drafts';
import { fieldOf, type Faults } from '../core/fault';
import { isUnsure, Refusal, type Problem } from '../core/wire';

/** What a form edits or makes: how its fields are read, checked and sent. */
export interface Sort<F extends object, T> {
  form(thing: T | null): F;
  /** What has to be found out of a form before it is checked. */
  ready?(form: F): Promise<void>;
  faults(form: F, thing: T | null): Faults<F>;
  /** Sends the fields changed; the key makes sending something new twice the same as once. */
  send(form: F, changed: (keyof F & string)[], thing: T | null, key: string): Promise<T>;
  /** The thing as it is now; null: there is none any more. */
  read?(thing: T): Promise<T | null>;
}

/**
 * What is kept of a form in the browser: what was typed, on what ground, and the key under which it was sent
 * and not answered.
 */
export interface KeptForm<F> {
  base: F;
  typed: F;
  sent: { text: string; key: string } | null;
}

/** What became of a form that was sent. */
export type Fate = 'saved' | 'faulty' | 'overtaken' | 'refused' | 'silent' | 'ended' | 'gone';

/**
 * A form under way: what was typed, against what, and what the server said. What was typed is only given up by
 * its writer.
 */
export class Entry<F extends object, T> {
  typed: F = $state() as F;
  base = $state.raw() as F;
  thing = $state.raw<T | null>(null);
  faults = $state.raw<Faults<F>>({});
  /** The server's word on one field. */
  told = $state.raw<Partial<Record<keyof F & string, string>>>({});
  problem = $state.raw<Problem | null>(null);
  fate = $state<Fate | null>(null);
  busy = $state(false);
  /** What another wrote meanwhile, and of it what was typed otherwise here. */
  news = $state.raw<readonly (keyof F & string)[]>([]);
  clashes = $state.raw<readonly (keyof F & string)[]>([]);
  /** The values that the news replaced. */
  former = $state.raw<F | null>(null);
  /** What was typed when it was last sent: what was said of a field holds until it is typed anew. */
  tried = $state.raw<F | null>(null);
  /** Whether what is typed was found in the browser, unfinished. */
  restored = $state(false);
  private sent: { text: string; key: string } | null = null;

  constructor(
    private readonly sort: Sort<F, T>,
    thing: T | null,
    private readonly place: Place<KeptForm<F>> | null = null,
  ) {
    this.thing = thing;
    this.base = sort.form(thing);
    this.typed = sort.form(thing);
    const kept = place?.read();
    if (kept) this.restore(kept);
  }

  /**
   * Takes up what was typed before the page went. Something new that was sent keeps its key; a change is
   * compared with the thing as it is now, and if that has it already, it was made.
   */
  private restore({ base, typed, sent }: KeptForm<F>): void {
    const after = rebase({ base, typed: { ...this.typed, ...typed } }, this.base);
    if (changed(after).length === 0) {
      this.place?.drop();
      return;
    }
    this.typed = after.typed;
    this.restored = true;
    if (this.thing === null && sent?.text === JSON.stringify(after.typed)) {
      this.sent = sent;
      this.fate = 'silent';
    }
  }

  /** Keeps what is typed in the browser; what is as it was is not kept. */
  remember(): void {
    const typed = $state.snapshot(this.typed) as F;
    if (same(this.base, typed)) {
      if (this.sent === null) this.place?.drop();
    } else this.place?.keep({ base: this.base, typed, sent: this.sent });
  }

  /** Gives up what was typed. */
  discard(): void {
    this.typed = this.sort.form(this.thing);
    this.sent = null;
    this.fate = null;
    this.restored = false;
    this.place?.drop();
  }

  readonly dirty = $derived.by(() => !same(this.base, $state.snapshot(this.typed)));

  /** Sends what was typed. Null: it stays typed, and the entry says why. */
  async save(): Promise<T | null> {
    if (this.busy) return null;
    const typed = $state.snapshot(this.typed) as F;
    if (this.sort.ready) {
      this.busy = true;
      await this.sort.ready(typed).finally(() => (this.busy = false));
    }
    this.tried = typed;
    this.told = {};
    this.problem = null;
    this.faults = this.sort.faults(typed, this.thing);
    if (Object.keys(this.faults).length > 0) {
      this.fate = 'faulty';
      return null;
    }
    const text = JSON.stringify(typed);
    if (this.sent?.text !== text) this.sent = { text, key: crypto.randomUUID() };
    this.busy = true;
    this.remember();
    try {
      const fields = changed({ base: this.base, typed }) as (keyof F & string)[];
      if (this.thing !== null && fields.length === 0) return this.settled(this.thing);
      return this.settled(await this.sort.send(typed, fields, this.thing, this.sent.key));
    } catch (error) {
      return await this.failed(error);
    } finally {
      this.busy = false;
    }
  }

  /** Whether a field is still as it was when it was found wrong. */
  still(field: keyof F & string): boolean {
    return this.tried !== null && same(this.tried[field], $state.snapshot(this.typed[field]));
  }

  /** Takes the other's value of a field. */
  take(field: keyof F & string): void {
    this.typed = { ...($state.snapshot(this.typed) as F), [field]: this.base[field] };
    this.clashes = this.clashes.filter((each) => each !== field);
  }

  /** Stays with what was typed here. */
  keep(field: keyof F & string): void {
    this.clashes = this.clashes.filter((each) => each !== field);
  }

  private settled(thing: T): T {
    this.thing = thing;
    this.base = this.sort.form(thing);
    this.typed = this.sort.form(thing);
    this.news = this.clashes = [];
    this.sent = null;
    this.restored = false;
    this.place?.drop();
    this.fate = 'saved';
    return thing;
  }

  private async failed(error: unknown): Promise<T | null> {
    if (isUnsure(error) || !(error instanceof Refusal)) {
      this.fate = 'silent';
      return null;
    }
    this.sent = null;
    this.remember();
    if (error.is('stale') && this.thing !== null) return this.overtaken(this.thing);
    this.problem = error.problem;
    this.fate = error.problem.status === 401 ? 'ended' : 'refused';
    const field = fieldOf(error.problem, this.base);
    if (field) this.told = { [field]: error.problem.detail ?? error.problem.title } as typeof this.told;
    return null;
  }

  /**
   * Another was quicker: what they wrote is taken where nothing was typed, and shown. A lost answer to one's
   * own change ends here too.
   */
  private async overtaken(thing: T): Promise<T | null> {
    let now: T | null;
    try {
      now = (await this.sort.read?.(thing)) ?? null;
    } catch {
      this.fate = 'silent';
      return null;
    }
    if (now === null) {
      this.fate = 'gone';
      return null;
    }
    const before = this.base;
    const after = rebase({ base: before, typed: $state.snapshot(this.typed) as F }, this.sort.form(now));
    this.thing = now;
    this.base = after.base;
    this.typed = after.typed;
    if (changed(after).length === 0) return this.settled(now);
    this.former = before;
    this.news = after.news as (keyof F & string)[];
    this.clashes = after.clashes as (keyof F & string)[];
    this.fate = 'overtaken';
    return null;
  }
}
