import { describe, expect, it } from 'vitest';
import type { BoardCard, BoardColumn } from '../core/api';
import { inSight, moveTo, weekFrom, type Column } from './moves';

describe('moveTo', () => {
  it.each<[Column, Column, unknown]>([
    ['none', 'lead', { kind: 'stage', stage: 'lead' }],
    ['in_talks', 'signed', { kind: 'stage', stage: 'signed' }],
    ['signed', 'in_talks', null],
    ['signed', 'signed', null],
    ['signed', 'none', null],
    ['signed', 'paused', { kind: 'turn', turn: 'paused' }],
    ['paused', 'lost', { kind: 'turn', turn: 'lost' }],
    ['lost', 'paused', null],
    ['lost', 'landed', { kind: 'turn', turn: 'resumed' }],
  ])('from %s to %s', (from, to, want) => expect(moveTo(from, to)).toEqual(want));
});

describe('inSight', () => {
  const card = (id: string) => ({ id }) as BoardCard;
  const column = (name: Column, ...ids: string[]): BoardColumn => ({
    column: name,
    projects: 30,
    cards: ids.map(card),
  });
  const told = (columns: readonly BoardColumn[]) =>
    columns.map(({ cards }) => cards.map(({ id }) => id).join(' '));

  it('puts a moved card first where its column leaves it out', () => {
    const columns = [column('signed', 'a', 'b'), column('landed', 'c')];
    expect(told(inSight(columns, null))).toEqual(['a b', 'c']);
    expect(told(inSight(columns, { card: card('d'), to: 'landed' }))).toEqual(['a b', 'd c']);
    expect(told(inSight(columns, { card: card('b'), to: 'signed' }))).toEqual(['a b', 'c']);
  });
});

describe('weekFrom', () => {
  it.each([
    ['2026-11-23', 0, '2026-W48'],
    ['2026-11-23', -1, '2026-W47'],
    ['2026-12-28', 0, '2026-W53'],
    ['2026-12-28', 1, '2027-W01'],
    ['2024-12-30', 0, '2025-W01'],
  ])('%s and %i weeks', (monday, weeks, want) => expect(weekFrom(monday, weeks)).toBe(want));
});
