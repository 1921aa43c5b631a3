import { dayOf } from '../core/asof';
import { Drafts, type Shelf } from '../core/drafts';
import { decide, readHistory, readLineage, readProjects, readProposals } from '../core/history';
import type { Entry, Lineage, Project, Proposal } from '../core/history';
import {
  isDesk,
  movesFor,
  withRights,
  type CommandKind,
  type DeskParcel,
  type OrderKind,
  type Outcome,
} from '../core/orders';
import type { Site } from '../core/match';
import type { Key } from '../core/message';
import type { LonLat } from '../core/feed';
import { instantOf, type Past } from '../core/past';
import type { Waiting } from '../core/queue';
import { inviteOf, mayIn, Sessions, type Account, type May } from '../core/session';
import { Refusal, Wire } from '../core/wire';
import type { Desk } from './desk.svelte';
import { draftName, Task, type TaskDraft } from '../order/task.svelte';

export type Panel = 'none' | 'signin' | 'history' | 'proposals' | 'activity' | 'supply' | 'match' | 'chain';

/** What was done last, while its notice with the way back is shown. */
export interface Done {
  kind: CommandKind;
  title: Key;
  /** Null: it waits for approval. */
  seq: number | null;
  /** The change before it, made in one step with it: it can be undone after it. */
  first: number | null;
  /** Whether a part of it waits for approval. */
  waits: boolean;
}

/** What is done to ground, whoever has a right to it. */
const onGround = new Set<OrderKind>(['split', 'merge', 'move', 'correct', 'queue']);

/** Who is signed in, what they picked, and what they are about to do. */
export class Planner {
  account = $state.raw<Account | null>(null);
  /** The secret of the one-time link that the page was opened with. */
  invite = $state<string | null>(null);
  panel = $state<Panel>('none');
  picked = $state.raw<readonly string[]>([]);
  /** Each click adds to what is picked: for hands without a Shift key. */
  several = $state(false);
  task = $state.raw<Task | null>(null);
  /** The kind of order that was given up last. */
  left: CommandKind | null = null;
  done = $state.raw<Done | null>(null);
  past = $state<Past | null>(null);
  busy = $state(false);
  problem = $state<string | null>(null);

  entries = $state.raw<readonly Entry[]>([]);
  hasMore = $state(false);
  lineage = $state.raw<Lineage | null>(null);
  proposals = $state.raw<readonly Proposal[]>([]);
  projects = $state.raw<readonly Project[]>([]);

  /** Orders of this park that were begun and not answered or given up, as the browser keeps them. */
  unfinished = $state.raw<readonly (TaskDraft & { id: string })[]>([]);

  readonly wire = new Wire(() => this.desk.lang);
  readonly drafts = new Drafts(
    () => this.account?.id ?? null,
    shelfOf(() => localStorage),
    shelfOf(() => sessionStorage),
  );
  readonly sessions = new Sessions(this.wire);

  constructor(readonly desk: Desk) {}

  readonly may = $derived.by<May>(() => mayIn(this.account, this.desk.park));
  readonly parcels = $derived.by<DeskParcel[]>(() => (this.desk.content?.parcels ?? []).filter(isDesk));
  readonly chosen = $derived.by<DeskParcel[]>(() => {
    const ids = new Set(this.picked);
    return this.parcels.filter(({ id }) => ids.has(id));
  });
  readonly moves = $derived.by<OrderKind[]>(() =>
    this.may.plan && this.past === null ? movesFor(this.chosen) : [],
  );
  readonly timeZone = $derived.by(() => this.desk.park?.time_zone ?? 'UTC');
  readonly today = $derived.by(() => dayOf(Date.now(), this.timeZone));

  /** Asks who is signed in; a server that doesn't say is taken as nobody. */
  async start(): Promise<void> {
    try {
      this.account = await this.sessions.read();
    } catch {
      this.account = null;
    }
  }

  /** The page was opened with a one-time link: its secret goes from the address, so that no one reads it there. */
  invited(hash: string): void {
    this.invite = inviteOf(hash);
    if (this.invite === null) return;
    history.replaceState(null, '', location.pathname + location.search);
    this.panel = 'signin';
  }

  /** How the park is to be read: as planners or as the public see it, now or as it was. */
  from(): { desk?: boolean; at?: string } {
    return {
      desk: this.may.see,
      ...(this.past && { at: instantOf(this.past, this.timeZone) }),
    };
  }

  /** What the reader clicked: one parcel alone, or one more or one fewer of several. */
  pick(id: string | null, more: boolean): void {
    if (this.task) this.cancel();
    if (id === null) this.picked = [];
    else if (!more && !this.several) this.picked = [id];
    else if (this.picked.includes(id)) this.picked = this.picked.filter((each) => each !== id);
    else this.picked = [...this.picked, id];
  }

  toggle(id: string): void {
    if (this.task) {
      this.desk.tell(this.desk.t('web.order.open'));
      return;
    }
    this.pick(id, true);
    const last = this.picked.at(-1);
    this.desk.show(last ? { of: 'parcel', id: last } : null);
  }

  signedIn(account: Account | null): void {
    this.account = account;
    this.panel = 'none';
    this.invite = null;
    void this.desk.readAs();
  }

  async signOut(): Promise<void> {
    await this.quietly(async () => {
      await this.sessions.close();
      this.drafts.forgetPersons();
      this.account = null;
      this.clear();
      this.panel = 'none';
      this.desk.select(null);
      await this.desk.readAs();
    });
  }

  /** The sign-in has ended elsewhere: asks who is signed in now. What is typed stays. */
  async again(): Promise<void> {
    await this.start();
    await this.desk.readAs();
  }

  /** Leaves everything behind that belongs to a park. */
  clear(): void {
    this.cancel();
    this.picked = [];
    this.several = false;
    this.done = null;
    this.entries = [];
    this.lineage = null;
    this.proposals = [];
    this.desk.siting.clear();
  }

  begin(kind: OrderKind): void {
    const parcels =
      !onGround.has(kind) && this.chosen[0]?.properties.allotment ? this.rightOf(kind) : this.chosen;
    const task = new Task(this, kind, parcels);
    this.take(task);
    this.desk.reveal(parcels.map(({ id }) => id));
    void task.open();
  }

  /** Cuts a lot out of the one parcel picked, and holds it or proposes its release in the same step. */
  cut({ cut }: Site, step: 'hold' | 'release'): void {
    if (!cut) return;
    const task = new Task(this, 'split', this.chosen);
    task.cut({ line: cut.coordinates as LonLat[], step });
    this.take(task);
    void task.open();
  }

  private take(task: Task): void {
    if (this.panel === 'match') task.back = this.panel;
    this.panel = 'none';
    this.left = null;
    this.done = null;
    this.task = task;
  }

  /** What is done to a right is done to all its parcels: they are shown. Publishing is not. */
  private rightOf(kind: OrderKind): DeskParcel[] {
    return kind === 'publish' || kind === 'unpublish' ? this.chosen : withRights(this.chosen, this.parcels);
  }

  leave(place: Waiting): void {
    const task = new Task(
      this,
      'leave',
      this.parcels.filter(({ id }) => id === place.parcel.id),
    );
    task.waiting = place.id;
    this.take(task);
  }

  /** Undoes a change; then, where it followed another in one step, that one can be undone. */
  revert(seq: number, first: number | null = null): void {
    const task = new Task(this, 'revert', [], seq);
    task.first = first;
    this.take(task);
    void task.open();
  }

  /** Gives an order up; the keyboard goes back to where it was begun. */
  cancel(): void {
    const { task } = this;
    if (!task) return;
    if (task.back === 'none') this.left = task.kind;
    else this.panel = task.back;
    task.close();
    if (task.lost) task.keep();
    else task.drop();
    this.task = null;
    this.lookForDrafts();
  }

  /** Finds what was begun in this park and neither answered nor given up. */
  lookForDrafts(): void {
    const park = this.desk.park?.code;
    const prefix = draftName(park ?? '');
    const names = park && this.may.plan ? this.drafts.names(prefix) : [];
    this.unfinished = names.flatMap((name) => {
      const draft = this.drafts.place<TaskDraft>(name).read();
      const id = name.slice(prefix.length);
      return draft && id !== this.task?.id ? [{ ...draft, id }] : [];
    });
  }

  /** Takes up an order that was begun before; one that was sent is sent again as it was. */
  resume(draft: TaskDraft & { id: string }): void {
    const ids = new Set(draft.parcels.map(({ id }) => id));
    const parcels = this.parcels.filter(({ id }) => ids.has(id));
    const task = new Task(this, draft.kind, parcels, draft.reverts, draft.id);
    this.cancel();
    task.restore(draft);
    this.take(task);
    task.back = 'none';
    this.lookForDrafts();
    void task.open();
  }

  giveUpDraft({ id }: { id: string }): void {
    this.drafts.place(draftName(this.desk.park?.code ?? '', id)).drop();
    this.lookForDrafts();
  }

  /** The change is made, or waits for approval: the park is read anew, and what came of it is picked. */
  async finished(task: Task, outcome: Outcome | null): Promise<void> {
    task.close();
    this.task = null;
    this.left = null;
    this.panel = task.back;
    this.done = doneBy(task, outcome);
    const held = this.desk.selected;
    await this.desk.reread();
    if (task.back === 'match') void this.desk.siting.ask();
    const { selected } = this.desk;
    const ended = held?.of === 'parcel' && !this.desk.parcelById.has(held.id);
    // the planner has gone on to something else, or has closed what was open
    if (this.task || (selected !== held && !(selected === null && ended))) return;
    const known = foundAfter(task, outcome).filter((id) => this.desk.parcelById.has(id));
    this.picked = known;
    const first = known[0];
    this.desk.show(first ? { of: 'parcel', id: first } : null);
  }

  async travel(past: Past | null): Promise<void> {
    if (past === this.past) return;
    this.cancel();
    this.past = past;
    this.desk.note();
    await this.desk.reread();
  }

  async openPanel(panel: Panel): Promise<void> {
    this.problem = null;
    this.panel = this.panel === panel ? 'none' : panel;
    if (this.desk.phase === 'ready') this.desk.note();
    if (this.panel === 'none') return;
    this.entries = [];
    this.lineage = null;
    if (this.panel === 'history') await this.quietly(() => this.loadHistory(false));
    if (this.panel === 'proposals') await this.quietly(() => this.loadProposals());
  }

  /** The parcel's history where one parcel is picked, else the park's. */
  async loadHistory(more: boolean): Promise<void> {
    const park = this.desk.park?.code;
    if (!park) return;
    const only = this.picked.length === 1 ? this.picked[0] : undefined;
    if (only) {
      this.lineage = await readLineage(this.wire, park, only);
      this.entries = this.lineage.records;
      this.hasMore = false;
      return;
    }
    this.lineage = null;
    const before = more ? (this.entries.at(-1)?.seq ?? null) : null;
    const page = await readHistory(this.wire, park, before);
    this.entries = more ? [...this.entries, ...page] : page;
    this.hasMore = page.length > 0 && (page.at(-1)?.seq ?? 1) > 1;
  }

  async loadProposals(): Promise<void> {
    const park = this.desk.park?.code;
    if (park) this.proposals = await readProposals(this.wire, park);
  }

  async loadProjects(): Promise<void> {
    await this.quietly(async () => {
      this.projects = await readProjects(this.wire);
    });
  }

  async decide(proposal: Proposal, approve: boolean, reason: string): Promise<void> {
    const park = this.desk.park?.code;
    if (!park) return;
    await this.quietly(async () => {
      await this.drafts.once(`decision.${JSON.stringify([proposal.id, approve, reason])}`, (key) =>
        decide(this.wire, park, proposal.id, approve, reason, key),
      );
      await this.desk.reread();
      await this.loadProposals();
    });
  }

  /** Runs work whose failure is told in words. */
  async quietly(work: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.problem = null;
    try {
      await work();
    } catch (error) {
      this.problem = this.say(error);
    } finally {
      this.busy = false;
    }
  }

  say(error: unknown): string {
    if (error instanceof Refusal) return wordsOf(error);
    return this.desk.t('web.order.silence');
  }
}

/** The browser's storage; none where it forbids it. */
function shelfOf(storage: () => Shelf): Shelf | null {
  try {
    return storage();
  } catch {
    return null;
  }
}

function doneBy({ kind, title, first }: Task, outcome: Outcome | null): Done {
  const waits = !outcome || outcome.then?.proposal !== undefined;
  const followed = outcome?.then?.outcome;
  return followed && outcome
    ? { kind, title, seq: followed.seq, first: outcome.seq, waits }
    : { kind, title, seq: outcome?.seq ?? null, first, waits };
}

/** The parcels that an order was about, as they are afterwards; of a lot that was cut, the lot. */
function foundAfter({ parcels, lot, lotCodes }: Task, outcome: Outcome | null): string[] {
  const made = outcome && outcome.parcels.length > 0 ? outcome.parcels : null;
  const mine = lot ? made?.filter(({ code }) => code === lotCodes.lot.trim()) : made;
  return (mine ?? parcels).map(({ id }) => id);
}

/** The server's own words, in the reader's language; what was expected, where one value was refused. */
export function wordsOf({ problem }: Refusal): string {
  const words = problem.detail ?? problem.title;
  return problem.expected && !words.includes(problem.expected) ? `${words} ${problem.expected}` : words;
}
