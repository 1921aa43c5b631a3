import type { Drafts } from '../core/drafts';
import { isUnsure, type Wire } from '../core/wire';

/** A record of papers that was sent: the same again is made once, so it goes as it was. */
interface Sent {
  key: string;
  version: number;
  reason: string;
}

/** A large file takes its time. */
const TIMEOUT_MS = 120_000;

/**
 * A short name for a text of megabytes (FNV-1a, twice). Where two had one name, the server would refuse the second
 * under the first's key.
 */
function nameOf(text: string): string {
  let [a, b] = [0x811c9dc5, 0x1b873593];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b);
  }
  return [a, b].map((part) => (part >>> 0).toString(36)).join('.');
}

/**
 * Sends one record of a parcel's papers. Where nobody answers, what was sent is kept in the browser under the name of
 * its paper, until the same paper is sent again and answered: it is added once.
 */
export async function sendPaper(
  { wire, drafts }: { wire: Wire; drafts: Drafts },
  park: string,
  parcel: { id: string; version: number },
  reason: string,
  paper: object,
): Promise<void> {
  const place = drafts.place<Sent>(`paper.${park}.${parcel.id}.${nameOf(JSON.stringify(paper))}`);
  const sent = place.read() ?? { key: crypto.randomUUID(), version: parcel.version, reason };
  place.keep(sent);
  try {
    await wire.ask(`/api/parks/${encodeURIComponent(park)}/records`, {
      method: 'POST',
      body: {
        kind: 'paper',
        reason: sent.reason,
        parcels: [{ id: parcel.id, version: sent.version }],
        paper,
      },
      headers: { 'Idempotency-Key': sent.key },
      timeoutMs: TIMEOUT_MS,
    });
    place.drop();
  } catch (error) {
    if (!isUnsure(error)) place.drop();
    throw error;
  }
}
