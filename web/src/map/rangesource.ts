import { EtagMismatch, type RangeResponse, type Source } from 'pmtiles';
import type { Failure } from '../core/background';

/** A tile file that is read in ranges, of this server or of another. */
export class RangeSource implements Source {
  constructor(
    private readonly address: string,
    /** Told why a part didn't come, and null of one that did. */
    private readonly tell: (failure: Failure | null) => void,
  ) {}

  getKey(): string {
    return this.address;
  }

  async getBytes(
    offset: number,
    length: number,
    signal?: AbortSignal,
    etag?: string,
  ): Promise<RangeResponse> {
    const range = `${offset}-${offset + length - 1}`;
    let answer: Response;
    try {
      answer = await fetch(addressOf(this.address, range), {
        headers: { Range: `bytes=${range}` },
        credentials: 'omit',
        referrerPolicy: 'origin',
        ...(signal && { signal }),
      });
    } catch (error) {
      if (!signal?.aborted) this.tell(0);
      throw error;
    }
    // 200 would be the whole file, which may be gigabytes
    this.tell(answer.status === 206 ? null : answer.status);
    if (answer.status !== 206) {
      await answer.body?.cancel();
      throw new Error(`${this.address}: ${answer.status}`);
    }
    const now = strong(answer.headers.get('ETag'));
    if (etag && now && now !== etag) throw new EtagMismatch(`the file was ${etag} and is ${now}`);
    return { data: await answer.arrayBuffer(), ...(now && { etag: now }) };
  }
}

/** A tag that names the very bytes. */
const strong = (tag: string | null): string | undefined =>
  tag?.startsWith('W/') ? undefined : (tag ?? undefined);

/**
 * A part of a file of this server has an address of its own: of one address the browser's cache fetches parts one after
 * the other. Of another server's addresses nothing is known.
 */
function addressOf(address: string, range: string): string {
  return address.startsWith('/') ? `${address}?bytes=${range}` : address;
}
