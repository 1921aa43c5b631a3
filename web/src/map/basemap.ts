import { EtagMismatch, PMTiles, type RangeResponse, type Source } from 'pmtiles';
import { basemapUrl, forgetHead, readHead, readRange } from './ranges';

const source: Source = {
  getKey: () => basemapUrl,
  async getBytes(offset, length, signal, etag): Promise<RangeResponse> {
    const { data, etag: now } = await (offset === 0 ? readHead() : readRange(offset, length, signal));
    if (etag && now && now !== etag) {
      forgetHead();
      throw new EtagMismatch(`the basemap was ${etag} and is ${now}`);
    }
    return { data, ...(now && { etag: now }) };
  },
};

/** Land and coast around the park. */
export const basemap = new PMTiles(source);
