/** Where the land and coast around the park are read from. */
export const basemapUrl = `${location.origin}/basemap/land.pmtiles`;

/** How many parts are kept: the view's, and those around it. */
const KEPT = 64;

export interface Range {
  data: ArrayBuffer;
  etag: string | undefined;
}

/** Parts by their address, the oldest first. Many tiles of open land or sea are one part. */
const parts = new Map<string, Promise<Range>>();

/**
 * A part of the basemap. It has an address of its own: of one address the browser's cache fetches parts one after the
 * other. Rejects where the server does not give it, and may then be asked for again.
 */
export function readRange(offset: number, length: number): Promise<Range> {
  const range = `${offset}-${offset + length - 1}`;
  const known = parts.get(range);
  if (known) return known;
  const part = fetchRange(range);
  parts.set(range, part);
  const [oldest] = parts.keys();
  if (parts.size > KEPT && oldest !== undefined) parts.delete(oldest);
  part.catch(() => parts.delete(range));
  return part;
}

async function fetchRange(range: string): Promise<Range> {
  const answer = await fetch(`${basemapUrl}?bytes=${range}`, { headers: { Range: `bytes=${range}` } });
  if (answer.status !== 206) throw new Error(`${basemapUrl}: ${answer.status}`);
  return { data: await answer.arrayBuffer(), etag: answer.headers.get('ETag') ?? undefined };
}

/** The basemap was replaced: its parts are read anew. */
export function forgetRanges(): void {
  parts.clear();
}
