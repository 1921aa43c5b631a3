import type { FeatureIdentifier, Map as MapLibreMap } from 'maplibre-gl';
import type { Parcel } from '../core/feed';
import { markData } from './data';
import type { Found } from './found';
import type { Sources } from './sources';

export type Mark = 'selected' | 'hovered' | 'neighbour';

/** Lowest first. */
const order = ['neighbour', 'hovered', 'selected'] as const;

interface Marked {
  of: Found['of'];
  id: string;
  mark: Mark;
}

/** What the marks are put on. */
interface Around {
  sources: Sources;
  /** The parcels whose shapes are here. */
  parcels(): readonly Parcel[];
  /** What draws a thing, in each source that has it. */
  drawnAs(found: Pick<Found, 'of' | 'id'>): FeatureIdentifier[];
}

/**
 * What is selected, pointed at or beside it. Parcels are outlined from a source of their own; other things, and the
 * parcel that is pointed at, have it as a state of what draws them.
 */
export class Marks {
  private readonly marked = new Map<string, Marked>();
  private readonly outlined: Record<Mark, readonly string[]> = { selected: [], hovered: [], neighbour: [] };
  private due = false;

  constructor(
    private readonly map: MapLibreMap,
    private readonly use: Around,
  ) {}

  /** Marks things, taking the mark from all others. */
  mark(mark: Mark, found: readonly Found[]): void {
    this.outlined[mark] = found.filter(({ of }) => of === 'parcel').map(({ id }) => id);
    this.outline();
    const states = found.filter(({ of }) => of !== 'parcel' || mark === 'hovered');
    const keep = new Set(states.map(({ id }) => `${mark} ${id}`));
    for (const [key, each] of this.marked) {
      if (each.mark !== mark || keep.has(key)) continue;
      for (const drawn of this.use.drawnAs(each)) this.map.removeFeatureState(drawn, mark);
      this.marked.delete(key);
    }
    for (const { of, id } of states) {
      const key = `${mark} ${id}`;
      if (this.marked.has(key)) continue;
      this.marked.set(key, { of, id, mark });
      this.set({ of, id, mark });
    }
  }

  /** Other shapes of parcels are here: outlines are drawn by them, all that changed at once in one go. */
  outline(): void {
    if (this.due) return;
    this.due = true;
    queueMicrotask(() => {
      this.due = false;
      const here = order.some((mark) => this.outlined[mark].length > 0) ? this.use.parcels() : [];
      this.use.sources.put(
        'marks',
        order.flatMap((mark) => markData(mark, this.outlined[mark], here)),
      );
    });
  }

  /** Sets the states of all that is marked: a source that came knows of none. */
  setAll(): void {
    for (const each of this.marked.values()) this.set(each);
  }

  private set({ of, id, mark }: Marked): void {
    for (const each of this.use.drawnAs({ of, id })) this.map.setFeatureState(each, { [mark]: true });
  }
}
