import { describe, expect, it } from 'vitest';
import { bars, short } from './bars';

const colours = { ink: 'ink', soft: 'soft', bar: 'bar', of: (property: string) => `of ${property}` };
const rows = [
  { name: '省重点', value: 10, says: '10 / 12' },
  { name: '市重大项目与招商重点签约项目', value: null, says: '未知' },
  { name: '储备', value: 4, says: '4 亩', colour: '--status-reserve' },
];

describe('bars', () => {
  it('keeps what is unknown apart from nothing', () => {
    const { data } = bars(rows, colours, { font: 'f' });
    expect(data.datasets[0]?.data).toEqual([10, null, 4]);
    expect(data.datasets[0]?.backgroundColor).toEqual(['bar', 'bar', 'of --status-reserve']);
  });

  it('leaves room behind the longest bar, or behind the end of the scale', () => {
    expect(bars(rows, colours, { font: 'f' }).options.scales?.x?.max).toBe(16);
    expect(bars(rows, colours, { font: 'f', most: 100 }).options.scales?.x?.max).toBe(160);
    expect(bars([], colours, { font: 'f' }).options.scales?.x?.max).toBe(1.6);
  });

  it('cuts a long name beside its bar', () => {
    expect(short('省重点')).toBe('省重点');
    expect(short('市重大项目与招商重点签约项目')).toBe('市重大项目与招商重点签…');
  });
});
