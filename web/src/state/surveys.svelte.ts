import type { SurveyAnswer } from '../core/api';
import type { Lang } from '../core/message';
import type { Plane } from '../core/projection';
import {
  isGeoJson,
  opened,
  readGeoJson,
  surveyOf,
  writeSurvey,
  type Rings,
  type Surveyed,
  type Wanted,
} from '../core/survey';
import { Refusal, wordsOf, type Wire } from '../core/wire';

/** Whose texts are read. */
export interface SurveyPlace {
  park: string;
  plane: Plane | null;
  lang: Lang;
}

/** How long a text that is being typed is left alone before it is read, in ms. */
const PAUSE_MS = 300;
/** How many readings are kept. */
const KEPT = 20;

/**
 * What texts of surveys say. The server reads them, by the reader that imports use; what the page wrote itself and
 * GeoJSON it need not ask about. What was read of a text is known from then on.
 */
export class Surveys {
  private known = $state.raw<ReadonlyMap<string, Surveyed>>(new Map());
  private readonly asked = new Map<string, Promise<Surveyed>>();
  private pause: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly wire: Pick<Wire, 'ask'>,
    private readonly place: () => SurveyPlace,
  ) {}

  /** Writes rings as a text, of which is known what it says. */
  write(rings: Rings, wanted: Wanted = 'area'): string {
    const { plane } = this.place();
    const text = writeSurvey(rings, plane);
    this.keep(this.key(text, wanted), { rings: rings.map(opened) });
    return text;
  }

  /** What a text says, as far as it is known; null: it will be asked for in a moment, and known then. */
  read(text: string, wanted: Wanted = 'area'): Surveyed | null {
    const here = this.here(text, wanted);
    if (here) return here;
    clearTimeout(this.pause);
    this.pause = setTimeout(() => void this.ask(text, wanted), PAUSE_MS);
    return null;
  }

  /** What a text says, asked for at once where it isn't known. */
  ask(text: string, wanted: Wanted = 'area'): Promise<Surveyed> {
    const here = this.here(text, wanted);
    if (here && !isSilence(here)) return Promise.resolve(here);
    const key = this.key(text, wanted);
    const asked = this.asked.get(key) ?? this.send({ text, figure: wanted });
    this.asked.set(key, asked);
    return asked.then((read) => {
      this.asked.delete(key);
      this.keep(key, read);
      return read;
    });
  }

  /** What a file says, whatever its encoding. */
  async file(file: Blob, wanted: Wanted = 'area'): Promise<Surveyed> {
    const bytes = new Uint8Array(await file.arrayBuffer());
    let binary = '';
    for (const byte of bytes) binary += String.fromCharCode(byte);
    return this.send({ file: btoa(binary), figure: wanted });
  }

  private here(text: string, wanted: Wanted): Surveyed | undefined {
    if (text.trim() === '') return { rings: [] };
    if (isGeoJson(text)) return readGeoJson(text.trim(), this.place().plane);
    return this.known.get(this.key(text, wanted));
  }

  private async send(body: object): Promise<Surveyed> {
    try {
      const path = `/api/parks/${encodeURIComponent(this.place().park)}/survey-text`;
      return surveyOf(await this.wire.ask<SurveyAnswer>(path, { method: 'POST', body }));
    } catch (error) {
      return error instanceof Refusal ? { faults: [wordsOf(error)] } : { problem: 'web.survey.silent' };
    }
  }

  private key(text: string, wanted: Wanted): string {
    const { park, lang } = this.place();
    return [park, lang, wanted, text].join('\n');
  }

  private keep(key: string, read: Surveyed): void {
    this.known = new Map([...this.known, [key, read] as const].slice(-KEPT));
  }
}

const isSilence = (read: Surveyed): boolean => 'problem' in read && read.problem === 'web.survey.silent';
