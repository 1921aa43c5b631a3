import { describe, expect, it } from 'vitest';
import { visitFaults, visitForm, visitOf } from './visitform';

describe('a visit', () => {
  const form = { ...visitForm('2026-11-29'), note: ' showed two plots ' };

  it('needs a note, and a next step for a day by which it is due', () => {
    expect(visitFaults(form, '2026-11-29')).toEqual({});
    expect(visitFaults({ ...form, note: ' ' }, '2026-11-29')).toHaveProperty('note');
    expect(visitFaults({ ...form, due: '2026-12-01' }, '2026-11-29')).toHaveProperty('next_step');
    expect(visitFaults({ ...form, next_step: 's', due: '2026-11-28' }, '2026-11-29')).toHaveProperty('due');
    expect(visitFaults({ ...form, visited_on: '2026-11-30' }, '2026-11-29')).toHaveProperty('visited_on');
  });

  it('sends only what was typed', () =>
    expect(visitOf(form)).toEqual({ visited_on: '2026-11-29', note: 'showed two plots' }));
});
