import { weighed, type Question } from '../core/match';
import type { SiteNeed, Weights } from '../core/need';
import {
  forgetSearch,
  listSearches,
  needOf,
  partnersOf,
  replaySearch,
  saveSearch,
  type Replay,
  type SavedSearch,
} from './saved';
import type { Land } from '../state/land.svelte';
import type { Link } from '../state/link.svelte';
import type { Session } from '../state/session.svelte';

/** The search that is kept. */
interface Asker {
  need: SiteNeed;
  own: Weights;
  readonly wording: Question | null;
  readonly weighed: boolean;
  readonly weights: Weights;
  ask(): Promise<void>;
}

/** The searches that a member keeps, and one of them beside what it finds today. */
export class Saved {
  name = $state('');
  busy = $state(false);
  problem = $state<string | null>(null);
  /** The search that is compared with today. */
  replay = $state.raw<Replay | null>(null);
  private all = $state.raw<readonly SavedSearch[]>([]);
  private asking = new AbortController();

  constructor(
    private readonly siting: Asker,
    private readonly use: { land: Land; link: Link; session: Session },
  ) {}

  /** Those of the park that is open. */
  readonly list = $derived.by(() => this.all.filter(({ park }) => park === this.use.land.park?.code));

  clear(): void {
    this.asking.abort();
    this.replay = null;
    this.problem = null;
  }

  async load(): Promise<void> {
    this.all = [];
    if (!this.use.land.may.see) return;
    await this.quietly(async () => {
      this.all = await listSearches(this.wire);
    });
  }

  /**
   * Keeps what the answer was asked by, with the weights as the reader moved them and the ranking that the
   * server finds for it.
   */
  async save(): Promise<void> {
    const { siting } = this;
    const wording =
      siting.wording && siting.weighed ? weighed(siting.wording, siting.weights) : siting.wording;
    const name = this.name.trim();
    if (!wording || !name) return;
    await this.quietly(async () => {
      const { drafts } = this.use.session;
      const saved = await drafts.once(`match.${JSON.stringify([name, wording])}`, (key) =>
        saveSearch(this.wire, name, wording, key),
      );
      this.all = [saved, ...this.all];
      this.name = '';
    });
  }

  async forget({ id }: SavedSearch): Promise<void> {
    await this.quietly(async () => {
      await forgetSearch(this.wire, id);
      this.all = this.all.filter((each) => each.id !== id);
      if (this.replay?.saved.id === id) this.replay = null;
    });
  }

  /** States the need again, and ranks by it today's ground. */
  async open({ question }: SavedSearch): Promise<void> {
    const need = needOf(question);
    if (!need) return;
    this.siting.need = need;
    await this.siting.ask();
    this.siting.own = partnersOf(question);
    this.use.link.renote();
  }

  async compare({ id }: SavedSearch): Promise<void> {
    this.asking.abort();
    this.asking = new AbortController();
    const { signal } = this.asking;
    this.replay = null;
    await this.quietly(async () => {
      const replay = await replaySearch(this.wire, id, signal);
      if (!signal.aborted) this.replay = replay;
    });
  }

  private get wire() {
    return this.use.session.wire;
  }

  private async quietly(work: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.problem = null;
    try {
      await work();
    } catch (error) {
      this.problem = this.use.session.say(error);
    }
    this.busy = false;
  }
}
