import { untrack } from 'svelte';
import type { ParkMap } from '../map/parkmap';
import { groundOf } from './overlay.svelte';
import type { Land } from '../state/land.svelte';
import type { Pages } from '../register/pages.svelte';

/** Lets the map be drawn on for the form of something that stands on the ground. Call while a component starts. */
export function sketch(use: { land: Land; pages: Pages }, mapOf: () => ParkMap | null): void {
  const { land, pages } = use;
  const { things } = pages;
  const drawing = $derived(things.draft !== null && pages.shown);
  $effect(() => {
    const tool = mapOf()?.tool;
    if (!tool || !drawing) return;
    untrack(() => {
      const { draft, closes } = things;
      if (draft)
        tool.start(groundOf(land, land.content?.parcels ?? [], closes), draft, {
          changed: (next) => things.drawn(next),
          cancelled: () => things.draw(),
        });
    });
    return () => tool.stop();
  });
  $effect(() => {
    if (things.draft && drawing) mapOf()?.tool.put(things.draft);
  });
}
