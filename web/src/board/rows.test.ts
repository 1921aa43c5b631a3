import { expect, it } from 'vitest';
import type { BoardCard, BoardColumn } from '../core/api';
import type { Sort } from './link';
import type { Column } from './moves';
import { rowsOf, sorted } from './rows';

const card = (code: string, more: Partial<BoardCard> = {}): BoardCard => ({
  id: code,
  code,
  name_zh: code,
  name_en: code,
  party: null,
  team: null,
  task_force: null,
  since: null,
  days: null,
  next_step: null,
  due: null,
  overdue: false,
  places: [],
  agent: null,
  stuck: null,
  ...more,
});
const at = (...codes: string[]): BoardCard['places'] => [{ park: 'p', parcels: codes }];
const columns: BoardColumn[] = [
  {
    column: 'in_talks',
    projects: 2,
    cards: [card('P-10'), card('P-9', { since: '2026-01-02', places: at('TX-2') })],
  },
  {
    column: 'landed',
    projects: 1,
    cards: [card('P-1', { since: '2026-03-01', places: at('TX-10', 'TX-11') })],
  },
];
const order: Column[] = columns.map(({ column }) => column);
const rows = rowsOf(columns, {
  name: ({ name_zh: name }) => name,
  column: (column) => column,
  person: (name) => name,
  stuck: () => '',
});
const codes = (by: Sort, down = false): string[] =>
  sorted(rows, by, down, 'zh', order).map((row) => row.card.code);

it('sorts codes by their numbers, stages in their order, and the unknown last either way', () => {
  expect(codes('code')).toEqual(['P-1', 'P-9', 'P-10']);
  expect(codes('code', true)).toEqual(['P-10', 'P-9', 'P-1']);
  expect(codes('stage')).toEqual(['P-9', 'P-10', 'P-1']);
  expect(codes('stage', true)).toEqual(['P-1', 'P-9', 'P-10']);
  expect(codes('since')).toEqual(['P-9', 'P-1', 'P-10']);
  expect(codes('since', true)).toEqual(['P-1', 'P-9', 'P-10']);
  expect(codes('place')).toEqual(['P-9', 'P-1', 'P-10']);
  expect(codes('agent')).toEqual(['P-1', 'P-9', 'P-10']);
});

it('prints all the parcels of a project', () => {
  expect(rows.map(({ says }) => says.place)).toEqual(['', 'TX-2', 'TX-10, TX-11']);
});
