import type { LedgerColumn, LedgerDecision, LedgerImport, LedgerPlan } from '../core/api';
import type { Session } from '../state/session.svelte';

/** A ledger takes longer than other answers. */
const PATIENCE_MS = 60_000;

/** A file's bytes in base64. */
export function base64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 0x8000)
    text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}

/** A ledger that is looked at before it is taken in: the file, what its columns mean, what was decided of its rows. */
export class Ledger {
  name = $state('');
  park = $state('');
  asOf = $state('');
  plan = $state.raw<LedgerPlan | null>(null);
  past = $state.raw<readonly LedgerImport[]>([]);
  made = $state.raw<LedgerImport | null>(null);
  busy = $state<'reading' | 'taking' | null>(null);
  problem = $state<string | null>(null);
  decisions = $state.raw<readonly LedgerDecision[]>([]);
  private columns: readonly LedgerColumn[] | null = null;
  private file = '';
  private asked = 0;

  constructor(private readonly session: Session) {}

  /** Whether nothing stands in the way of taking it in. */
  readonly clear = $derived(
    this.plan !== null && this.plan.faults.length === 0 && this.plan.ask === 0 && this.plan.taken === null,
  );

  async list(): Promise<void> {
    try {
      this.past = (await this.session.wire.ask<{ ledgers: LedgerImport[] }>('/api/ledgers')).ledgers;
    } catch (error) {
      this.problem = this.session.say(error);
    }
  }

  async choose(file: File): Promise<void> {
    this.name = file.name;
    this.file = base64(new Uint8Array(await file.arrayBuffer()));
    this.plan = null;
    this.made = null;
    this.columns = null;
    this.decisions = [];
    await this.look();
  }

  /** Says what a column means; the rest stays as it was read. */
  async mean(column: string, part: Partial<LedgerColumn>): Promise<void> {
    this.columns = (this.columns ?? this.plan?.columns ?? []).map((c) =>
      c.column === column ? { ...c, ...part } : c,
    );
    await this.look();
  }

  async decide(row: number, decision: Omit<LedgerDecision, 'row'> | null): Promise<void> {
    const before = this.decisions.find((d) => d.row === row);
    const others = this.decisions.filter((d) => d.row !== row);
    this.decisions = decision ? [...others, { ...before, ...decision, row }] : others;
    await this.look();
  }

  /** Reads the file again, with all that was said. */
  async look(): Promise<void> {
    if (!this.file || !this.asOf) return;
    const mine = ++this.asked;
    await this.attempt('reading', async () => {
      const plan = await this.send<LedgerPlan>('/api/ledgers/preview');
      if (mine === this.asked) this.plan = plan; // what was said meanwhile is asked with the next one
    });
  }

  async take(): Promise<void> {
    await this.attempt('taking', async () => {
      this.made = await this.send<LedgerImport>('/api/ledgers');
      this.plan = null;
      this.file = '';
      await this.list();
    });
  }

  private send<T>(path: string): Promise<T> {
    const body = {
      name: this.name,
      file: this.file,
      as_of: this.asOf,
      decisions: this.decisions,
      ...(this.park && { park: this.park }),
      ...(this.columns && { columns: this.columns }),
    };
    return this.session.wire.ask<T>(path, { method: 'POST', body, timeoutMs: PATIENCE_MS });
  }

  private async attempt(what: 'reading' | 'taking', work: () => Promise<void>): Promise<void> {
    this.busy = what;
    this.problem = null;
    try {
      await work();
    } catch (error) {
      this.problem = this.session.say(error);
    } finally {
      this.busy = null;
    }
  }
}
