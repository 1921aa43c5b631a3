import { describe, expect, it } from 'vitest';
import { backgroundLink } from '../background/link';
import type { Background } from './api';
import { hostsOf, parsePicked } from './background';

describe('the background in the address', () => {
  it.each([
    [{ code: 'ortho', strength: 100 }, 'ortho'],
    [{ code: 'city-2', strength: 60 }, 'city-2,60'],
    [null, null],
  ])('comes back as it was written: %j', (picked, text) => {
    const query = new URLSearchParams();
    backgroundLink.write(query, picked);
    expect(query.get('background')).toBe(text);
    expect(backgroundLink.read(query)).toEqual(picked);
  });

  it('counts as none where it can’t be read, and keeps its strength within bounds', () => {
    for (const text of ['', '../a', 'A', 'a,b', 'a,', 'a,60,70', 'https://a'])
      expect(parsePicked(text)).toBeNull();
    expect(parsePicked('a,5')?.strength).toBe(20);
    expect(parsePicked('a,999')?.strength).toBe(100);
  });
});

it('names each machine that is asked for a background once, and not this one', () => {
  const layers = [
    { tiles: ['https://a.cn/{z}/{x}/{y}', 'https://b.cn/{z}/{x}/{y}'], min_zoom: 0, max_zoom: 18 },
    { tiles: ['https://a.cn/other/{z}/{x}/{y}'], min_zoom: 0, max_zoom: 18 },
    { pmtiles: '/backgrounds/a.pmtiles', min_zoom: 0, max_zoom: 18 },
    { pmtiles: 'http://c.cn:81/a.pmtiles', min_zoom: 0, max_zoom: 18 },
  ];
  expect(hostsOf({ layers } as Background)).toEqual(['a.cn', 'b.cn', 'c.cn:81']);
});
