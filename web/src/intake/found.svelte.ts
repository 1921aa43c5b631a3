import type { Feature } from 'geojson';
import { createContext } from 'svelte';
import type { Land } from '../state/land.svelte';
import type { Panels } from '../state/panel.svelte';

/**
 * What the rest of the page knows of an import: a file that was dropped on the map, and what of it stands there. The
 * panel does the work.
 */
export class Intake {
  dropped = $state.raw<File | null>(null);
  drawn = $state.raw<readonly Feature[]>([]);

  constructor(private readonly use: { land: Land; panels: Panels }) {
    use.land.onLeave(() => (this.drawn = []));
  }

  /** A file that is dragged over the map, by whoever may import it, is taken from the browser. */
  over(event: DragEvent): void {
    if (this.use.land.may.plan && event.dataTransfer?.types.includes('Files')) event.preventDefault();
  }

  drop(event: DragEvent): void {
    const file = event.dataTransfer?.files[0];
    if (!file || !this.use.land.may.plan) return;
    event.preventDefault();
    this.dropped = file;
    this.use.panels.put('intake');
  }
}

export const [useIntake, provideIntake] = createContext<Intake>();
