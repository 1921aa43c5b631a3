import {
  askHeat,
  bestPlaces,
  byScore,
  cellBeside,
  cellsOf,
  type HeatAnswer,
  type HeatQuestion,
  type Over,
  type Way,
} from '../core/heat';
import type { Weights } from '../core/need';
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
  /** How wishes count otherwise than was asked. */
  readonly surfaceWeights?: Weights | undefined;
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
  /** The cell that the reader chose, by its number, and the one under the pointer. */
  private chosenId = $state<number | null>(null);
  private atId = $state<number | null>(null);
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
  /** The cell on which each of the best is named. */
  readonly bestCells = $derived.by(() => cellsOf(this.answer?.features ?? [], this.best));
  private readonly cells = $derived.by(() => byScore(this.answer?.features ?? []));
  readonly chosen = $derived.by(() => this.cells.find(({ id }) => id === this.chosenId) ?? null);
  readonly at = $derived.by(() => this.cells.find(({ id }) => id === this.atId) ?? null);
  /** Which of the cells, the best first, is chosen; 0: none. */
  readonly place = $derived.by(() => (this.chosen ? this.cells.indexOf(this.chosen) + 1 : 0));

  /** Chooses a cell; null: none. */
  choose(id: number | null): void {
    this.chosenId = id;
  }

  /** The pointer is at a cell; null: at none. */
  point(id: number | null): void {
    this.atId = id;
  }

  /** Chooses a cell by its place in the order of scores, from 1; at the ends it stays. */
  go(place: number): void {
    const at = Math.min(this.cells.length, Math.max(1, place)) - 1;
    this.choose(this.cells[at]?.id ?? null);
  }

  /** Chooses the cell beside the chosen one; the best where none is chosen. */
  walk(way: Way): void {
    const next = this.chosen ? cellBeside(this.cells, this.chosen, way) : this.cells[0];
    if (next) this.choose(next.id);
  }

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
    this.chosenId = null;
    this.atId = null;
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
      const { surfaceWeights: weights } = this.asker;
      const question = { ...wording, ...(weights && { weights }) };
      const answer = await askHeat(use.session.wire, question, how, signal);
      if (signal.aborted) return;
      this.taken = { park: wording.park, answer };
      this.chosenId = null;
      this.atId = null;
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
