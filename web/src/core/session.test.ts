import { describe, expect, it } from 'vitest';
import type { Grant } from './api';
import { inviteOf, mayIn, mayNothing, type Account } from './session';

const park = { id: '01', code: 'carbon-fibre' };
const who = (...roles: Grant[]): Account => ({
  id: 'x',
  login: 'x',
  name: 'x',
  roles,
  by: 'session',
  unlocked: false,
  ends_at: '',
});

describe('roles', () => {
  it('gives nobody anything', () => {
    expect(mayIn(null, park)).toEqual(mayNothing);
    expect(mayIn(who(), park)).toEqual(mayNothing);
    expect(mayIn(who({ park: null, role: 'admin' }), null)).toEqual(mayNothing);
  });

  it.each([
    ['viewer', { see: true, plan: false, approve: false, manage: false }],
    ['planner', { see: true, plan: true, approve: false, manage: false }],
    ['approver', { see: true, plan: false, approve: true, manage: false }],
    ['admin', { see: true, plan: true, approve: true, manage: true }],
  ] as const)('lets a %s do %j', (role, may) => {
    expect(mayIn(who({ park: null, role }), park)).toEqual(may);
    expect(mayIn(who({ park: '01', role }), park)).toEqual(may);
    expect(mayIn(who({ park: 'carbon-fibre', role }), park)).toEqual(may);
    expect(mayIn(who({ park: 'another', role }), park)).toEqual(mayNothing);
  });
});

describe('a one-time link', () => {
  it('holds its secret behind #', () => {
    expect(inviteOf('#invite=abc_DEF-123')).toBe('abc_DEF-123');
    expect(['', '#', '#invite=', '#other=abc', '#invite=a b'].map(inviteOf)).toEqual(Array(5).fill(null));
  });
});
