import { Refusal, wordsOf, type Problem } from '../core/wire';
import { nameOf } from './outlet';

/** How far a download is; null where none is under way. `all`: 0 where the server doesn't say. */
export interface Coming {
  done: number;
  all: number;
}

/** One download at a time: how far it is, and how it ended. */
export class Download {
  coming = $state.raw<Coming | null>(null);
  saved = $state<string | null>(null);
  /** Why it failed; '' where the line broke. */
  problem = $state<string | null>(null);
  private stopping: AbortController | null = null;

  stop(): void {
    this.stopping?.abort();
  }

  /** Fetches a file and hands it to the browser to save. */
  async fetch(address: string, otherwise: string, lang: string): Promise<void> {
    const stopping = new AbortController();
    this.stopping = stopping;
    this.coming = { done: 0, all: 0 };
    this.saved = this.problem = null;
    try {
      const answer = await fetch(address, {
        signal: stopping.signal,
        headers: { 'Accept-Language': lang },
        cache: 'no-cache',
      });
      if (!answer.ok) {
        this.problem = wordsOf(new Refusal((await answer.json()) as Problem));
        return;
      }
      const file = await this.read(answer);
      const name = nameOf(answer.headers.get('Content-Disposition'), otherwise);
      save(file, name);
      this.saved = name;
    } catch {
      if (!stopping.signal.aborted) this.problem = '';
    } finally {
      this.coming = null;
    }
  }

  private async read(answer: Response): Promise<Blob> {
    const all = Number(answer.headers.get('Content-Encoding') ? 0 : answer.headers.get('Content-Length'));
    const parts: Uint8Array<ArrayBuffer>[] = [];
    const reader = answer.body?.getReader();
    if (!reader) return answer.blob();
    for (let done = 0; ;) {
      const piece = await reader.read();
      if (piece.done) break;
      parts.push(piece.value);
      done += piece.value.length;
      this.coming = { done, all };
    }
    return new Blob(parts, { type: answer.headers.get('Content-Type') ?? '' });
  }
}

/** Has the browser save a file under a name. */
function save(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
