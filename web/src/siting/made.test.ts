import { describe, expect, it } from 'vitest';
import type { Chain } from '../core/chain';
import { madeIn, nearestWish } from './made';

const tenant = {
  parcel: 'p',
  code: 'TX-L03',
  name: { zh: '厂', en: 'plant' },
  point: [122, 37] as [number, number],
};
const node = (code: string, here: boolean) => ({
  code,
  name: { zh: code, en: code },
  stage: 1,
  pipeline: 0,
  tenants: here ? [tenant] : [],
});
const chain = {
  nodes: [node('prepreg', true), node('moulds', true), node('fibre', false), node('parts', false)],
  links: [
    { from: 'fibre', to: 'parts', weight: 1, source: 'cost' },
    { from: 'moulds', to: 'parts', weight: 0.5, source: 'judgement' },
    { from: 'prepreg', to: 'parts', weight: 0.9, source: 'news report' },
  ],
} as unknown as Chain;

describe('what is made', () => {
  it('wants near the weightiest supplier that is in the park, with the source of the link', () => {
    expect(nearestWish(chain, 'parts')).toMatchObject({ from: 'prepreg', source: 'news report' });
    expect(madeIn(chain, 'parts')).toEqual({ node: 'parts', share: '3', near: 'prepreg', near_m: '' });
  });

  it('has no default where the chain has no data', () => {
    expect(madeIn(chain, 'prepreg')).toMatchObject({ near: '' });
    expect(madeIn(null, 'parts')).toMatchObject({ near: '' });
    expect(madeIn(chain, '')).toEqual({ node: '', share: '', near: '', near_m: '' });
  });
});
