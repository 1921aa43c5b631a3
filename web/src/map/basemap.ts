import { EtagMismatch, PMTiles, type RangeResponse, type Source } from 'pmtiles';
import type { BBox } from '../core/feed';
import { basemapUrl, forgetRanges, readRange } from './ranges';

const source: Source = {
  getKey: () => basemapUrl,
  async getBytes(offset, length, signal, etag): Promise<RangeResponse> {
    const { data, etag: now } = await readRange(offset, length);
    signal?.throwIfAborted();
    if (etag && now && now !== etag) {
      forgetRanges();
      throw new EtagMismatch(`the basemap was ${etag} and is ${now}`);
    }
    return { data, ...(now && { etag: now }) };
  },
};

/** Land and coast around the park. */
export const basemap = new PMTiles(source);

/** Asks for the tile under a park, which the map will want; what fails is asked for again by the map. */
export async function fetchGround([west, south, east, north]: BBox): Promise<void> {
  const { maxZoom } = await basemap.getHeader();
  const tiles = 2 ** maxZoom;
  const lat = ((south + north) / 2) * (Math.PI / 180);
  const x = (((west + east) / 2 + 180) / 360) * tiles;
  const y = (0.5 - Math.asinh(Math.tan(lat)) / (2 * Math.PI)) * tiles;
  await basemap.getZxy(maxZoom, Math.floor(x), Math.floor(y));
}
