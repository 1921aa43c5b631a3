import { describe, expect, it } from 'vitest';
import type { Project, Team } from './register';
import { contactedFaults, contactedForm, liveContact, ownTeams } from './teamform';

const team = (id: string, ...members: { id: string; until: string | null }[]) => ({ id, members }) as Team;
const teams = [team('a', { id: 'me', until: null }), team('b', { id: 'me', until: '2026-01-01T00:00:00Z' })];

describe('a first contact', () => {
  it('is registered for a team that one is of now, or by who leads for any', () => {
    expect(ownTeams(teams, 'me', false).map(({ id }) => id)).toEqual(['a']);
    expect(ownTeams(teams, 'me', true)).toHaveLength(2);
    expect(contactedForm(ownTeams(teams, 'me', false), '2026-11-29').team).toBe('a');
    expect(contactedFaults({ team: '', made_on: '2026-11-30' }, '2026-11-29')).toEqual({
      team: 'web.register.fault.chosen',
      made_on: 'web.register.fault.future',
    });
  });

  it('is live until it is released', () => {
    const of = (released_at: string | null) => ({ first_contacts: [{ released_at }] }) as unknown as Project;
    expect(liveContact(of(null))).not.toBeNull();
    expect(liveContact(of('2026-01-01T00:00:00Z'))).toBeNull();
  });
});
