import { untrack } from 'svelte';
import type { ParkMap } from '../map/parkmap';
import { groundOf, nearBy } from './overlay.svelte';
import type { Land } from '../state/land.svelte';
import type { Pages } from '../register/pages.svelte';
import type { Sight } from '../state/sight.svelte';

/** Lets the map be drawn on for the form of something that stands on the ground. Call while a component starts. */
export function sketch(use: { land: Land; pages: Pages; sight: Sight }, mapOf: () => ParkMap | null): void {
  const { land, pages } = use;
  const { things } = pages;
  const drawing = $derived(things.draft !== null && pages.shown);
  $effect(() => {
    const tool = mapOf()?.tool;
    if (!tool || !drawing) return;
    untrack(() => {
      const { draft, closes } = things;
      if (draft)
        tool.start(groundOf(land, land.parcels, closes), draft, {
          changed: (next) => things.drawn(next),
          cancelled: () => things.draw(),
        });
    });
    return () => tool.stop();
  });
  $effect(() => {
    if (things.draft && drawing) mapOf()?.tool.put(things.draft);
  });
  $effect(() => {
    if (!drawing) return;
    mapOf()?.tool.among(groundOf(land, land.parcels, things.closes));
    nearBy(use);
  });
}
