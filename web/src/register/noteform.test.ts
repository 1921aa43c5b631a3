import { describe, expect, it } from 'vitest';
import type { NotedLandStart, NotedMoney } from '../core/api';
import {
  moneyFaults,
  moneyForm,
  moneyOf,
  roleFaults,
  roleForm,
  roleOf,
  startForm,
  startOf,
} from './noteform';

const today = '2026-11-01';
const noted = {
  evidence: 'e',
  basis: 'reported',
  noted_by: null,
  noted_at: '',
  counts: true,
  reason: null,
} as const;

describe('the form of money', () => {
  const plan = {
    ...moneyForm(today, null),
    kind: 'year_plan.year',
    amount: '1200.5',
    evidence: 'plan',
  } as const;

  it('sends the amount in units of its currency, with the year of a plan', () => {
    expect(moneyFaults(plan, today, false)).toEqual({});
    expect(moneyOf(plan, false)).toMatchObject({
      kind: 'year_plan',
      span: 'year',
      year: 2026,
      amount: 12005000,
    });
    expect(moneyOf({ ...plan, kind: 'fixed_asset.month' }, false)).not.toHaveProperty('year');
  });

  it('takes no amount in CNY that has its place elsewhere', () => {
    expect(moneyFaults({ ...plan, kind: 'planned_total.whole' }, today, false)).toHaveProperty('currency');
    expect(moneyFaults({ ...plan, kind: 'planned_total.whole', currency: 'USD' }, today, false)).toEqual({});
  });

  it('corrects with a reason', () => {
    const wrong: NotedMoney = {
      ...noted,
      kind: 'paid',
      span: 'since_begin',
      currency: 'USD',
      year: 2026,
      as_of: '2026-06-30',
      amount: 20000,
    };
    const form = moneyForm(today, wrong);
    expect(form).toMatchObject({ kind: 'paid.since_begin', amount: '2', reported: true });
    expect(Object.keys(moneyFaults(form, today, true))).toEqual(['why']);
    expect(moneyOf({ ...form, why: ' misread ' }, true)).toMatchObject({ corrects: true, reason: 'misread' });
  });
});

describe('the form of a start', () => {
  it('keeps how well the day is known, and says of what a ledger states that it is reported', () => {
    const wrong: NotedLandStart = { ...noted, started_on: '2026-05-31', precision: 'month', kind: 'stated' };
    const form = startForm(today, wrong);
    expect(startOf({ ...form, reported: false }, false)).toMatchObject({
      precision: 'month',
      basis: 'reported',
    });
    expect(startOf({ ...form, kind: 'pit', reported: false }, false)).toMatchObject({ basis: 'confirmed' });
    expect(startOf(form, false)).not.toHaveProperty('allotment');
  });
});

describe('the form of a role', () => {
  it('needs a piece, what it is to it, and where that is known from', () => {
    expect(Object.keys(roleFaults(roleForm(null), false))).toEqual(['node', 'role', 'source']);
    const form = { ...roleForm(null), node: 'resin', role: 'fills', source: 's' } as const;
    expect(roleOf(form, 'carbon_fibre', false)).toEqual({
      chain: 'carbon_fibre',
      node: 'resin',
      role: 'fills',
      source: 's',
    });
  });
});
