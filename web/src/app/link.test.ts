import { describe, expect, it } from 'vitest';
import { chainLink } from '../chain/link';
import { filterLink, noFilters } from '../core/filters';
import type { Kept } from '../core/kept';
import { layers, layersAtStart } from '../core/layer';
import { textOf, type LinkPart } from '../core/link';
import type { Lang } from '../core/message';
import { exampleNeed } from '../core/need';
import { byCode, orderLink } from '../core/parcels';
import { pageLink } from '../register/page';
import { enquiryLink } from '../enquiry/enquiry.svelte';
import { shortlistLink } from '../shortlist/link';
import { sitingLink } from '../siting/link';
import { compareLink } from '../state/compared.svelte';
import { inViewLink, langLink, lookLink, parcelLink, parkLink, pastLink, viewLink } from '../state/links';

/** Every part of the address. */
const parts = {
  park: parkLink,
  parcel: parcelLink,
  view: viewLink,
  filters: filterLink,
  order: orderLink,
  inView: inViewLink,
  look: lookLink,
  past: pastLink,
  page: pageLink,
  siting: sitingLink,
  chain: chainLink,
  compare: compareLink,
  shortlist: shortlistLink,
  enquiry: enquiryLink,
  lang: langLink(() => ({ chosen: null, asked: 'zh' })),
};
type State = { [K in keyof typeof parts]: (typeof parts)[K] extends LinkPart<infer T> ? T : never };

const start: State = {
  park: null,
  parcel: null,
  view: null,
  filters: noFilters,
  order: byCode,
  inView: true,
  look: { layers: layersAtStart, as: 'map' },
  past: null,
  page: null,
  siting: { match: null, step: null, weights: {}, site: null },
  chain: null,
  compare: { items: [], shown: false },
  shortlist: [],
  enquiry: null,
  lang: 'zh',
};

const parcel = (code: string): Kept => ({ kind: 'parcel', code, parcels: [code] });
const cutLot: Kept = {
  kind: 'lot',
  code: 'TX-R01/1',
  parcels: ['TX-R01'],
  area_mu: 24.5,
  lot: '122029172736_37248776183_-207290_1034202_-1281675_-299823',
};
const joined: Kept = { kind: 'assembly', code: 'TX-D07+TX-D08', parcels: ['TX-D07', 'TX-D08'] };

/** A need that was asked. */
const needed = { ...start.siting, match: exampleNeed };

function write(state: State): string {
  const query = new URLSearchParams();
  for (const [name, part] of Object.entries(parts))
    (part as LinkPart<unknown>).write(query, state[name as keyof State]);
  return textOf(query);
}

function read(search: string): State {
  const query = new URLSearchParams(search);
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.read(query)])) as State;
}

describe('the link', () => {
  it('is empty for the start and reads back as the start', () => {
    expect(write(start)).toBe('');
    expect(read('')).toEqual(start);
  });

  it.each<[string, Partial<State>]>([
    ['a park', { park: 'carbon-fibre' }],
    ['a parcel whose code needs escaping', { park: 'a', parcel: '碳-1/2&x=3 #%' }],
    ['a view', { view: { zoom: 15.25, lat: 37.25123, lon: 122.03 } }],
    ['a filter', { filters: { ...noFilters, statuses: ['reserve', 'built'] } }],
    ['sizes', { filters: { ...noFilters, ranges: { mu: [54.5, 66] } }, look: { ...start.look, as: 'list' } }],
    ['an order', { order: { column: 'port', descending: true } }],
    ['a list of all of the park', { inView: false }],
    ['a layer on', { look: { ...start.look, layers: new Set([...layersAtStart, 'plan']) } }],
    ['all layers off', { look: { ...start.look, layers: new Set() } }],
    ['all layers on', { look: { ...start.look, layers: new Set(layers) } }],
    ['a day of the past', { past: '2026-11-22' }],
    ['an instant of the past', { past: '2026-11-22T08:00:00.123456Z' }],
    ['a page of a register', { page: { of: 'projects', id: null, edit: true } }],
    ['a need', { siting: needed }],
    ['a step at which it is being stated', { siting: { ...needed, step: 'services' } }],
    ['a step at which nothing is stated yet', { siting: { ...needed, match: null, step: 'made' } }],
    [
      'sites side by side',
      { compare: { items: [...['TX-R01/2', 'a,b%;'].map(parcel), cutLot, joined], shown: true } },
    ],
    ['sites chosen for it', { compare: { items: [parcel('TX-L04')], shown: false } }],
    ['a shortlist of lots and neighbours', { shortlist: [parcel('TX-L04'), cutLot, joined] }],
    ['the industry chain', { chain: '' }],
    ['the surface of a gap in it', { chain: 'pressure_vessels' }],
    ['weights', { siting: { ...needed, weights: { area_mu: 0, partner_prepreg_m: 2.25 } } }],
    ['a lot', { parcel: 'TX-R01', siting: { ...needed, site: 'TX-R01/2' } }],
    ['neighbours together', { parcel: 'TX-D07', siting: { ...needed, site: 'TX-D07+TX-D08' } }],
    ['the list in English', { look: { ...start.look, as: 'list' }, lang: 'en' }],
  ])('keeps %s', (_, change) => {
    const state = { ...start, ...change };
    expect(read(write(state))).toEqual(state);
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
    '?step=nowhere',
    '?compare=',
    '?compare=%25E0%25A4%25A',
    '?weigh=x,area_mu,a:-1,<b>:2',
  ])('takes what it cannot read as absent: %s', (search) => {
    expect(read(search)).toEqual(start);
  });
});

describe('the language of an address', () => {
  const of = (chosen: Lang | null, asked: Lang) => langLink(() => ({ chosen, asked }));
  const bare = new URLSearchParams();

  it('is the link’s, else the choice, else the browser’s', () => {
    expect(of('en', 'en').read(new URLSearchParams('lang=zh'))).toBe('zh');
    expect(of('en', 'zh').read(bare)).toBe('en');
    expect(of(null, 'en').read(bare)).toBe('en');
    expect(of(null, 'en').read(new URLSearchParams('lang=fr'))).toBe('en');
  });

  it.each([
    [null, 'zh', 'zh', ''],
    [null, 'zh', 'en', '?lang=en'],
    [null, 'en', 'en', ''],
    [null, 'en', 'zh', '?lang=zh'],
    ['en', 'zh', 'en', '?lang=en'],
    ['en', 'zh', 'zh', '?lang=zh'],
    ['en', 'en', 'en', ''],
    ['zh', 'en', 'en', '?lang=en'],
  ] as const)('chosen %s, asked %s, shown in %s: "%s"', (chosen, asked, shown, written) => {
    const query = new URLSearchParams();
    of(chosen, asked).write(query, shown);
    expect(textOf(query)).toBe(written);
    expect(of(chosen, asked).read(query)).toBe(shown);
  });
});
