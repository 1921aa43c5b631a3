/** Where the land and coast around the park are read from. */
export const basemapUrl = `${location.origin}/basemap/land.pmtiles`;

/** How much of an archive tells what is where in it: what PMTiles reads first. */
const HEAD_BYTES = 16_384;

export interface Range {
  data: ArrayBuffer;
  etag: string | undefined;
}

/**
 * A part of the basemap, under an address of its own: of one address the browser's cache fetches parts one after the
 * other. Rejects where the server does not give it.
 */
export async function readRange(offset: number, length: number, signal?: AbortSignal): Promise<Range> {
  const last = offset + length - 1;
  const answer = await fetch(`${basemapUrl}?bytes=${offset}-${last}`, {
    headers: { Range: `bytes=${offset}-${last}` },
    signal: signal ?? null,
  });
  if (answer.status !== 206) throw new Error(`${basemapUrl}: ${answer.status}`);
  return { data: await answer.arrayBuffer(), etag: answer.headers.get('ETag') ?? undefined };
}

let head: Promise<Range> | null = null;

/** The head of the basemap: asked for early, while the map's own code is on its way, and kept unless it fails. */
export function readHead(): Promise<Range> {
  head ??= readRange(0, HEAD_BYTES).catch((error: unknown) => {
    head = null;
    throw error;
  });
  return head;
}

/** The basemap was replaced: its head is read anew. */
export function forgetHead(): void {
  head = null;
}
