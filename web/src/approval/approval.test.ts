import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FlowNow, FlowStep } from '../core/api';
import { layOut } from './chart';
import { span, waitOf, wonBy } from './saying';
import { table } from './text';

const none = { start: null, finish: null };

const step = (code: string, more: Partial<FlowStep> = {}): FlowStep => ({
  code,
  name_zh: `${code}步`,
  name_en: code.toUpperCase(),
  by: 'housing',
  stage: 'one',
  statutory_days: 20,
  promised_days: 5,
  source: '',
  after: [],
  documents: [],
  specials: [],
  notices: [],
  state: 'waiting',
  agreed: none,
  expected: none,
  actual: none,
  provisional: false,
  slack: null,
  critical: false,
  wait: null,
  won: null,
  won_by: null,
  spent: { used: 0, stopped: 0, special: 0, between: 0 },
  next: [],
  ...more,
});

const flow = {
  start: '2026-03-02',
  stages: [
    { code: 'one', name_zh: '一', name_en: 'One' },
    { code: 'two', name_zh: '二', name_en: 'Two' },
  ],
  departments: [{ code: 'housing', name_zh: '住建局', name_en: 'Housing' }],
  steps: [
    step('b', { stage: 'two', after: [{ step: 'a', on_promise: true }] }),
    step('a', {
      agreed: { start: '2026-03-02', finish: '2026-03-12' },
      actual: { start: '2026-03-02', finish: null },
      expected: { start: null, finish: '2026-03-07' },
    }),
  ],
} as unknown as FlowNow;

describe('the chart of approvals', () => {
  it('lays steps stage by stage over one axis of days', () => {
    // from a day before the first date, 1 March, to two days after the last one, 14 March: 13 days of 10
    const { rows, on, ticks } = layOut(flow, '2026-03-05', 130);
    expect(rows.map((row) => [row.step.code, row.heads])).toEqual([
      ['a', 'one'],
      ['b', 'two'],
    ]);
    expect(rows[0]).toMatchObject({
      agreed: { x: 10, width: 100 },
      actual: { x: 10, width: 30 },
      expected: { x: 40, width: 20 },
    });
    expect(rows[1]).toMatchObject({ agreed: null, actual: null, expected: null });
    expect(on).toBe(40);
    expect(ticks).toEqual([
      { x: 0, month: '2026-03-01' },
      { x: 10, month: null },
      { x: 80, month: null },
    ]);
  });
});

describe('the words of approvals', () => {
  it('say whom a step waits for', () => {
    const at = (more: Partial<FlowStep>): string | null =>
      waitOf('zh', flow, step('b', { after: [{ step: 'a', on_promise: true }], ...more }));
    expect(at({})).toBeNull();
    expect(at({ wait: { on: 'steps', who: '', steps: ['a'], since: null } })).toBe('等：a步（可告知承诺）');
    expect(at({ wait: { on: 'department', who: 'housing', steps: [], since: '2026-03-02' } })).toBe(
      '等住建局办理，自 2026年3月2日',
    );
  });

  it('say who won days, and nothing of who did not', () => {
    const won = { inherited: 0, handing_in: -2, department: 3, firm: 0, special: 0 };
    expect(wonBy('en', won)).toBe('handing in -2, department +3');
    expect(span('en', none)).toBe('');
    expect(span('en', { start: null, finish: '2026-03-02' })).toBe('… – 2 Mar 2026');
  });

  it('are all used, in both languages', () => {
    const sources = readdirSync(import.meta.dirname)
      .filter((name) => /\.(ts|svelte)$/.test(name) && !name.endsWith('.test.ts'))
      .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))
      .join('\n');
    const composed = /^approval\.(state|kind|verdict|won)\./;
    const unused = Object.keys(table).filter((key) => !composed.test(key) && !sources.includes(`'${key}'`));
    expect(unused).toEqual([]);
    expect(Object.values(table).every(({ zh, en }) => zh && en)).toBe(true);
  });
});
