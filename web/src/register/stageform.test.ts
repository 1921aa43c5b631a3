import { describe, expect, it } from 'vitest';
import type { Reached } from './register';
import { milestoneFaults, milestoneForm, milestoneOf, turnFaults, turnForm, turnsFrom } from './stageform';

const today = '2026-11-29';
const noted = {
  stage: 'signed',
  reached_on: '2026-05-01',
  evidence: 'contract',
  document: 'HT-1',
  basis: 'reported',
} as Reached;

describe('a stage', () => {
  it('needs its evidence, and a day that has come', () => {
    const form = { ...milestoneForm(today, null), stage: 'signed', evidence: 'x' } as const;
    expect(milestoneFaults(form, today, false)).toEqual({});
    expect(milestoneFaults({ ...form, evidence: ' ' }, today, false)).toHaveProperty('evidence');
    expect(milestoneFaults({ ...form, reached_on: '2026-11-30' }, today, false)).toHaveProperty('reached_on');
    expect(milestoneOf(form, false)).toEqual({
      stage: 'signed',
      reached_on: today,
      evidence: 'x',
      basis: 'confirmed',
    });
  });

  it('is corrected from what was noted, and says why', () => {
    const form = milestoneForm(today, noted);
    expect(milestoneFaults(form, today, true)).toEqual({ reason: 'web.register.fault.given' });
    expect(milestoneOf({ ...form, reason: ' read wrongly ' }, true)).toEqual({
      ...noted,
      corrects: true,
      withdrawn: false,
      reason: 'read wrongly',
    });
  });
});

describe('a turn', () => {
  it('says why, and offers what may follow', () => {
    expect(turnForm('paused', today, null).turn).toBe('resumed');
    expect(turnsFrom.lost).toEqual(['resumed']);
    expect(Object.keys(turnFaults(turnForm('active', today, null), today, false))).toEqual([
      'turn',
      'reason',
    ]);
  });
});
