import type { EnquirySent, EnquiryTerms } from '../core/api';
import { solve, type Challenge } from '../core/proof';
import { placesOf, requirementOf, type SiteNeed } from '../core/need';
import type { Wire } from '../core/wire';
import type { Kept } from '../core/kept';

/** What is typed in the form, and what goes with it. */
export interface Draft {
  name: string;
  organisation: string;
  phone: string;
  email: string;
  words: string;
  consent: boolean;
  need: SiteNeed | null;
  places: readonly Kept[];
}

const pathOf = (park: string, of: 'enquiries' | 'enquiry-terms'): string =>
  `/api/parks/${encodeURIComponent(park)}/${of}`;

export const readTerms = (wire: Wire, park: string): Promise<EnquiryTerms> =>
  wire.ask(pathOf(park, 'enquiry-terms'));

/** Does the work of a challenge in a worker; where the browser starts none, here. */
export function work(challenge: Challenge): Promise<number[]> {
  return new Promise((done) => {
    const here = (): void => done(solve(challenge));
    let worker: Worker;
    try {
      worker = new Worker(new URL('./proof.worker.ts', import.meta.url), { type: 'module' });
    } catch {
      here();
      return;
    }
    worker.onmessage = ({ data }: MessageEvent<number[]>) => {
      worker.terminate();
      done(data);
    };
    worker.onerror = () => {
      worker.terminate();
      here();
    };
    worker.postMessage(challenge);
  });
}

/** What is sent: texts without what surrounds them, and nothing for what was left empty. */
export function bodyOf(draft: Draft, challenge: string, numbers: readonly number[]): Record<string, unknown> {
  const texts = (['name', 'organisation', 'phone', 'email', 'words'] as const).flatMap((field) => {
    const text = draft[field].trim();
    return text || field === 'name' || field === 'organisation' ? [[field, text] as const] : [];
  });
  return {
    ...Object.fromEntries(texts),
    consent: draft.consent,
    ...(draft.need && { need: { ...requirementOf(draft.need), ...placesOf(draft.need) } }),
    ...(draft.places.length > 0 && { places: draft.places }),
    proof: { challenge, numbers },
  };
}

/** Sends an enquiry. Each gets a challenge of its own: one that was fetched with the form may have ended. */
export async function send(
  wire: Wire,
  park: string,
  draft: Draft,
  worked: typeof work = work,
): Promise<EnquirySent> {
  const { challenge } = await readTerms(wire, park);
  const numbers = await worked(challenge);
  return wire.ask(pathOf(park, 'enquiries'), {
    method: 'POST',
    body: bodyOf(draft, challenge.text, numbers),
  });
}

/** The field of the form that a refused field of the body belongs to; null: none of them. */
export function fieldOf(path: string | undefined): keyof Draft | null {
  const [first = ''] = path?.replace(/^body\./, '').split(/[.[]/) ?? [];
  const fields = ['name', 'organisation', 'phone', 'email', 'words', 'consent', 'need', 'places'] as const;
  return fields.find((field) => field === first) ?? null;
}
