import { describe, expect, it } from 'vitest';
import { changed, rebase } from './draft';

const base = { name: 'a', stage: 'x', codes: ['1'] };

describe('a draft', () => {
  it('knows what was typed, lists too', () => {
    expect(changed({ base, typed: { ...base, codes: ['1'] } })).toEqual([]);
    expect(changed({ base, typed: { ...base, name: 'b', codes: ['1', '2'] } })).toEqual(['name', 'codes']);
  });

  it('takes what another wrote where nothing was typed', () => {
    const after = rebase({ base, typed: { ...base, name: 'mine' } }, { ...base, stage: 'theirs' });
    expect(after.typed).toEqual({ name: 'mine', stage: 'theirs', codes: ['1'] });
    expect(after).toMatchObject({ news: ['stage'], clashes: [] });
  });

  it('keeps what was typed where both wrote, and says so', () => {
    const theirs = { ...base, name: 'theirs', codes: ['2'] };
    const after = rebase({ base, typed: { ...base, name: 'mine', codes: ['3'] } }, theirs);
    expect(after.typed).toMatchObject({ name: 'mine', codes: ['3'] });
    expect(after.base).toEqual(theirs);
    expect(after.clashes).toEqual(['name', 'codes']);
  });

  it('finds nothing left to send where both wrote the same', () => {
    const after = rebase({ base, typed: { ...base, name: 'b' } }, { ...base, name: 'b' });
    expect(after.clashes).toEqual([]);
    expect(changed(after)).toEqual([]);
  });
});
