import { askHeat, type HeatCell } from '../core/match';
import type { Siting } from './siting.svelte';

/** The score of the ground as a surface: by all that was asked, or by one measure of it. */
export class Heat {
  on = $state(false);
  /** A measure; "": the whole score. */
  by = $state('');
  broken = $state(false);
  private cells = $state.raw<readonly HeatCell[]>([]);
  private asking = new AbortController();

  constructor(private readonly siting: Siting) {}

  /** What the map raises; null: nothing. */
  readonly shown = $derived.by(() =>
    this.on && this.siting.shown && this.siting.answer ? this.cells : null,
  );

  async raise(): Promise<void> {
    this.on = true;
    await this.again();
  }

  lay(): void {
    this.asking.abort();
    this.on = false;
    this.cells = [];
    this.by = '';
  }

  /** Asks for the surface of the present answer. */
  async again(): Promise<void> {
    const { wording, desk, answer } = this.siting;
    if (!this.on || !wording || !answer) return;
    this.asking.abort();
    this.asking = new AbortController();
    const { signal } = this.asking;
    this.broken = false;
    if (!answer.criteria.some(({ measure, want }) => measure === this.by && want)) this.by = '';
    try {
      const cells = await askHeat(desk.planner.wire, wording, this.by, signal);
      if (!signal.aborted) this.cells = cells;
    } catch {
      if (!signal.aborted) this.broken = true;
    }
  }
}
