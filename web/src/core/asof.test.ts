import { describe, expect, it } from 'vitest';
import { addDays, dayOf, daysBetween, endOf, parseDay } from './asof';

describe('days', () => {
  it('is told in the park’s time zone, not in UTC', () => {
    const instant = Date.parse('2026-11-22T16:30:00Z');
    expect(dayOf(instant, 'UTC')).toBe('2026-11-22');
    expect(dayOf(instant, 'Asia/Shanghai')).toBe('2026-11-23');
  });

  it.each([
    ['2026-11-22', 'Asia/Shanghai', '2026-11-22T15:59:59.999999Z'],
    ['2026-11-22', 'UTC', '2026-11-22T23:59:59.999999Z'],
    // clocks change in these nights
    ['2026-03-28', 'Europe/London', '2026-03-28T23:59:59.999999Z'],
    ['2026-03-29', 'Europe/London', '2026-03-29T22:59:59.999999Z'],
    ['2026-10-25', 'Europe/London', '2026-10-25T23:59:59.999999Z'],
    ['2026-12-31', 'America/Los_Angeles', '2027-01-01T07:59:59.999999Z'],
  ])('%s in %s ends at %s', (day, zone, end) => {
    expect(endOf(day, zone)).toBe(end);
    expect(dayOf(Date.parse(end), zone)).toBe(day);
    expect(dayOf(Date.parse(end) + 1, zone)).toBe(addDays(day, 1));
  });

  it('counts over months and leap days', () => {
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
    expect(daysBetween('2026-02-27', '2026-03-02')).toBe(3);
    expect(daysBetween('2026-03-02', '2026-02-27')).toBe(-3);
  });

  it.each([null, '', '2026-2-3', '2026-02-30', 'today', '2026-02-03T00:00:00Z'])(
    'reads %s as no day',
    (text) => {
      expect(parseDay(text)).toBeNull();
    },
  );
});
