import { createContext } from 'svelte';
import { decide, readHistory, readLineage, readProposals } from '../core/history';
import type { Entry, Lineage, Proposal } from '../core/history';
import { Work } from '../kit/work.svelte';
import type { Land } from '../state/land.svelte';
import type { Selection } from '../state/selection.svelte';
import type { Session } from '../state/session.svelte';

/** The changes that were made of a park or parcel, and those that wait for a second person. */
export class Records {
  entries = $state.raw<readonly Entry[]>([]);
  hasMore = $state(false);
  lineage = $state.raw<Lineage | null>(null);
  proposals = $state.raw<readonly Proposal[]>([]);
  readonly work: Work;

  constructor(private readonly use: { land: Land; selection: Selection; session: Session }) {
    this.work = new Work((error) => use.session.say(error));
    use.land.onLeave(() => {
      this.forget();
      this.proposals = [];
    });
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
    return this.work.run(() => this.readProposals());
  }

  async decide(proposal: Proposal, approve: boolean, reason: string): Promise<void> {
    const { land, session } = this.use;
    const park = land.park?.code;
    if (!park) return;
    await this.work.run(async () => {
      await session.drafts.once(`decision.${JSON.stringify([proposal.id, approve, reason])}`, (key) =>
        decide(session.wire, park, proposal.id, approve, reason, key),
      );
      await land.reread();
      await this.readProposals();
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

  private async readProposals(): Promise<void> {
    const park = this.use.land.park?.code;
    if (park) this.proposals = await readProposals(this.use.session.wire, park);
  }
}

export const [useRecords, provideRecords] = createContext<Records>();
