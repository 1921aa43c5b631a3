import { describe, expect, it } from 'vitest';
import { Office, stageOf, type Contact, type Project, type Reached, type Stage } from './register';
import { Wire } from '../core/wire';

const reached = (stage: Stage) => ({ stage, reached_on: '2026-01-01', evidence: 'x' }) as Reached;
const make = (code: string, name: string, milestones: Reached[] = []): Project =>
  ({ code, name_zh: name, name_en: `${name} works`, party: null, milestones }) as unknown as Project;

const all = [
  make('A-1', '碳纤维', [reached('started'), reached('signed')]),
  make('A-2', 'Prepreg', [reached('signed')]),
  make('B-1', 'Steam'),
];

describe('the registers', () => {
  it('takes the furthest stage reached, whatever the order of the list', () => {
    expect(all.map(stageOf)).toEqual(['started', 'signed', null]);
  });
});

describe('contacts and money put in', () => {
  const asked: string[] = [];
  const wire = new Wire(
    () => 'zh',
    async (url, init) => {
      asked.push(`${init?.method} ${String(url)}`);
      return new Response(
        JSON.stringify({ contacts: [{ id: 'c' }], investments: [{ until: '2026-01-31' }] }),
      );
    },
  );
  const office = new Office(wire);

  it('are read of a party and of a project, and a contact is erased by its id', async () => {
    expect(await office.contacts('p')).toEqual([{ id: 'c' }]);
    expect(await office.investments('j')).toEqual([{ until: '2026-01-31' }]);
    await office.erase({ id: 'c', party: 'p' } as Contact);
    expect(asked).toEqual([
      'GET /api/parties/p/contacts',
      'GET /api/projects/j/investments',
      'DELETE /api/parties/p/contacts/c',
    ]);
  });
});
