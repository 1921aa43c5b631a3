import { describe, expect, it } from 'vitest';
import { beginsAfter, parsePast } from './past';

const shanghai = 'Asia/Shanghai';
const first = '2026-11-27T17:30:00.123456Z'; // 01:30 of the 28th in Shanghai

describe('a moment before the records of a park', () => {
  it.each<[string, string | null, string | null]>([
    ['2026-11-27', first, '2026-11-28'],
    ['1990-01-01', first, '2026-11-28'],
    ['2026-11-27T17:30:00Z', first, '2026-11-28'],
    ['2026-11-28', first, null],
    ['2026-11-27T17:30:01Z', first, null],
    ['2026-11-27', null, null],
  ])('%s with records since %s: %s', (past, since, day) => {
    expect(beginsAfter(past, since, shanghai)).toBe(day);
  });

  it('is none where now is shown', () => expect(beginsAfter(null, first, shanghai)).toBeNull());
});

describe('a moment in a link', () => {
  it.each(['2026-02-30', 'yesterday', '2026-11-27T25:00:00Z', ''])('is not %j', (text) =>
    expect(parsePast(text)).toBeNull(),
  );
});
