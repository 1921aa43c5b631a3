/** Works of one kind that may overlap: the one that began last counts, and the others wait for it. */
export class Latest {
  /** How many were begun. */
  begun = 0;
  private last: Promise<void> = Promise.resolve();

  /**
   * Runs a work, which asks before it takes anything over whether it was overtaken. An overtaken one ends, and
   * fails, as the last does.
   */
  run(work: (overtaken: () => boolean) => Promise<void>): Promise<void> {
    const number = ++this.begun;
    const overtaken = (): boolean => number !== this.begun;
    this.last = work(overtaken)
      .catch((error: unknown) => {
        if (!overtaken()) throw error;
      })
      .then(() => (overtaken() ? this.last : undefined));
    return this.last;
  }

  /** Waits until none is under way. */
  async settled(): Promise<void> {
    await this.last.catch(() => undefined);
  }
}
