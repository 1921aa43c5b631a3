import { askHeat, bestPlaces, type HeatAnswer, type HeatQuestion, type Over } from '../core/heat';
import { Refusal } from '../core/wire';
import type { Surface } from '../map/heat';
import { wordsOf } from '../core/wire';
import type { Words } from '../kit/words.svelte';
import type { Land } from '../state/land.svelte';
import type { Session } from '../state/session.svelte';

/** Who asks for a surface: only while they are shown does it stand. */
interface Asker {
  readonly shown: boolean;
  readonly wording: HeatQuestion | null;
}

/** So many of the best places are named. */
const BEST = 6;

/**
 * The score of the ground as a surface: by all that was asked, or by one measure of it; over the park or its
 * district.
 */
export class Heat {
  on = $state(false);
  /** A measure; "": the whole score. */
  by = $state('');
  over = $state<Over>('park');
  flat = $state(false);
  busy = $state(false);
  problem = $state<string | null>(null);
  /** How many cells stand on the map, in sight; null while they don't yet. */
  standing = $state<number | null>(null);
  private taken = $state.raw<{ park: string; answer: HeatAnswer } | null>(null);
  private asking = new AbortController();

  constructor(
    private readonly asker: Asker,
    private readonly use: { land: Land; session: Session; words: Words },
  ) {}

  /** The answer, where it is about the park that is open. */
  readonly answer = $derived.by(() =>
    this.on && this.taken?.park === this.use.land.park?.code ? (this.taken?.answer ?? null) : null,
  );
  /** What stands on the map; null: nothing. */
  readonly shown = $derived.by<Surface | null>(() => {
    const { answer, flat } = this;
    return answer && this.asker.shown ? { ...answer, flat } : null;
  });
  readonly best = $derived.by(() => bestPlaces(this.answer?.features ?? [], BEST));

  async raise(): Promise<void> {
    this.on = true;
    await this.again();
  }

  lay(): void {
    this.asking.abort();
    this.on = false;
    this.busy = false;
    this.problem = null;
    this.taken = null;
    this.by = '';
    this.over = 'park';
  }

  /** Asks for the surface of what is asked now. */
  async again(): Promise<void> {
    const { use } = this;
    const { wording } = this.asker;
    if (!this.on || !wording) return;
    this.asking.abort();
    this.asking = new AbortController();
    const { signal } = this.asking;
    this.busy = true;
    this.problem = null;
    try {
      const how = { over: this.over, district: this.taken?.answer.district, by: this.by };
      const answer = await askHeat(use.session.wire, wording, how, signal);
      if (signal.aborted) return;
      this.taken = { park: wording.park, answer };
    } catch (error) {
      if (signal.aborted) return;
      if (this.forgets(error)) return await this.again();
      this.problem = error instanceof Refusal ? wordsOf(error) : use.words.t('web.match.heat.broken');
    }
    this.busy = false;
  }

  /** What is asked now may not have the measure that was shown: the whole score is, instead. */
  private forgets(error: unknown): boolean {
    if (this.by === '' || !(error instanceof Refusal) || error.problem.field !== 'by') return false;
    this.by = '';
    return true;
  }
}
