import { describe, expect, it } from 'vitest';
import { questionOf, type MatchAnswer, type Question, type Site } from './match';
import { emptyNeed, exampleNeed, startNeed } from './need';
import { changesOf, needOf, type Ranked, type SavedSearch } from './saved';

describe('the need of a question', () => {
  it.each([
    startNeed,
    exampleNeed,
    { ...exampleNeed, lots: '60', join: '3', hall_length: '80', hall_width: '30' },
    { ...emptyNeed, use: '0802.1001', front: '40', power: '2000', hazard: 'C', port_road_m: '2' },
    { ...exampleNeed, released: '1', join: '3' },
  ])('is the one it was asked with', (need) => {
    expect(needOf(questionOf('p', need))).toEqual(need);
  });

  it('is none where the form can’t say all of it', () => {
    const question = questionOf('p', exampleNeed);
    const others: object[] = [
      { ...question, method: 'topsis' },
      { ...question, pairwise: [[1]] },
      { ...question, lots: { frontage_m: 60, rest_mu: 20 } },
      { ...question, requirement: { ...question.requirement, partners: [{ node: 'testing' }] } },
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
