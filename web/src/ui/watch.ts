/** How often an open page asks whether its park changed, in ms. */
const POLL_MS = 10_000;

/** Asks now and then whether something changed, while the reader looks at the page. */
export class Watch {
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `look` may reject: the next look comes all the same. */
  constructor(private readonly look: (signal: AbortSignal) => Promise<void>) {}

  stop(): void {
    clearTimeout(this.timer);
  }

  /** Looks until the signal is aborted. */
  start(signal: AbortSignal): void {
    this.stop();
    this.timer = setTimeout(async () => {
      if (document.visibilityState === 'visible') {
        try {
          await this.look(signal);
        } catch {
          if (signal.aborted) return;
        }
      }
      if (!signal.aborted) this.start(signal);
    }, POLL_MS);
  }
}
