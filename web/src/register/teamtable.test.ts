import { describe, expect, it } from 'vitest';
import type { TeamFigure } from '../core/api';
import { quartersOf, targetBody } from './teamtable';

const one = (quarter: number | null): TeamFigure => ({
  team: 't',
  quarter,
  measure: 'signed',
  target: null,
  actual: 1,
  known: null,
  of: null,
});

describe('the table of a team', () => {
  it('has a column for what is in no quarter only where there is any', () => {
    expect(quartersOf([one(1), one(2)])).toEqual([1, 2, 3, 4]);
    expect(quartersOf([one(1), one(null)])).toEqual([1, 2, 3, 4, 0]);
  });

  it('sends a target, and with a reason a correction of it', () => {
    const typed = {
      year: 2026,
      quarter: 2,
      measure: 'signed',
      amount: '3',
      source: ' plan ',
      reason: '',
    } as const;
    const sent = { year: 2026, quarter: 2, measure: 'signed', amount: 3, source: 'plan' };
    expect(targetBody({ ...typed, withdrawn: false })).toEqual(sent);
    expect(targetBody({ ...typed, reason: 'raised', withdrawn: true })).toEqual({
      ...sent,
      corrects: true,
      withdrawn: true,
      reason: 'raised',
    });
  });
});
