import type { PaperChange } from '../core/api';
import type { Drafts } from '../core/drafts';
import { isUnsure, type Wire } from '../core/wire';

/** A paper that was sent to be added: the same again is added once, so it goes as it was. */
interface Sent {
  key: string;
  version: number;
  reason: string;
  title: string;
  /** The papers that there were. */
  had: readonly string[];
  /** The paper that it became, once a list shows it. */
  made?: string;
}

/** What tells papers apart without their files. */
interface Titled {
  kind?: string;
  title_zh?: string | null;
  title_en?: string | null;
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

const titleOf = ({ kind, title_zh: zh, title_en: en }: Titled): string =>
  JSON.stringify([kind, zh?.trim() ?? null, en?.trim() ?? null]);

const addsTo = (park: string, parcel: string): string => `addpaper.${park}.${parcel}.`;

/**
 * Sends one record of a parcel's papers. Where nobody answers an added paper, what was sent is kept in the browser
 * under the name of its content, until the same is sent again and answered: it is added once. A change of a paper has
 * a new key each time: its version refuses what is out of date, and the same change may be meant anew later.
 */
export async function sendPaper(
  { wire, drafts }: { wire: Wire; drafts: Drafts },
  park: string,
  parcel: { id: string; version: number; papers: readonly { id: string }[] },
  reason: string,
  paper: PaperChange,
): Promise<void> {
  const named = addsTo(park, parcel.id) + nameOf(JSON.stringify(paper));
  const place = paper.id === undefined ? drafts.place<Sent>(named) : null;
  const sent = place?.read() ?? {
    key: crypto.randomUUID(),
    version: parcel.version,
    reason,
    title: titleOf(paper),
    had: parcel.papers.map(({ id }) => id),
  };
  place?.keep(sent);
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
    place?.drop();
  } catch (error) {
    if (!isUnsure(error)) place?.drop();
    throw error;
  }
}

/**
 * Looks for added papers that nobody answered in the parcel's list as it was just read. One that stood in it and is
 * gone was retired: the same again is a new paper. One that stands is kept, or sending it again would add it twice.
 */
export function settleAdded(
  drafts: Drafts,
  park: string,
  parcel: string,
  papers: readonly (Titled & { id: string })[],
): void {
  for (const name of drafts.names(addsTo(park, parcel))) {
    const place = drafts.place<Sent>(name);
    const sent = place.read();
    if (sent?.made !== undefined) {
      if (!papers.some(({ id }) => id === sent.made)) place.drop();
      continue;
    }
    const made = papers.find((paper) => sent?.title === titleOf(paper) && !sent.had.includes(paper.id));
    if (sent && made) place.keep({ ...sent, made: made.id });
  }
}
