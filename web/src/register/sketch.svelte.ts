import { untrack } from 'svelte';
import type { ParkMap } from '../map/parkmap';
import type { Desk } from '../state/desk.svelte';
import { groundOf } from '../order/overlay.svelte';

/** Lets the map be drawn on for the form of something that stands on the ground. Call while a component starts. */
export function sketch(deskOf: () => Desk, mapOf: () => ParkMap | null): void {
  const desk = deskOf();
  const { pages } = desk;
  const { things } = pages;
  const drawing = $derived(things.draft !== null && pages.shown);
  $effect(() => {
    const tool = mapOf()?.tool;
    if (!tool || !drawing) return;
    untrack(() => {
      const { draft, closes } = things;
      if (draft)
        tool.start(groundOf(desk, desk.content?.parcels ?? [], closes), draft, {
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
