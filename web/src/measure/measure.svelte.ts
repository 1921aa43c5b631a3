import { createContext } from 'svelte';
import { emptyDraft, finish, LINE, RING, withoutLast, type Draft } from '../core/draw';
import { areaOf, lengthOf } from '../core/geodesic';

/** What is measured: the length of a line, or the area of a ring. */
export type Measured = 'length' | 'area';

/** A line or a ring that the reader draws to measure it. */
export class Measure {
  /** What is measured; null: nothing. */
  of = $state<Measured | null>(null);
  draft = $state.raw<Draft>(emptyDraft);

  readonly points = $derived.by(() => this.draft.points.length);
  readonly least = $derived.by(() => (this.of === 'area' ? RING : LINE));
  /** The length of what is drawn, in metres: of a ring all around. */
  readonly lengthM = $derived.by(() => {
    const { points } = this.draft;
    return lengthOf(
      this.of === 'area' && points.length >= RING ? [...points, ...points.slice(0, 1)] : points,
    );
  });
  /** The area of the ring in m²; null where there is none yet. */
  readonly areaM2 = $derived.by(() =>
    this.of === 'area' && this.points >= RING ? areaOf(this.draft.points) : null,
  );

  begin(of: Measured): void {
    this.of = of;
    this.draft = emptyDraft;
  }

  end(): void {
    this.of = null;
    this.draft = emptyDraft;
  }

  undo(): void {
    this.draft = withoutLast(this.draft);
  }

  finish(): void {
    this.draft = finish(this.draft, this.least);
  }

  clear(): void {
    this.draft = emptyDraft;
  }
}

export const [useMeasure, provideMeasure] = createContext<Measure>();
