/** How long a passing notice stays, in ms. */
const STAYS_MS = 6_000;

/** A passing word to the reader: the latest replaces what was there. */
export class Notice {
  text = $state<string | null>(null);
  private timer: ReturnType<typeof setTimeout> | undefined;

  tell(text: string): void {
    this.text = text;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.text = null), STAYS_MS);
  }
}
