import { describe, expect, it } from 'vitest';
import {
  byName,
  inOrder,
  linkOf,
  partnersOf,
  type FilledNode,
  type Gap,
  type Link,
  type Tenant,
} from './chain';

const node = (code: string, stage: number): FilledNode => ({
  code,
  stage,
  name: { zh: code, en: code },
  pipeline: 0,
  signed: 0,
  tenants: [],
});
const link = (from: string, to: string, weight: number): Link => ({
  from,
  to,
  weight,
  source: `${from} ${to}`,
});
const links = [link('a', 'b', 0.2), link('b', 'c', 0.5), link('d', 'b', 0.9)];

describe('a chain', () => {
  it('runs from raw material to use, and what serves several stages comes last', () => {
    const nodes = [
      node('mould', -1),
      node('part', 4),
      node('fibre', 2),
      node('resin', -1),
      node('fabric', 2),
    ];
    expect(inOrder(nodes).map(({ code }) => code)).toEqual(['fibre', 'fabric', 'part', 'mould', 'resin']);
  });

  it('tells suppliers from customers, the weightiest first', () => {
    const { suppliers, customers } = partnersOf(links, 'b');
    expect(suppliers.map(({ from }) => from)).toEqual(['d', 'a']);
    expect(customers.map(({ to }) => to)).toEqual(['c']);
    expect(partnersOf(links, 'z')).toEqual({ suppliers: [], customers: [] });
  });

  it('names a tenant of several parcels once', () => {
    const tenant = (zh: string, code: string): Tenant => ({
      parcel: code,
      code,
      name: { zh, en: zh },
      point: [0, 0],
    });
    const groups = byName([tenant('x', 'A1'), tenant('y', 'A2'), tenant('x', 'A3')], 'zh');
    expect(groups.map(([name, parcels]) => [name, parcels.map(({ code }) => code)])).toEqual([
      ['x', ['A1', 'A3']],
      ['y', ['A2']],
    ]);
  });

  it.each([
    ['feeds', 'a', 'a b'],
    ['depends', 'c', 'b c'],
    ['unlocks', 'c', 'b c'],
    ['depends', 'a', undefined],
  ] as const)('finds the link behind "%s" %s', (why, other, source) => {
    const reason = { why, node: other, weight: 1, adds: 1, text: { zh: '', en: '' } };
    const gap: Gap = { node: 'b', missing: 1, score: 1, reasons: [reason] };
    expect(linkOf(links, gap, reason)?.source).toBe(source);
  });
});
