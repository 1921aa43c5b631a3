import { createContext } from 'svelte';
import type { LonLat } from '../core/feed';
import type { Site } from '../core/match';
import {
  actsOnRight,
  movesFor,
  withRights,
  type CommandKind,
  type DeskParcel,
  type OrderKind,
  type Outcome,
} from '../core/orders';
import type { Key } from '../core/message';
import type { Waiting } from '../core/queue';
import type { Land } from '../state/land.svelte';
import type { PanelId, Panels } from '../state/panel.svelte';
import type { Selection, UnderWay } from '../state/selection.svelte';
import type { Session } from '../state/session.svelte';
import type { Sight } from '../state/sight.svelte';
import { begin } from './kinds';
import { draftName, Task, type Around, type TaskDraft } from './task.svelte';

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

/** What the orders need of the page, beside what a task does. */
interface Use extends Around {
  land: Land;
  panels: Panels;
  selection: Selection;
  session: Session;
  sight: Sight;
}

/** The order under way, what was ordered last, and the orders that were begun before. */
export class Orders implements UnderWay {
  task = $state.raw<Task | null>(null);
  /** The kind of order that was given up last. */
  left: CommandKind | null = null;
  done = $state.raw<Done | null>(null);
  /** Orders of this park that were begun and not answered or given up, as the browser keeps them. */
  unfinished = $state.raw<readonly (TaskDraft & { id: string })[]>([]);
  /** Called when an order that was begun in a panel is done. */
  onDone: (panel: PanelId) => void = () => {};

  constructor(private readonly use: Use) {
    use.selection.order = this;
    use.land.onLeave(() => {
      this.cancel();
      this.done = null;
    });
  }

  readonly moves = $derived.by<OrderKind[]>(() => {
    const { land, selection } = this.use;
    return land.may.plan && land.past === null ? movesFor(selection.chosen) : [];
  });

  get underWay(): boolean {
    return this.task !== null;
  }

  begin(kind: OrderKind): void {
    const { land, selection } = this.use;
    const { chosen } = selection;
    // what is done to a right is done to all its parcels: they are shown
    const parcels = actsOnRight(kind) ? withRights(chosen, land.deskParcels) : chosen;
    const task = this.made(kind, parcels);
    this.take(task);
    this.use.sight.reveal(parcels.map(({ id }) => id));
  }

  /** Cuts a lot out of the one parcel picked, and holds it or proposes its release in the same step. */
  cut({ cut }: Site, step: 'hold' | 'release'): void {
    if (!cut) return;
    const task = this.made('split', this.use.selection.chosen);
    task.typed = { ...begin('lot', task.setting), line: cut.coordinates as LonLat[], step };
    this.take(task);
  }

  leave(place: Waiting): void {
    const task = this.made(
      'leave',
      this.use.land.deskParcels.filter(({ id }) => id === place.parcel.id),
    );
    task.typed = { form: 'leave', waiting: place.id };
    this.take(task);
  }

  /** Undoes a change; then, where it followed another in one step, that one can be undone. */
  revert(seq: number, first: number | null = null): void {
    const task = this.made('revert', []);
    task.typed = { form: 'revert', reverts: seq, first };
    this.take(task);
  }

  /** Gives an order up; the keyboard goes back to where it was begun. */
  cancel(): void {
    const { task } = this;
    if (!task) return;
    if (task.back === null) this.left = task.kind;
    else this.use.panels.put(task.back);
    task.close();
    if (task.lost) task.keep();
    else task.drop();
    this.task = null;
    this.lookForDrafts();
  }

  /** Finds what was begun in this park and neither answered nor given up. */
  lookForDrafts(): void {
    const { land, session } = this.use;
    const park = land.park?.code;
    const prefix = draftName(park ?? '');
    const names = park && land.may.plan ? session.drafts.names(prefix) : [];
    this.unfinished = names.flatMap((name) => {
      const draft = session.drafts.place<TaskDraft>(name).read();
      const id = name.slice(prefix.length);
      // one kept by an older page has another form
      return draft?.typed && id !== this.task?.id ? [{ ...draft, id }] : [];
    });
  }

  /** Takes up an order that was begun before; one that was sent is sent again as it was. */
  async resume(draft: TaskDraft & { id: string }): Promise<void> {
    await this.use.land.know(draft.parcels.map(({ id }) => id));
    const ids = new Set(draft.parcels.map(({ id }) => id));
    const parcels = this.use.land.deskParcels.filter(({ id }) => ids.has(id));
    const task = this.made(draft.kind, parcels, draft.id);
    this.cancel();
    task.restore(draft);
    this.take(task);
    task.back = null;
    this.lookForDrafts();
  }

  giveUpDraft({ id }: { id: string }): void {
    const { land, session } = this.use;
    session.drafts.place(draftName(land.park?.code ?? '', id)).drop();
    this.lookForDrafts();
  }

  /** The change is made, or waits for approval: the park is read anew, and what came of it is picked. */
  async finished(task: Task, outcome: Outcome | null): Promise<void> {
    const { land, panels, selection } = this.use;
    task.close();
    this.task = null;
    this.left = null;
    panels.put(task.back);
    this.done = doneBy(task, outcome);
    const held = selection.selected;
    await land.renewOwn();
    await land.know(foundAfter(task, outcome));
    if (task.back) this.onDone(task.back);
    const { selected } = selection;
    const ended = held?.of === 'parcel' && !land.parcelById.has(held.id);
    // the planner has gone on to something else, or has closed what was open
    if (this.task || (selected !== held && !(selected === null && ended))) return;
    const known = foundAfter(task, outcome).filter((id) => land.parcelById.has(id));
    selection.picked = known;
    const first = known[0];
    selection.show(first ? { of: 'parcel', id: first } : null);
  }

  private made(kind: CommandKind, parcels: readonly DeskParcel[], id?: string): Task {
    return new Task(this.use, this, kind, parcels, id);
  }

  private take(task: Task): void {
    const { panels } = this.use;
    if (panels.open === 'match') task.back = panels.open;
    panels.put(null);
    this.left = null;
    this.done = null;
    this.task = task;
  }
}

function doneBy({ kind, title, typed }: Task, outcome: Outcome | null): Done {
  const first = typed.form === 'revert' ? typed.first : null;
  const waits = !outcome || outcome.then?.proposal !== undefined;
  const followed = outcome?.then?.outcome;
  return followed && outcome
    ? { kind, title, seq: followed.seq, first: outcome.seq, waits }
    : { kind, title, seq: outcome?.seq ?? null, first, waits };
}

/** The parcels that an order was about, as they are afterwards; of a lot that was cut, the lot. */
function foundAfter({ parcels, typed }: Task, outcome: Outcome | null): string[] {
  const made = outcome && outcome.parcels.length > 0 ? outcome.parcels : null;
  const mine = typed.form === 'lot' ? made?.filter(({ code }) => code === typed.lot.trim()) : made;
  return (mine ?? parcels).map(({ id }) => id);
}

export const [useOrders, provideOrders] = createContext<Orders>();
