import type {
  Account,
  FirmTitle,
  Judging,
  PieceAnswer,
  Promotion,
  TaskForce,
  Team,
  TitleYear,
} from '../core/api';
import type { Wire } from '../core/wire';

export type {
  FirmTitle,
  Judgement,
  Judging,
  PieceAnswer,
  Promotion,
  Target,
  TaskForce,
  TitleYear,
} from '../core/api';

export const voices = ['professor', 'entrepreneur', 'official'] as const;
export const verdicts = ['needed', 'helpful', 'not_needed'] as const;
export const answers = ['none', 'interested', 'considering', 'declined'] as const;
export const titles = [
  'backbone',
  'specialised',
  'little_giant',
  'single_champion',
  'gazelle',
  'high_tech',
] as const;
export const levels = ['national', 'provincial', 'municipal'] as const;

/** Reads and writes what is noted of the pieces of a park's chain. Every method rejects as Wire does. */
export class PromotionOffice {
  constructor(
    private readonly wire: Wire,
    private readonly park: string,
  ) {}

  private get base(): string {
    return `/api/parks/${encodeURIComponent(this.park)}/promotion`;
  }

  all(): Promise<Promotion> {
    return this.wire.ask(this.base);
  }

  piece(node: string): Promise<PieceAnswer> {
    return this.wire.ask(`${this.base}/pieces/${node}`);
  }

  async teams(): Promise<Team[]> {
    return (await this.wire.ask<{ teams: Team[] }>('/api/teams')).teams;
  }

  async taskForces(): Promise<TaskForce[]> {
    return (await this.wire.ask<{ teams: TaskForce[] }>('/api/task-forces')).teams;
  }

  /** The accounts that may be linked to an expert: those that one manages. */
  async accounts(): Promise<Account[]> {
    const { accounts } = await this.wire.ask<{ accounts: Account[] }>('/api/accounts');
    return accounts.filter(({ disabled, erased }) => !disabled && !erased);
  }

  async judging(): Promise<Judging[]> {
    return (await this.wire.ask<{ judging: Judging[] }>('/api/judging')).judging;
  }

  titles(): Promise<TitleYear> {
    return this.wire.ask('/api/titles');
  }

  async titlesOf(party: string): Promise<FirmTitle[]> {
    return (await this.wire.ask<{ titles: FirmTitle[] }>(`/api/parties/${party}/titles`)).titles;
  }

  /** Notes something of a piece: its owner, a judgement, a target firm. */
  onPiece(
    node: string,
    what: 'owner' | 'judgements' | 'targets',
    body: unknown,
    key: string,
  ): Promise<unknown> {
    return this.post(`${this.base}/pieces/${node}/${what}`, body, key);
  }

  /** Notes something of a target firm: an answer, its end, its project. */
  onTarget(id: string, what: 'notes' | 'close' | 'project', body: unknown, key: string): Promise<unknown> {
    return this.post(`${this.base}/targets/${id}/${what}`, body, key);
  }

  /** Makes something; sent again with the same key it is made once. */
  post<T>(path: string, body: unknown, key: string): Promise<T> {
    return this.wire.ask(path, { method: 'POST', body, headers: { 'Idempotency-Key': key } });
  }
}
