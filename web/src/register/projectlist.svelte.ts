import { Latest } from '../core/latest';
import type { Office, Project, ProjectsFound, Stage, Standing } from './register';

/** Rows put on the page at a time. */
const STEP = 100;

/** The most that one request gives. */
const MOST = 1000;

/** The list of projects: what is asked for, and as much of it as was read. */
export class ProjectList {
  stage = $state<Stage | ''>('');
  standing = $state<Standing | ''>('');
  /** What the server found; null before the first answer. */
  found = $state.raw<ProjectsFound | null>(null);
  private readonly reads = new Latest();

  constructor(private readonly office: Office) {}

  readonly rows = $derived.by((): readonly Project[] => this.found?.projects ?? []);

  /** Reads what is asked for anew, no fewer rows than are shown; rejects as Wire does. */
  read(words: string): Promise<void> {
    return this.take(words, Math.min(MOST, Math.max(STEP, this.rows.length)));
  }

  /** Begins anew with the first rows, as after another question. */
  begin(words: string): Promise<void> {
    return this.take(words, STEP);
  }

  private take(words: string, limit: number): Promise<void> {
    const { stage, standing } = this;
    return this.reads.run(async (overtaken) => {
      const found = await this.office.findProjects({ words, stage, standing, limit });
      if (!overtaken()) this.found = found;
    });
  }

  /** Reads the next rows. */
  more(words: string): Promise<void> {
    const { found, stage, standing } = this;
    if (!found?.next) return Promise.resolve();
    const from = found.next;
    return this.reads.run(async (overtaken) => {
      const next = await this.office.findProjects({ words, stage, standing, from, limit: STEP });
      if (!overtaken()) this.found = { ...next, projects: [...found.projects, ...next.projects] };
    });
  }

  /** A project as the server has it now. */
  renew(saved: Project): void {
    if (!this.found) return;
    const projects = this.found.projects.map((each) => (each.id === saved.id ? saved : each));
    this.found = { ...this.found, projects };
  }
}
