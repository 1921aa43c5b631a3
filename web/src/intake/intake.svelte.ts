import type { ImportReport } from '../core/api';
import { quietly, shelfOf } from '../core/shelf';
import { Refusal } from '../core/wire';
import type { Words } from '../kit/words.svelte';
import type { Land } from '../state/land.svelte';
import type { Session } from '../state/session.svelte';
import type { Intake } from './found.svelte';
import { asksToRetire, keyOf, queryOf, recall, type Choices, type Filling } from './mapping';
import { sendFile, type Progress } from './sending';

interface Use {
  intake: Intake;
  land: Land;
  session: Session;
  words: Words;
}

/** Whether what the file misses stands on the map. */
export const showsMissing = (report: ImportReport): boolean => report.missing_count <= report.read;

/** A file that is looked at before it is taken in: sent twice, once to see and once to write. */
export class Importing {
  file = $state.raw<File | null>(null);
  choices = $state<Choices>({
    layer: 'parcels',
    update: true,
    publication: 'internal',
    crs: '',
    sourceLayer: '',
    skip: false,
    widen: false,
    snap: 0,
    retire: false,
    mapping: {},
  });
  report = $state.raw<ImportReport | null>(null);
  /** Whether the report was asked what would be proposed for retiring; and the request that went out last. */
  private retires = $state(false);
  private sent = false;
  /** The record that was made, or a file that changed nothing. */
  done = $state.raw<ImportReport | null>(null);
  progress = $state.raw<Progress | null>(null);
  busy = $state<'looking' | 'taking' | null>(null);
  problem = $state<string | null>(null);
  /** The columns were mapped as the last time that a file had them. */
  recalled = $state(false);
  /** The file's layers, where it has several. */
  layers = $state.raw<readonly string[]>([]);
  private readonly shelf = shelfOf(() => localStorage);
  private running: AbortController | null = null;
  private key = '';

  constructor(private readonly use: Use) {}

  /** Nothing stands in the way of taking it in. */
  readonly clear = $derived.by(() => {
    const { report } = this;
    if (!report || report.fault || this.busy || asksToRetire(this.choices) !== this.retires) return false;
    const refused = report.refused > 0 && !this.choices.skip;
    return !refused && this.keeps === null && report.made + report.changed + report.proposed > 0;
  });

  /** Why what the file lacks can't be proposed for retiring, where that is asked for; null: nothing is in the way. */
  readonly keeps = $derived.by((): 'held' | 'refused' | null => {
    const { report, choices } = this;
    if (!report || this.busy || !this.retires || !asksToRetire(choices)) return null;
    if (report.missing_count === 0 || report.proposed > 0) return null;
    return report.held > 0 ? 'held' : 'refused';
  });

  /** The file is all in the park already. */
  readonly same = $derived.by(() => {
    const { report } = this;
    if (!report || report.fault || report.refused > 0) return false;
    return report.made + report.changed + report.proposed === 0;
  });

  async choose(file: File): Promise<void> {
    this.file = file;
    this.done = this.report = null;
    this.layers = [];
    this.key = '';
    this.choices = { ...this.choices, mapping: {}, crs: '', sourceLayer: '', snap: 0, retire: false };
    await this.look();
  }

  async set(part: Partial<Choices>): Promise<void> {
    if (part.layer && part.layer !== this.choices.layer) part = { ...part, mapping: {}, retire: false };
    this.choices = { ...this.choices, ...part };
    if (this.file) await this.look();
  }

  /** Says what fills one of our fields; null leaves it to the server. */
  async fill(ours: string, filling: Filling | null): Promise<void> {
    const mapping = Object.fromEntries(
      Object.entries(this.choices.mapping).filter(([name]) => name !== ours),
    );
    await this.set({ mapping: filling ? { ...mapping, [ours]: filling } : mapping });
    if (this.key) quietly(() => this.shelf?.setItem(this.key, JSON.stringify(this.choices.mapping)));
  }

  /** Reads the file with all that was said; what was being read is left. */
  async look(): Promise<void> {
    this.done = null;
    await this.run('looking', async (signal) => {
      const report = await this.send({ dry_run: 'true' }, signal);
      this.take(report);
      if (this.key || report.columns.length === 0) return;
      // the first look tells the columns: what was said of the same ones before holds again
      this.key = keyOf(this.choices.layer, report.columns);
      const kept = recall(
        quietly(() => this.shelf?.getItem(this.key) ?? null),
        report.columns,
      );
      this.recalled = kept !== null;
      if (kept) {
        this.choices = { ...this.choices, mapping: kept };
        this.take(await this.send({ dry_run: 'true' }, signal));
      }
    });
  }

  /** Takes the file in, as one record. */
  async write(): Promise<void> {
    const { land } = this.use;
    const seen = this.report?.base_seq ?? 0;
    await this.run('taking', async (signal) => {
      const more = { dry_run: 'false', ...(seen > 0 && { seen: String(seen) }) };
      const report = await this.send(more, signal, { 'Idempotency-Key': crypto.randomUUID() });
      this.done = report;
      this.report = null;
      this.use.intake.drawn = [];
      await land.reread();
    });
  }

  stop(): void {
    this.running?.abort();
  }

  /** The panel closes: nothing of it stays on the map. */
  leave(): void {
    this.stop();
    this.use.intake.drawn = [];
  }

  private take(report: ImportReport): void {
    this.report = report;
    this.retires = this.sent;
    const { features = [] } = report.preview ?? {};
    // a file of a few parcels misses all the others: that is worth a look where it has most of the park
    const missing = showsMissing(report);
    this.use.intake.drawn = features.filter(({ properties }) => missing || properties.state !== 'missing');
    if (report.fault?.code === 'layer_ambiguous')
      this.layers = (report.fault.expected ?? '').split(', ').filter(Boolean);
  }

  private send(
    more: Record<string, string>,
    signal: AbortSignal,
    headers?: Record<string, string>,
  ): Promise<ImportReport> {
    const { land, words } = this.use;
    if (!this.file || !land.park) throw new Error('no file');
    this.sent = asksToRetire(this.choices);
    const query = queryOf(this.choices, this.file.name, more);
    const path = `/api/parks/${encodeURIComponent(land.park.code)}/imports?${query}`;
    return sendFile(path, this.file, {
      lang: words.lang,
      signal,
      tell: (progress) => (this.progress = progress),
      ...(headers && { headers }),
    });
  }

  private async run(what: 'looking' | 'taking', work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.running?.abort();
    const mine = (this.running = new AbortController());
    this.busy = what;
    this.problem = null;
    try {
      await work(mine.signal);
    } catch (error) {
      if (mine.signal.aborted) return;
      this.problem = this.use.session.say(error);
      // a refusal comes with the report that explains it
      if (error instanceof Refusal && error.problem.report) this.take(error.problem.report as ImportReport);
    } finally {
      if (this.running === mine) {
        this.busy = null;
        this.progress = null;
      }
    }
  }
}
