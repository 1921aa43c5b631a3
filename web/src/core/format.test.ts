import { describe, expect, it } from 'vitest';
import { capacity, day, fixed, moment, muOf, percent, plain } from './format';

describe('numbers and dates', () => {
  it('prints mu with two places and groups', () => {
    // a published tender: 68,507.52 m² is printed as 102.76 mu
    expect(muOf('zh', 68_507.52)).toBe('102.76');
    expect(muOf('en', 10_000_000 / 15)).toBe('1,000.00');
    expect(fixed('zh', 333_333.3333, 2)).toBe('333,333.33');
  });

  it('prints no more places than there are', () => {
    expect([0.7, 250, 1.23456].map((value) => plain('en', value))).toEqual(['0.7', '250', '1.2346']);
    expect(percent('zh', 0.35, 0)).toBe('35 %');
  });

  it('sets a capacity with its unit, or without one', () => {
    expect(capacity('zh', 30000, 'm3/d')).toBe('30,000 m³/d');
    expect(capacity('en', 1.5, null)).toBe('1.5');
  });

  it('tells the day of the park, not of the reader', () => {
    // half past four in the afternoon in Greenwich is the next day in Weihai
    expect(day('en', '2022-05-28T16:30:00Z', 'Asia/Shanghai')).toBe('29 May 2022');
    expect(day('zh', '2022-05-28T16:30:00Z', 'Asia/Shanghai')).toBe('2022年5月29日');
    expect(moment('en', '2022-05-28T16:30:00Z', 'Asia/Shanghai')).toBe('29 May 2022, 00:30');
  });

  it('leaves a plain date on its day in any time zone', () => {
    expect(day('en', '2022-01-01', 'America/New_York')).toBe('1 Jan 2022');
  });

  it('shows a date that it cannot read as it came', () => {
    expect(day('zh', 'soon', 'Asia/Shanghai')).toBe('soon');
  });
});
