import type { Grant, Invited, Me, WhoAmI } from './api';
import type { Wire } from './wire';

export type { Invited } from './api';
/** Who is signed in (docs/accounts.md). */
export type Account = Me;

/** Sign-in and one-time links. Every method rejects as Wire does. */
export class Sessions {
  constructor(private readonly wire: Wire) {}

  async read(signal?: AbortSignal): Promise<Account | null> {
    return (await this.wire.ask<WhoAmI>('/api/session', signal ? { signal } : {})).account;
  }

  async open(login: string, password: string): Promise<Account | null> {
    const body = { login, password };
    return (await this.wire.ask<WhoAmI>('/api/session', { method: 'POST', body })).account;
  }

  async close(): Promise<void> {
    await this.wire.ask('/api/session', { method: 'DELETE' });
  }

  look(invite: string): Promise<Invited> {
    return this.wire.ask('/api/invitation/look', { method: 'POST', body: { invite } });
  }

  async accept(
    invite: string,
    chosen: { login?: string; name?: string; password: string },
  ): Promise<Account | null> {
    const body = { invite, ...chosen };
    return (await this.wire.ask<WhoAmI>('/api/invitation', { method: 'POST', body })).account;
  }
}

/** What an account may do in a park, named by code or id. */
export interface May {
  /** See what is not public. */
  see: boolean;
  /** Order changes. */
  plan: boolean;
  /** Decide what others propose. */
  approve: boolean;
  /** Set what the park tells the public. */
  manage: boolean;
}

export const mayNothing: May = { see: false, plan: false, approve: false, manage: false };

/** The rights of an account's roles (docs/accounts.md, Roles); `park` is known by its code and its id. */
export function mayIn(account: Account | null, park: { id: string; code: string } | null): May {
  if (!account || !park) return mayNothing;
  const here = ({ park: of }: Grant): boolean => of === null || of === park.code || of === park.id;
  return mayWith(account.roles.filter(here));
}

/** What an account may do in some park: what is kept by district is for these. */
export const mayAnywhere = (account: Account | null): May => mayWith(account?.roles ?? []);

function mayWith(grants: readonly Grant[]): May {
  const held = new Set(grants.map(({ role }) => role));
  return {
    see: held.size > 0,
    plan: held.has('planner') || held.has('admin'),
    approve: held.has('approver') || held.has('admin'),
    manage: held.has('admin'),
  };
}

/** The secret of a one-time link, from what follows # in the address; null: there is none. */
export function inviteOf(hash: string): string | null {
  return /^#invite=([\w.~-]+)$/.exec(hash)?.[1] ?? null;
}
