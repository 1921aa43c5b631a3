import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { readHead } from './ranges';

/**
 * Asks at once for all that the map needs from the server: its code, its worker's and the basemap's head. The worker is
 * started once the code runs, and then comes from the browser's cache.
 */
export function fetchMap(): Promise<typeof import('./parkmap')> {
  void fetch(workerUrl).catch(() => undefined);
  void readHead().catch(() => undefined);
  return import('./parkmap');
}
