import { PMTiles } from 'pmtiles';

/** Where the land and coast around the park are read from. */
export const basemapUrl = `${location.origin}/basemap/land.pmtiles`;

/** The archive, which reads its head once: early, while the map's own code is on its way. */
export const basemap = new PMTiles(basemapUrl);

/** Reads the head ahead; where it fails, the map reads it again and says why it cannot. */
export function openBasemap(): void {
  void basemap.getHeader().catch(() => undefined);
}
