import { createContext } from 'svelte';
import type { Pages } from '../register/pages.svelte';
import type { Panels } from '../state/panel.svelte';
import type { Selection } from '../state/selection.svelte';

/** Whether something stands in the side panel. */
export class Side {
  constructor(private readonly use: { pages: Pages; panels: Panels; selection: Selection }) {}

  readonly shown = $derived.by(() => {
    const { pages, panels, selection } = this.use;
    return (
      selection.selected !== null ||
      selection.order.underWay ||
      panels.open !== null ||
      pages.shown ||
      selection.chosen.length > 1
    );
  });
}

export const [useSide, provideSide] = createContext<Side>();
