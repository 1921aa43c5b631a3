import { describe, expect, it } from 'vitest';
import { questionOf, weighed, type MatchAnswer, type Question, type Site } from '../core/match';
import { emptyNeed, exampleNeed, faultsOf, startNeed } from '../core/need';
import { changesOf, needOf, partnersOf, type Ranked, type SavedSearch } from './saved';

describe('the need of a question', () => {
  it.each([
    startNeed,
    exampleNeed,
    { ...exampleNeed, lots: '60', join: '3', hall_length: '80', hall_width: '30' },
    { ...emptyNeed, use: '0802.1001', front: '40', power: '2000', hazard: 'C', port_road_m: '2' },
    { ...exampleNeed, released: '1', join: '3' },
    { ...exampleNeed, place: 'either', floor_m2: '2000', floor_crane: '0', floor_by: '2027-01-31' },
    { ...emptyNeed, place: 'floor_space' },
  ])('is the one it was asked with', (need) => {
    expect(needOf(questionOf('p', need))).toEqual(need);
  });

  it('comes back with the weights that it was saved by', () => {
    const asked = questionOf('p', { ...exampleNeed, price_cny_per_m2: '2', lots: '60' });
    const weights = { area_mu: 0, price_cny_per_m2: 0.123456, partner_prepreg_m: 1.5, partner_fibre_m: 0.25 };
    const question = weighed(asked, weights);
    expect(question.requirement.partners).toEqual([
      { node: 'prepreg', weight: 1.5 },
      { node: 'fibre', weight: 0.25 },
    ]);
    const need = { ...exampleNeed, price_cny_per_m2: '0.1235', area: '0.0001', lots: '60' };
    expect(needOf(question)).toEqual(need);
    expect(faultsOf(need)).toEqual([]);
    expect(partnersOf(question)).toEqual({ partner_prepreg_m: 1.5, partner_fibre_m: 0.25 });
  });

  it('is none where the form can’t say all of it', () => {
    const question = questionOf('p', exampleNeed);
    const others: object[] = [
      { ...question, method: 'topsis' },
      { ...question, pairwise: [[1]] },
      { ...question, lots: { frontage_m: 60, rest_mu: 20 } },
      { ...question, requirement: { ...question.requirement, partners: [{ node: 'testing' }] } },
      {
        ...question,
        requirement: { ...question.requirement, partners: [{ node: 'testing', weight: 1, max_m: 9 }] },
      },
      {
        ...questionOf('p', startNeed),
        requirement: { criteria: [], partners: [{ node: 'testing', weight: 1 }] },
      },
    ];
    expect(others.map((other) => needOf(other as Question))).toEqual(others.map(() => null));
  });
});

it('changes since are told by key, those that came last; nobody moves because another went', () => {
  const before = (rank: number, key: string): Ranked => ({ rank, id: 'p', key, code: key, score: 1 });
  const today = (rank: number, key: string): Site => ({ rank, id: 'p', key, code: key }) as Site;
  const saved = { ranking: ['lot/A/1', 'lot/A/2', 'C', 'D'].map((key, i) => before(i + 1, key)) };
  const now = { sites: ['lot/A/2', 'D', 'B', 'C'].map((key, i) => today(i + 1, key)) };
  const replay = { saved: saved as SavedSearch, now: now as MatchAnswer };
  expect(changesOf(replay).map(({ key, then, now, changed }) => [key, then, now, changed])).toEqual([
    ['lot/A/1', 1, null, true],
    ['lot/A/2', 2, 1, false],
    ['C', 3, 4, true],
    ['D', 4, 2, true],
    ['B', null, 3, true],
  ]);
});
