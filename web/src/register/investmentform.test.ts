import { describe, expect, it } from 'vitest';
import {
  investmentFaults,
  investmentForm,
  investmentOf,
  yearBegin,
  type InvestmentForm,
} from './investmentform';

const today = '2026-07-01';
const typed: InvestmentForm = { until: '2026-06-30', paid_cny: '1234.567891', evidence: ' 凭证 7 ' };

describe('money put in', () => {
  it('is sent in CNY, to the cent', () => {
    const sent = { until: '2026-06-30', paid_cny: 12345678.91, evidence: '凭证 7' };
    expect(investmentOf(typed, false)).toEqual(sent);
    expect(investmentOf(typed, true)).toEqual({ ...sent, corrects: true });
  });

  it('begins with today and counts from the first of January', () => {
    expect(investmentForm(today, null).until).toBe(today);
    expect(yearBegin('2026-06-30')).toBe('2026-01-01');
  });

  it('begins a correction with what was noted', () => {
    const wrong = {
      until: '2026-06-30',
      paid_cny: 12345678.91,
      evidence: '凭证 7',
      noted_at: '2026-07-01T00:00:00Z',
      former: [],
    };
    expect(investmentForm(today, wrong)).toEqual({ ...typed, paid_cny: '1234.567891', evidence: '凭证 7' });
  });

  it.each<[string, Partial<InvestmentForm>, keyof InvestmentForm]>([
    ['no day', { until: '' }, 'until'],
    ['a day to come', { until: '2026-07-02' }, 'until'],
    ['no amount', { paid_cny: '' }, 'paid_cny'],
    ['an amount in words', { paid_cny: 'much' }, 'paid_cny'],
    ['an amount below a cent', { paid_cny: '1.2345678' }, 'paid_cny'],
    ['more money than there is', { paid_cny: '1000000001' }, 'paid_cny'],
    ['no evidence', { evidence: ' ' }, 'evidence'],
  ])('finds wrong %s', (_, wrong, field) => {
    expect(investmentFaults(typed, today)).toEqual({});
    expect(Object.keys(investmentFaults({ ...typed, ...wrong }, today))).toEqual([field]);
  });
});
