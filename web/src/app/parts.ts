import type { Component } from 'svelte';
import type { Task } from '../order/task.svelte';
import { Later } from './later.svelte';
import { panelRows } from './panels';

/** What the page shows beside the panels of panels.ts. */
export const parts = {
  list: new Later(() => import('../browse/ParcelList.svelte')),
  strip: new Later(() => import('../browse/Strip.svelte')),
  facts: new Later(() => import('../parcel/Facts.svelte')),
  place: new Later(() => import('../parcel/PlaceFacts.svelte')),
  picked: new Later(() => import('../order/Picked.svelte')),
  pages: new Later(() => import('../register/Pages.svelte')),
};

/** Sites side by side, over the whole page. */
export const compare = new Later(() => import('../compare/Compare.svelte'));

/** The form of an order. */
export const orderForm = new Later<Component<{ task: Task }>>(() => import('../order/Order.svelte'));

let begun = false;

/** A reader who saves data is spared what may never be opened. */
const savesData = (): boolean =>
  (navigator as Navigator & { connection?: { saveData?: boolean } }).connection?.saveData ?? false;

/** Fetches what the first click on the map opens, as soon as there is a map to click on. */
export function fetchNext(): void {
  if (!savesData()) parts.facts.fetch().catch(() => undefined);
}

/**
 * Fetches what the first view can do without, one after the other, once it stands: then a click waits for nothing, and
 * the page goes on without its server.
 */
export function fetchRest(): void {
  if (begun || savesData()) return;
  begun = true;
  const rest = [...Object.values(parts), ...panelRows.map(({ component }) => component), orderForm, compare];
  const work = async (): Promise<void> => {
    for (const each of rest) await each.fetch().catch(() => undefined);
    await import('../map/slices').catch(() => undefined);
  };
  // Safari has no requestIdleCallback
  if ('requestIdleCallback' in window) requestIdleCallback(() => void work());
  else setTimeout(() => void work());
}
