import type {
  Account,
  Allotment,
  ByState,
  ChainAnswer,
  ChainRole,
  Contact,
  Investment as Noting,
  InvestmentNote as Noted,
  NotedLandStart,
  NotedMoney,
  NotedTag,
  NotedTeamTarget,
  PartiesFound,
  Party,
  Project,
  ProjectsFound,
  Reached,
  Team,
  TaskForce,
  TeamChange,
  TeamReached,
  TeamYear,
  TurnNote,
  Visit,
} from '../core/api';
import type { Wire } from '../core/wire';

export type {
  Contact,
  IndustryCode,
  MilestoneNote,
  NewVisit,
  Party,
  Project,
  ProjectsFound,
  Reached,
  Team,
  Visit,
} from '../core/api';
/** A listing, and a turn, as they are noted. */
export type Tag = Pick<NotedTag, 'tag' | 'from' | 'until'>;
export type Turn = Pick<TurnNote, 'turn' | 'since' | 'reason'>;
/** What a project put in from the first of January of a year to a day of it. */
export type Investment = Noted;
/** An investment as it is noted; one that corrects takes the place of what was noted of its day. */
export type InvestmentNote = Noting;
/** A project's right to parcels of a park. */
export type Right = Omit<Allotment, 'state'> & { park: string; state: keyof ByState };

/** What planners keep beside the land (docs/changes.md). Amounts in CNY, areas in mu. */

export const stages = [
  'lead',
  'in_talks',
  'to_sign',
  'signed',
  'landed',
  'started',
  'in_production',
] as const satisfies Reached['stage'][];
export type Stage = Reached['stage'];

export const standings = ['active', 'paused', 'lost'] as const satisfies Project['standing'][];
export type Standing = Project['standing'];

export const tagNames = ['provincial_key', 'municipal_key', 'signing_key'] as const satisfies Tag['tag'][];
export type TagName = Tag['tag'];

/** Reads and writes projects and parties. Every method rejects as Wire does. */
export class Office {
  constructor(private readonly wire: Wire) {}

  /** Projects by code; what is empty leaves none out. */
  findProjects(asked: {
    words?: string;
    stage?: Stage | '';
    standing?: Standing | '';
    party?: string;
    from?: number;
    limit?: number;
  }): Promise<ProjectsFound> {
    return this.wire.ask(`/api/projects?${query(asked)}`);
  }

  project(id: string): Promise<Project> {
    return this.wire.ask(`/api/projects/${id}`);
  }

  /** Parties by name; what is empty leaves none out. */
  findParties(asked: {
    words?: string;
    district?: string | undefined;
    from?: number;
    limit?: number;
  }): Promise<PartiesFound> {
    return this.wire.ask(`/api/parties?${query(asked)}`);
  }

  /** The promotion teams and task forces. */
  async teams(): Promise<Team[]> {
    return (await this.wire.ask<{ teams: Team[] }>('/api/teams')).teams;
  }

  /** Renames a team, or lets accounts join and leave it. */
  changeTeam(id: string, body: TeamChange): Promise<Team> {
    return this.wire.ask(`/api/teams/${id}`, { method: 'PATCH', body });
  }

  /** Whom one may let join a team: the accounts that one manages. */
  async accounts(): Promise<Account[]> {
    return (await this.wire.ask<{ accounts: Account[] }>('/api/accounts')).accounts;
  }

  party(id: string): Promise<Party> {
    return this.wire.ask(`/api/parties/${id}`);
  }

  /** A party's contacts, the erased ones too. */
  async contacts(party: string): Promise<Contact[]> {
    return (await this.wire.ask<{ contacts: Contact[] }>(`/api/parties/${party}/contacts`)).contacts;
  }

  /** Erases a contact's data for good. */
  async erase({ id, party }: Contact): Promise<void> {
    await this.wire.ask(`/api/parties/${party}/contacts/${id}`, { method: 'DELETE' });
  }

  async investments(project: string): Promise<Investment[]> {
    const path = `/api/projects/${project}/investments`;
    return (await this.wire.ask<{ investments: Investment[] }>(path)).investments;
  }

  /** Money of a project by kind, the newest first. */
  async money(project: string): Promise<NotedMoney[]> {
    return (await this.wire.ask<{ money: NotedMoney[] }>(`/api/projects/${project}/money`)).money;
  }

  /** Starts of construction under the land law, the newest note first. */
  async landStarts(project: string): Promise<NotedLandStart[]> {
    const path = `/api/projects/${project}/land-starts`;
    return (await this.wire.ask<{ land_starts: NotedLandStart[] }>(path)).land_starts;
  }

  /** What a project is to pieces of chains. */
  async roles(project: string): Promise<ChainRole[]> {
    return (await this.wire.ask<{ roles: ChainRole[] }>(`/api/projects/${project}/chain-roles`)).roles;
  }

  /** The chain of a park. */
  chain(park: string): Promise<ChainAnswer> {
    return this.wire.ask(`/api/parks/${encodeURIComponent(park)}/chain`);
  }

  /** The teams with who leads them. */
  async charges(): Promise<TaskForce[]> {
    return (await this.wire.ask<{ teams: TaskForce[] }>('/api/task-forces')).teams;
  }

  teamYear(year: number): Promise<TeamYear> {
    return this.wire.ask(`/api/team-figures?year=${year}`);
  }

  /** The projects behind a figure of a team; quarter 0: those of which the quarter is not known. */
  async teamRows(team: string, year: number, quarter: number, measure: string): Promise<TeamReached[]> {
    const path = `/api/teams/${team}/figures/projects?year=${year}&quarter=${quarter}&measure=${measure}`;
    return (await this.wire.ask<{ projects: TeamReached[] }>(path)).projects;
  }

  async teamTargets(team: string): Promise<NotedTeamTarget[]> {
    return (await this.wire.ask<{ targets: NotedTeamTarget[] }>(`/api/teams/${team}/targets`)).targets;
  }

  /** A project's visits, the newest first. */
  async visits(project: string): Promise<Visit[]> {
    return (await this.wire.ask<{ visits: Visit[] }>(`/api/projects/${project}/visits`)).visits;
  }

  /** Notes that the next step of a visit is done; gives all visits. */
  async doStep(project: string, n: number): Promise<Visit[]> {
    const path = `/api/projects/${project}/visits/${n}/done`;
    return (await this.wire.ask<{ visits: Visit[] }>(path, { method: 'POST' })).visits;
  }

  /** The live rights of a project in the parks named by code. */
  async rights(project: string, parks: readonly string[]): Promise<Right[]> {
    const all = await Promise.all(
      parks.map(async (park) => {
        const path = `/api/parks/${encodeURIComponent(park)}/allotments?project=${project}`;
        const { allotments } = await this.wire.ask<{ allotments: Omit<Right, 'park'>[] }>(path);
        return allotments.map((right) => ({ ...right, park }));
      }),
    );
    return all.flat();
  }

  /** Makes something; sent again with the same key it is made once. */
  make<T>(path: string, body: unknown, key: string): Promise<T> {
    return this.wire.ask(path, { method: 'POST', body, headers: { 'Idempotency-Key': key } });
  }

  /** Changes what is still as it was seen. */
  change<T>(path: string, body: unknown, revision: number): Promise<T> {
    return this.wire.ask(path, { method: 'PATCH', body, headers: { 'If-Match': `"${revision}"` } });
  }
}

/** What is asked for, as a query; what is empty isn't. */
function query(asked: Record<string, string | number | undefined>): URLSearchParams {
  const given = Object.entries(asked).filter(([, value]) => value !== '' && value !== undefined);
  return new URLSearchParams(given.map(([key, value]) => [key, String(value)]));
}

/** The stage a project is in: of those it reached, the furthest. */
export function stageOf(project: Project): Stage | null {
  return stages.findLast((stage) => project.milestones.some((reached) => reached.stage === stage)) ?? null;
}
