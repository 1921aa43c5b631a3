import type { ChainAnswer, ChainRole, NotedLandStart, NotedMoney } from '../core/api';
import type { Place } from '../core/drafts';
import { Entry, type KeptForm, type Sort } from '../kit/entry.svelte';
import {
  moneyFaults,
  moneyForm,
  moneyOf,
  roleFaults,
  roleForm,
  roleOf,
  startFaults,
  startForm,
  startOf,
  type MoneyForm,
  type RoleForm,
  type StartForm,
} from './noteform';
import type { Office, Project } from './register';

/** What these notes need of the page that they are on. */
export interface NotesHost {
  readonly office: Office;
  readonly today: string;
  place<F>(name: string): Place<KeptForm<F>>;
}

type Money = readonly NotedMoney[];
type Starts = readonly NotedLandStart[];
type Roles = readonly ChainRole[];

/** A form under way, and what it corrects. */
export type Note =
  | { kind: 'money'; wrong: NotedMoney | null; entry: Entry<MoneyForm, Money> }
  | { kind: 'start'; wrong: NotedLandStart | null; entry: Entry<StartForm, Starts> }
  | { kind: 'role'; wrong: ChainRole | null; entry: Entry<RoleForm, Roles> };

/** Of a project: money by kind, starts of construction under the land law, and what it is to pieces of a chain. */
export class Notes {
  money = $state.raw<Money>([]);
  starts = $state.raw<Starts>([]);
  roles = $state.raw<Roles>([]);
  open = $state.raw<Note | null>(null);

  constructor(private readonly use: NotesHost) {}

  forget(): void {
    this.money = this.starts = this.roles = [];
  }

  /** Reads what is noted; what came is put in place by the caller's word, which may be looking elsewhere by then. */
  async load(project: string, still: () => boolean): Promise<void> {
    const { office } = this.use;
    const [money, starts, roles] = await Promise.all([
      office.money(project),
      office.landStarts(project),
      office.roles(project),
    ]);
    if (still()) [this.money, this.starts, this.roles] = [money, starts, roles];
  }

  noteMoney(of: Project, wrong: NotedMoney | null): void {
    const { office, today } = this.use;
    const sort: Sort<MoneyForm, Money> = {
      form: () => moneyForm(today, wrong),
      faults: (form) => moneyFaults(form, today, wrong !== null),
      send: async (form, _, __, key) =>
        (
          await office.make<{ money: NotedMoney[] }>(
            `/api/projects/${of.id}/money`,
            moneyOf(form, wrong !== null),
            key,
          )
        ).money,
    };
    const name = wrong ? [wrong.kind, wrong.span, wrong.currency, wrong.year, wrong.as_of].join('.') : 'new';
    this.open = {
      kind: 'money',
      wrong,
      entry: new Entry(sort, null, this.use.place(`money.${of.id}.${name}`)),
    };
  }

  noteStart(of: Project, wrong: NotedLandStart | null): void {
    const { office, today } = this.use;
    const sort: Sort<StartForm, Starts> = {
      form: () => startForm(today, wrong),
      faults: (form) => startFaults(form, today, wrong !== null),
      send: async (form, _, __, key) =>
        (
          await office.make<{ land_starts: NotedLandStart[] }>(
            `/api/projects/${of.id}/land-starts`,
            startOf(form, wrong !== null),
            key,
          )
        ).land_starts,
    };
    const place = this.use.place<StartForm>(
      `land-start.${of.id}.${wrong ? (wrong.allotment ?? 'own') : 'new'}`,
    );
    this.open = { kind: 'start', wrong, entry: new Entry(sort, null, place) };
  }

  noteRole(of: Project, chain: ChainAnswer['code'], wrong: ChainRole | null): void {
    const { office } = this.use;
    const sort: Sort<RoleForm, Roles> = {
      form: () => roleForm(wrong),
      faults: (form) => roleFaults(form, wrong !== null),
      send: async (form, _, __, key) =>
        (
          await office.make<{ roles: ChainRole[] }>(
            `/api/projects/${of.id}/chain-roles`,
            roleOf(form, chain, wrong !== null),
            key,
          )
        ).roles,
    };
    const place = this.use.place<RoleForm>(`role.${of.id}.${wrong?.node ?? 'new'}`);
    this.open = { kind: 'role', wrong, entry: new Entry(sort, null, place) };
  }

  /** Saves the form under way; true when it is done. */
  async save(): Promise<boolean> {
    const { open } = this;
    if (open?.kind === 'money') this.money = (await open.entry.save()) ?? this.money;
    else if (open?.kind === 'start') this.starts = (await open.entry.save()) ?? this.starts;
    else if (open) this.roles = (await open.entry.save()) ?? this.roles;
    if (open?.entry.fate !== 'saved') return false;
    this.open = null;
    return true;
  }
}
