import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { known } from '../../scripts/api.mjs';
import { kinds as networkKinds, statuses } from './feed';
import { kinds, supplyModes } from './orders';
import { hazards } from './need';

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

interface Schema {
  enum?: string[];
  properties?: Record<string, Schema>;
}
const { schemas } = (
  JSON.parse(read('api/testdata/openapi.json')) as { components: { schemas: Record<string, Schema> } }
).components;
const enumOf = (schema: string, property: string): string[] =>
  schemas[schema]?.properties?.[property]?.enum ?? [];

/** Kinds that are not ordered for parcels picked on the map, and where the page asks for them. */
const elsewhere = {
  border: 'nowhere: a park’s border is moved by the command',
  create: 'the register: a form of a thing of the park',
  edit: 'the register',
  retire: 'the register',
  revert: 'the history and the notice of what was done',
  draw: 'nowhere: what a right draws is stated with its hold',
  leave: 'the queue of a parcel',
  paper: 'the papers of a parcel',
  settings: 'the settings of the park',
};

describe("the API's types", () => {
  it('fill in only what the document has', () => {
    const missing = Object.keys(known).filter((path) => {
      const [schema = '', property = ''] = path.split('.');
      return schemas[schema]?.properties?.[property] === undefined;
    });
    expect(missing).toEqual([]);
  });
});

describe("the page's lists", () => {
  it('offer every kind of order, or ask for it elsewhere', () => {
    expect([...kinds, ...Object.keys(elsewhere)].sort()).toEqual(enumOf('Command', 'kind').sort());
  });

  it('have the statuses of the collection of parcels, in its order', () => {
    const { properties } = JSON.parse(read('api/testdata/schema.json')) as Schema;
    expect(statuses).toEqual(properties?.['status']?.enum);
  });

  it('have the kinds of the collection of networks, in its order', () => {
    const { properties } = JSON.parse(read('api/testdata/feature-schema.json')) as Schema;
    expect(networkKinds).toEqual(properties?.['properties']?.properties?.['kind']?.enum);
  });

  it.each([
    ['ways of supply', supplyModes, 'Terms', 'supply_mode'],
    ['hazard classes', hazards, 'Requirement', 'hazard'],
  ])('have the %s of the document', (_, list, schema, property) => {
    expect([...list].sort()).toEqual(enumOf(schema, property).sort());
  });
});
