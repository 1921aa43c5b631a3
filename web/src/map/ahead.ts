import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import type { BBox } from '../core/feed';

/**
 * Asks at once for what the map needs from the server: its code and its worker's. The worker is started once the code
 * runs, and then comes from the browser's cache.
 */
export function fetchMap(): Promise<typeof import('./parkmap')> {
  void fetch(workerUrl).catch(() => undefined);
  return import('./parkmap');
}

/** Asks for the ground under a park while the map's code is on its way. */
export function fetchGround(bbox: BBox): void {
  void import('./basemap').then((basemap) => basemap.fetchGround(bbox)).catch(() => undefined);
}
