import { base64Of, MOST_BYTES } from '../papers/paper';
import { Refusal, type Wire } from '../core/wire';

/** A large file takes its time. */
const TIMEOUT_MS = 120_000;

/** The file is larger than the server takes. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

/** A chosen file in Base64, as the server takes it; undefined: none was chosen. */
export async function fileOf(files: FileList | null | undefined): Promise<string | undefined> {
  const file = files?.[0];
  if (!file) return undefined;
  if (file.size > MOST_BYTES) throw new TooLarge();
  return base64Of(new Uint8Array(await file.arrayBuffer()));
}

/** Sends changes, each under a key of its own: one that nobody answered is sent again under the same. */
export class Sender {
  private sent: { text: string; key: string } | null = null;

  constructor(private readonly wire: Wire) {}

  async post<T>(path: string, body: object): Promise<T> {
    const text = path + JSON.stringify(body);
    if (this.sent?.text !== text) this.sent = { text, key: crypto.randomUUID() };
    try {
      const headers = { 'Idempotency-Key': this.sent.key };
      const answer = await this.wire.ask<T>(path, { method: 'POST', body, headers, timeoutMs: TIMEOUT_MS });
      this.sent = null;
      return answer;
    } catch (error) {
      if (error instanceof Refusal) this.sent = null;
      throw error;
    }
  }
}
