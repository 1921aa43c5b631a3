/** One piece of work at a time on the server's side, whose failure is told in words. */
export class Work {
  busy = $state(false);
  problem = $state<string | null>(null);

  constructor(private readonly say: (error: unknown) => string) {}

  async run(work: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.problem = null;
    try {
      await work();
    } catch (error) {
      this.problem = this.say(error);
    } finally {
      this.busy = false;
    }
  }
}
