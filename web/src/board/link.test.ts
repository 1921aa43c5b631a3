import { describe, expect, it } from 'vitest';
import type { LinkPart } from '../core/link';
import { boardAtStart, boardLink, sheetAtStart, sheetLink } from './link';

function written<T>(part: LinkPart<T>, value: T): string | null {
  const query = new URLSearchParams();
  part.write(query, value);
  return query.get('panel');
}
const reads = <T>(part: LinkPart<T>, panel: string): T => part.read(new URLSearchParams({ panel }));

describe('the address of the board', () => {
  it.each([
    ['board', boardAtStart],
    ['board/table', { ...boardAtStart, as: 'table' as const }],
    ['board/map', { ...boardAtStart, as: 'map' as const }],
    [
      'board/table/carbon-fibre/since-',
      { as: 'table' as const, park: 'carbon-fibre', sort: 'since' as const, down: true },
    ],
    ['board/table/-/stage', { ...boardAtStart, as: 'table' as const, sort: 'stage' as const }],
    ['board/board/carbon-fibre', { ...boardAtStart, park: 'carbon-fibre' }],
  ])('%s', (text, at) => {
    expect(written(boardLink, at)).toBe(text);
    expect(reads(boardLink, text)).toEqual(at);
  });

  it('takes what it does not know as the start', () => {
    expect(reads(boardLink, 'board/pie/-/size-')).toEqual(boardAtStart);
    expect(reads(boardLink, 'figures')).toBeNull();
    expect(written(boardLink, null)).toBeNull();
  });
});

describe('the address of the week’s sheet', () => {
  it.each([
    ['dispatch', sheetAtStart],
    ['dispatch/2026-W48', { ...sheetAtStart, week: '2026-W48' }],
    ['dispatch/-/-', { ...sheetAtStart, park: '' }],
    ['dispatch/-//60', { ...sheetAtStart, still: 60 }],
    ['dispatch/2026-W48/logistics/60', { week: '2026-W48', park: 'logistics', still: 60 }],
  ])('%s', (text, at) => {
    expect(written(sheetLink, at)).toBe(text);
    expect(reads(sheetLink, text)).toEqual(at);
  });

  it('takes what it does not know as the start', () => {
    expect(reads(sheetLink, 'dispatch/soon//9999')).toEqual(sheetAtStart);
    expect(reads(sheetLink, 'board')).toBeNull();
  });
});
