import { describe, expect, it } from 'vitest';
import { layers, layersAtStart } from './layer';
import { exampleNeed } from './need';
import { formatUrl, parseUrl, type UrlState } from './url';

const start: UrlState = {
  lang: 'zh',
  park: null,
  parcel: null,
  view: null,
  statuses: [],
  layers: layersAtStart,
  as: 'map',
  on: null,
  page: null,
  match: null,
  chain: null,
  weights: {},
  site: null,
};

describe('the link', () => {
  it('is empty for the start and reads back as the start', () => {
    expect(formatUrl(start)).toBe('');
    expect(parseUrl('')).toEqual(start);
  });

  it.each<[string, Partial<UrlState>]>([
    ['a park', { park: 'carbon-fibre' }],
    ['a parcel whose code needs escaping', { park: 'a', parcel: '碳-1/2&x=3 #%' }],
    ['a view', { view: { zoom: 15.25, lat: 37.25123, lon: 122.03 } }],
    ['a filter', { statuses: ['reserve', 'built'] }],
    ['a layer on', { layers: new Set([...layersAtStart, 'plan']) }],
    ['all layers off', { layers: new Set() }],
    ['all layers on', { layers: new Set(layers) }],
    ['a day of the past', { on: '2026-11-22' }],
    ['an instant of the past', { on: '2026-11-22T08:00:00.123456Z' }],
    ['a page of a register', { page: { of: 'projects', id: null, edit: true } }],
    ['a need', { match: exampleNeed }],
    ['the industry chain', { chain: '' }],
    ['the surface of a gap in it', { chain: 'pressure_vessels' }],
    ['weights', { match: exampleNeed, weights: { area_mu: 0, partner_prepreg_m: 2.25 } }],
    ['a lot', { match: exampleNeed, parcel: 'TX-R01', site: 'TX-R01/2' }],
    ['neighbours together', { match: exampleNeed, parcel: 'TX-D07', site: 'TX-D07+TX-D08' }],
    ['the list in English', { as: 'list', lang: 'en' }],
  ])('keeps %s', (_, change) => {
    const state = { ...start, ...change };
    expect(parseUrl(formatUrl(state))).toEqual(state);
  });

  it.each([
    '?view=1/2',
    '?view=99/37/122',
    '?view=a/b/c',
    '?view=10//122',
    '?status=unknown',
    '?on=2026-02-30',
    '?on=yesterday',
    '?lang=fr',
    '?as=globe',
    '?hide=nothing&show=none',
    '?park=',
    '?match=min:x',
    '?weigh=x,area_mu,a:-1,<b>:2',
  ])('takes what it cannot read as absent: %s', (search) => {
    expect(parseUrl(search)).toEqual(start);
  });
});
