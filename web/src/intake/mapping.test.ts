import { expect, it } from 'vitest';
import { filledBy, keyOf, queryOf, recall, type Choices } from './mapping';

const choices: Choices = {
  layer: 'parcels',
  update: true,
  publication: 'internal',
  crs: '',
  sourceLayer: '',
  skip: false,
  widen: false,
  snap: 0,
  retire: false,
  mapping: {},
};

it('puts columns and values into one parameter each, and the code into its own', () => {
  const mapping = {
    code: { column: '编号' },
    legal_m2: { column: '面积' },
    land_use: { value: '100102' },
    zone: { value: '' },
  };
  const query = queryOf({ ...choices, mapping, skip: true }, 'a b.geojson', { dry_run: 'true' });
  expect(Object.fromEntries(query)).toEqual({
    layer: 'parcels',
    name: 'a b.geojson',
    mode: 'update',
    publication: 'internal',
    dry_run: 'true',
    code_field: '编号',
    map: '{"legal_m2":"面积"}',
    set: '{"land_use":"100102"}',
    skip_refused: 'true',
  });
});

it('asks to retire what is missing of an update of parcels alone', () => {
  const asks = (part: Partial<Choices>): string | null =>
    queryOf({ ...choices, retire: true, ...part }, 'a', {}).get('retire_missing');
  expect(asks({})).toBe('true');
  expect(asks({ retire: false })).toBeNull();
  expect(asks({ update: false })).toBeNull();
  expect(asks({ layer: 'zones' })).toBeNull();
});

it('remembers by the set of columns, in whatever order, and a layer', () => {
  expect(keyOf('parcels', [{ name: 'b' }, { name: 'a' }])).toBe(
    keyOf('parcels', [{ name: 'a' }, { name: 'b' }]),
  );
  expect(keyOf('zones', [{ name: 'a' }])).not.toBe(keyOf('parcels', [{ name: 'a' }]));
});

it('recalls what still fits, and nothing of what is damaged', () => {
  const kept = JSON.stringify({ code: { column: 'a' }, zone: { column: 'gone' }, land_use: { value: '10' } });
  expect(recall(kept, [{ name: 'a' }])).toEqual({ code: { column: 'a' }, land_use: { value: '10' } });
  expect(recall('{"code":', [{ name: 'a' }])).toBeNull();
  expect(recall('{"code":{"value":5}}', [{ name: 'a' }])).toBeNull();
  expect(recall(null, [])).toBeNull();
});

it('finds the column that fills a field', () => {
  const columns = [
    { name: 'x', fills: ['code'], samples: [], filled: 1 },
    { name: 'y', fills: [], samples: [], filled: 1 },
  ];
  expect(filledBy({ columns }, 'code')).toBe('x');
  expect(filledBy({ columns }, 'zone')).toBe('');
});
