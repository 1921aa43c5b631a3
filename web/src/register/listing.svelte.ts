import { Latest } from '../core/latest';
import type { Office, Project, Stage, Standing } from './register';

/** Rows put on the page at a time. */
const STEP = 100;

/** The most that one request gives. */
const MOST = 1000;

/** A page of a list: its rows, how many were asked for on all pages, how many there are, where the next begins. */
export interface Found<T> {
  rows: readonly T[];
  all: number;
  total: number;
  next: number | null;
}

/** A list that the server keeps, and as much of it as was read. */
export class Listing<T extends { id: string }> {
  /** Null before the first answer. */
  found = $state.raw<Found<T> | null>(null);
  private readonly reads = new Latest();

  constructor(private readonly ask: (from: number, limit: number) => Promise<Found<T>>) {}

  readonly rows = $derived.by((): readonly T[] => this.found?.rows ?? []);

  /** Reads anew no fewer rows than are shown; rejects as Wire does. */
  read(): Promise<void> {
    return this.take(Math.min(MOST, Math.max(STEP, this.rows.length)));
  }

  /** Forgets what was read, and what is being read. */
  clear(): void {
    this.found = null;
    void this.reads.run(() => Promise.resolve());
  }

  /** Begins anew with the first rows, as after another question. */
  begin(): Promise<void> {
    return this.take(STEP);
  }

  private take(limit: number): Promise<void> {
    return this.reads.run(async (overtaken) => {
      const found = await this.ask(0, limit);
      if (!overtaken()) this.found = found;
    });
  }

  /** Reads the next rows. */
  more(): Promise<void> {
    const { found } = this;
    if (!found?.next) return Promise.resolve();
    const from = found.next;
    return this.reads.run(async (overtaken) => {
      const next = await this.ask(from, STEP);
      if (!overtaken()) this.found = { ...next, rows: [...found.rows, ...next.rows] };
    });
  }

  /** A row as the server has it now. */
  renew(saved: T): void {
    if (!this.found) return;
    this.found = { ...this.found, rows: this.rows.map((each) => (each.id === saved.id ? saved : each)) };
  }
}

/** The list of projects: by words, the furthest stage and the standing, each '' any. */
export class ProjectListing extends Listing<Project> {
  stage = $state<Stage | ''>('');
  standing = $state<Standing | ''>('');
  /** How many there are of each stage. */
  counts = $state.raw<Record<string, number>>({});

  constructor(office: Office, words: () => string) {
    super(async (from, limit) => {
      const { stage, standing } = this;
      const found = await office.findProjects({ words: words(), stage, standing, from, limit });
      this.counts = found.stages;
      return { ...found, rows: found.projects };
    });
  }
}
