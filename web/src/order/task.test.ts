import { describe, expect, it } from 'vitest';
import { Drafts } from '../core/drafts';
import { Refusal, Silence, type Asking } from '../core/wire';
import { draftName, Task, type Around, type TaskDraft } from './task.svelte';

/** A page in a park whose server answers as it is told, and a browser that keeps. */
class Desk {
  readonly kept = new Map<string, string>();
  readonly sent: { key: string | undefined; body: unknown }[] = [];
  failing: Error | null = null;
  finished = 0;
  readonly drafts = new Drafts(() => 'a', {
    getItem: (name) => this.kept.get(name) ?? null,
    setItem: (name, text) => void this.kept.set(name, text),
    removeItem: (name) => void this.kept.delete(name),
    key: (i) => [...this.kept.keys()][i] ?? null,
    length: 0,
  });
  readonly use = {
    land: { park: { code: 'east', survey_crs: null }, timeZone: 'UTC', today: '2026-05-01' },
    session: {
      drafts: this.drafts,
      wire: {
        ask: async (_: string, { headers, body }: Asking): Promise<unknown> => {
          this.sent.push({ key: headers?.['Idempotency-Key'], body });
          if (this.failing) throw this.failing;
          return { seq: 8, kind: 'revert', parcels: [], retired: [] };
        },
      },
    },
    supplies: { supply: null },
    words: { lang: 'zh', t: (key: string) => key },
  } as unknown as Around;
  readonly host = {
    cancel: () => {},
    finished: async () => void this.finished++,
  };

  /** An order begun anew, as a page opened anew begins it. */
  opened(id?: string): Task {
    const task = new Task(this.use, this.host, 'revert', [], id);
    task.typed = { form: 'revert', reverts: 7, first: null };
    return task;
  }
  task(id?: string): Task {
    const task = this.opened(id);
    task.reason = 'why';
    return task;
  }
  read = (id: string): TaskDraft | null => this.drafts.place<TaskDraft>(draftName('east', id)).read();
}

describe('an order that nobody answered', () => {
  const lost = [
    new Silence('a connection that broke'),
    new Refusal({ type: '/problems/unavailable', title: 'x', status: 503 }),
  ];
  it.each(lost)('is sent again as it was under its key, also in a page opened anew: %s', async (failure) => {
    const desk = new Desk();
    const first = desk.task('1');
    desk.failing = failure;
    await first.confirm();
    expect([first.lost !== null, first.silent, first.busy]).toEqual([true, true, 'no']);
    await first.confirm();
    const second = desk.opened('1');
    second.restore(desk.read('1') as TaskDraft);
    desk.failing = null;
    await second.confirm();
    expect(new Set(desk.sent.map(({ key }) => key)).size).toBe(1);
    expect(new Set(desk.sent.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect([desk.sent.length, desk.finished, desk.read('1')]).toEqual([3, 1, null]);
  });

  it('is kept with its key before it is sent', async () => {
    const desk = new Desk();
    const task = desk.task('1');
    const sending = task.confirm();
    expect(desk.read('1')?.lost?.key).toBe(desk.sent[0]?.key);
    await sending;
  });

  it('gets another key once it was refused', async () => {
    const desk = new Desk();
    const task = desk.task('1');
    desk.failing = new Refusal({ type: '/problems/refused', title: 'x', status: 409 });
    await task.confirm();
    await task.confirm();
    expect([task.lost, desk.read('1')?.lost]).toEqual([null, null]);
    expect(desk.sent[1]?.key).not.toBe(desk.sent[0]?.key);
  });
});
