import { describe, expect, it } from 'vitest';
import { approvalsLink, formatPage, outOf, parsePage } from './page';

const id = '01a20864-c6a7-75d4-a02c-be14e51409e1';

describe('the page of a link', () => {
  it.each([
    ['projects', { of: 'projects', id: null, edit: false }],
    ['projects/new', { of: 'projects', id: null, edit: true }],
    [`parties/${id}`, { of: 'parties', id, edit: false }],
    ['plan-units/new', { of: 'plan-units', id: null, edit: true }],
    [`parties/${id}/edit`, { of: 'parties', id, edit: true }],
  ] as const)('reads and writes %s', (text, page) => {
    expect(parsePage(text)).toEqual(page);
    expect(formatPage(page)).toBe(text);
  });

  it.each([
    null,
    '',
    'people',
    'projects/7',
    `projects/${id}/erase`,
    `projects/${id}/edit/now`,
    'projects/new/edit',
  ])('takes %s as no page', (text) => expect(parsePage(text)).toBeNull());

  it('leads out step by step', () => {
    const form = { of: 'projects', id, edit: true } as const;
    const thing = outOf(form);
    const list = thing && outOf(thing);
    expect([thing && formatPage(thing), list && formatPage(list), list && outOf(list)]).toEqual([
      `projects/${id}`,
      'projects',
      null,
    ]);
  });
});

it.each([
  ['approvals=2022-06-01', '2022-06-01'],
  ['approvals=2022-06-31', ''],
  ['approvals=June', ''],
  ['', ''],
])('approvals are told as of the day of %s', (query, on) => {
  expect(approvalsLink.read(new URLSearchParams(query))).toBe(on);
  const written = new URLSearchParams();
  approvalsLink.write(written, on);
  expect(approvalsLink.read(written)).toBe(on);
});
