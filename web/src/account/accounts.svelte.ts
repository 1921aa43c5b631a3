import { createContext } from 'svelte';
import type { TaskList } from '../core/api';
import { inviteOf, type Account } from '../core/session';
import { Work } from '../kit/work.svelte';
import type { Land } from '../state/land.svelte';
import type { Panels } from '../state/panel.svelte';
import type { Selection } from '../state/selection.svelte';
import type { Session } from '../state/session.svelte';

/** Signing in and out, and what the page does then. */
export class Accounts {
  /** The secret of the one-time link that the page was opened with. */
  invite = $state<string | null>(null);
  readonly work: Work;

  constructor(private readonly use: { land: Land; panels: Panels; selection: Selection; session: Session }) {
    this.work = new Work((error) => use.session.say(error));
  }

  /** The page was opened with a one-time link: its secret goes from the address, so that no one reads it there. */
  invited(hash: string): void {
    this.invite = inviteOf(hash);
    if (this.invite === null) return;
    history.replaceState(null, '', location.pathname + location.search);
    this.use.panels.put('signin');
  }

  /** What waits for whoever has signed in comes first, where anything does; who is new has nothing yet. */
  async signedIn(account: Account | null, known: boolean): Promise<void> {
    const { land, panels, session } = this.use;
    session.account = account;
    this.invite = null;
    if (!known || !(await this.waits())) panels.close();
    void land.readAs();
  }

  private async waits(): Promise<boolean> {
    try {
      return (await this.use.session.wire.ask<TaskList>('/api/my/tasks')).tasks.length > 0;
    } catch {
      return false;
    }
  }

  async signOut(): Promise<void> {
    const { land, panels, selection, session } = this.use;
    await this.work.run(async () => {
      await session.sessions.close();
      session.drafts.forgetPersons();
      session.account = null;
      land.leave();
      panels.put(null);
      selection.select(null);
      await land.readAs();
    });
  }

  /** The sign-in has ended elsewhere: asks who is signed in now. What is typed stays. */
  async again(): Promise<void> {
    await this.use.session.start();
    await this.use.land.readAs();
  }
}

export const [useAccounts, provideAccounts] = createContext<Accounts>();
