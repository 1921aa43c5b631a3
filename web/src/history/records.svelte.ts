import { createContext, untrack } from 'svelte';
import { decide, readHistory, readLineage, readProposals } from '../core/history';
import type { Entry, Lineage, Proposal } from '../core/history';
import { foresee, stepsOf, waitingFor, type Step } from '../core/proposal';
import type { Outcome } from '../core/orders';
import type { Words } from '../kit/words.svelte';
import { Work } from '../kit/work.svelte';
import type { Land } from '../state/land.svelte';
import type { Panels } from '../state/panel.svelte';
import type { Selection } from '../state/selection.svelte';
import type { Session } from '../state/session.svelte';
import type { Orders } from '../order/orders.svelte';

/** What approving a proposal would do, or in words why it would be refused. */
export type Foreseen = { outcome: Outcome | null } | { refused: string };

/** Proposals make no change of the park that one would hear of: they are read anew so often, in ms. */
const ANEW_MS = 60_000;
/** So many proposals are looked into when they are listed; the others when the reader asks for them. */
const AHEAD = 20;

interface Use {
  land: Land;
  orders: Orders;
  panels: Panels;
  selection: Selection;
  session: Session;
  words: Words;
}

/** The changes that were made of a park or parcel, and those that wait for a second person. */
export class Records {
  entries = $state.raw<readonly Entry[]>([]);
  hasMore = $state(false);
  lineage = $state.raw<Lineage | null>(null);
  /** Those that are open. */
  proposals = $state.raw<readonly Proposal[]>([]);
  /** By the proposal's id. */
  foreseen = $state.raw<ReadonlyMap<string, Foreseen>>(new Map());
  /** The proposal whose outcome stands on the map; that is the one that the reader was led to. */
  shown = $state<string | null>(null);
  readonly work: Work;

  /** How many wait for the reader's own word. */
  readonly waiting = $derived.by(() => {
    const { land, session } = this.use;
    return land.may.approve ? waitingFor(session.account?.id, this.proposals) : 0;
  });
  /** What the map shows of the proposal that is open: each parcel with what it is and would be. */
  readonly ghosts = $derived.by(() => {
    const proposal = this.proposals.find(({ id }) => id === this.shown);
    if (!proposal || this.use.panels.open !== 'proposals') return [];
    const prefix = this.use.land.prefix.length;
    return this.steps(proposal).map((step) => ({
      id: step.id,
      geometry: step.geometry,
      label: `${step.code.slice(prefix)}\n${this.change(step)}`,
    }));
  });

  constructor(private readonly use: Use) {
    this.work = new Work((error) => use.session.say(error));
    use.land.onLeave(() => {
      this.forget();
      this.proposals = [];
      this.shown = null;
    });
  }

  /** Keeps the open proposals read while a component lives. Call while it starts. */
  follow(): void {
    const { land, orders } = this.use;
    const park = $derived(land.may.see ? land.park?.code : undefined);
    $effect(() => {
      void land.seq;
      void orders.done;
      if (park) untrack(() => void this.readQuietly());
      else this.proposals = [];
    });
    $effect(() => {
      if (!park) return;
      const read = (): void => {
        if (document.visibilityState === 'visible') void this.readQuietly();
      };
      const timer = setInterval(read, ANEW_MS);
      document.addEventListener('visibilitychange', read);
      return () => {
        clearInterval(timer);
        document.removeEventListener('visibilitychange', read);
      };
    });
  }

  /** The parcels of a proposal, before and after. */
  steps(proposal: Proposal): Step[] {
    const seen = this.foreseen.get(proposal.id);
    const outcome = seen && 'outcome' in seen ? seen.outcome : null;
    return stepsOf(proposal, this.use.land.deskParcels, outcome);
  }

  /** "In reserve → available"; the status alone where it stays, or what follows is not known. */
  change({ before, after }: Step): string {
    const { words } = this.use;
    const both = [before, after].flatMap((each) => (each ? [words.t(`web.status.${each.status}`)] : []));
    return [...new Set(both)].join(' → ');
  }

  /** Opens the list at a proposal. */
  lead({ id }: Proposal): void {
    this.shown = id;
    this.use.panels.put('proposals');
  }

  /** Asks what the proposals of the list would do, one after the other: each is tried under the park's clock. */
  async lookAhead(): Promise<void> {
    this.foreseen = new Map();
    const first = this.proposals.filter(({ id }) => id === this.shown);
    for (const proposal of [...first, ...this.proposals.slice(0, AHEAD)]) await this.foresee(proposal);
  }

  async foresee({ id }: Proposal): Promise<void> {
    const { land, session } = this.use;
    const park = land.park?.code;
    if (!park || this.foreseen.has(id)) return;
    const seen: Foreseen = await foresee(session.wire, park, id).then(
      (outcome) => ({ outcome }),
      (error: unknown) => ({ refused: session.say(error) }),
    );
    this.foreseen = new Map(this.foreseen).set(id, seen);
  }

  /** Puts away what was read: another history is to be shown. */
  forget(): void {
    this.entries = [];
    this.lineage = null;
  }

  /** The parcel's history where one parcel is picked, else the park's. */
  loadHistory(more = false): Promise<void> {
    return this.work.run(() => this.readHistory(more));
  }

  loadProposals(): Promise<void> {
    return this.work.run(async () => {
      await this.readProposals();
      void this.lookAhead();
    });
  }

  async decide(proposal: Proposal, approve: boolean, reason: string): Promise<void> {
    const { land, session } = this.use;
    const park = land.park?.code;
    if (!park) return;
    await this.work.run(async () => {
      await session.drafts.once(`decision.${JSON.stringify([proposal.id, approve, reason])}`, (key) =>
        decide(session.wire, park, proposal.id, approve, reason, key),
      );
      await land.renewOwn();
      await this.readProposals();
      void this.lookAhead();
    });
  }

  private async readHistory(more: boolean): Promise<void> {
    const { land, selection, session } = this.use;
    const park = land.park?.code;
    if (!park) return;
    const only = selection.picked.length === 1 ? selection.picked[0] : undefined;
    if (only) {
      this.lineage = await readLineage(session.wire, park, only);
      this.entries = this.lineage.records;
      this.hasMore = false;
      return;
    }
    this.lineage = null;
    const before = more ? (this.entries.at(-1)?.seq ?? null) : null;
    const page = await readHistory(session.wire, park, before);
    this.entries = more ? [...this.entries, ...page] : page;
    this.hasMore = page.length > 0 && (page.at(-1)?.seq ?? 1) > 1;
  }

  private async readQuietly(): Promise<void> {
    try {
      await this.readProposals();
    } catch {
      // what is shown stays; it is read anew soon
    }
  }

  private async readProposals(): Promise<void> {
    const park = this.use.land.park?.code;
    if (!park) return;
    this.proposals = await readProposals(this.use.session.wire, park);
    const commands = this.proposals.map(({ command }) => command);
    void this.use.land.know(commands.flatMap(({ parcels }) => (parcels ?? []).map(({ id }) => id)));
    void this.use.land.knowRights(commands.flatMap(({ allotment }) => allotment?.id ?? []));
  }
}

export const [useRecords, provideRecords] = createContext<Records>();
