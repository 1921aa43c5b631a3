import type {
  ChainRole,
  NewChainRole,
  NewLandStart,
  NewMoney,
  NotedLandStart,
  NotedMoney,
} from '../core/api';
import { isDecimal, shift } from '../core/decimal';
import type { Faults } from '../core/fault';
import { noCorrection, onDay, whyFaults, type Correction } from './stageform';

/** The kinds of money and over what each is counted, as one choice of a form. */
export const moneyKinds = [
  'year_plan.year',
  'paid.since_begin',
  'fixed_asset.month',
  'fixed_asset.to_date',
  'fixed_asset.since_begin',
  'planned_total.whole',
  'paid.to_date',
] as const;
export type MoneyKind = (typeof moneyKinds)[number];

export const kindOf = ({ kind, span }: NotedMoney): MoneyKind => `${kind}.${span}` as MoneyKind;

/** What has its place elsewhere in CNY: the planned total in the facts, what was paid this year in investments. */
const elsewhere: readonly MoneyKind[] = ['planned_total.whole', 'paid.to_date'];

/** An amount of a project as its form has it, in 10,000 of the currency. */
export interface MoneyForm extends Correction {
  kind: MoneyKind | '';
  currency: string;
  year: string;
  as_of: string;
  amount: string;
  evidence: string;
  reported: boolean;
}

/** The most that the server takes, in 10,000. */
const MOST = 1_000_000_000;

export const moneyForm = (today: string, wrong: NotedMoney | null): MoneyForm => ({
  kind: wrong ? kindOf(wrong) : '',
  currency: wrong?.currency ?? 'CNY',
  year: String(wrong?.year ?? today.slice(0, 4)),
  as_of: wrong?.as_of ?? today,
  amount: wrong ? shift(String(wrong.amount), -4) : '',
  evidence: wrong?.evidence ?? '',
  reported: wrong?.basis === 'reported',
  ...noCorrection,
});

export function moneyFaults(form: MoneyForm, today: string, corrects: boolean): Faults<MoneyForm> {
  const foreign = /^[A-Z]{3}$/.test(form.currency);
  return {
    ...(!form.kind && { kind: 'web.register.fault.chosen' }),
    ...((!foreign || (form.currency === 'CNY' && form.kind && elsewhere.includes(form.kind))) && {
      currency: 'web.register.fault.given',
    }),
    ...(form.kind === 'year_plan.year' && !/^\d{4}$/.test(form.year) && { year: 'web.register.fault.given' }),
    ...onDay('as_of', form.as_of, today),
    ...((!isDecimal(form.amount, 6) || Number(form.amount) > MOST) && { amount: 'web.register.fault.money' }),
    ...(!form.evidence.trim() && { evidence: 'web.register.fault.evidence' }),
    ...whyFaults(form, corrects),
  };
}

export function moneyOf(form: MoneyForm, corrects: boolean): NewMoney {
  const [kind, span] = form.kind.split('.') as [NewMoney['kind'], NewMoney['span']];
  return {
    kind,
    span,
    currency: form.currency,
    as_of: form.as_of,
    amount: Number(shift(form.amount, 4)),
    evidence: form.evidence.trim(),
    basis: form.reported ? 'reported' : 'confirmed',
    ...(span === 'year' && { year: Number(form.year) }),
    ...(corrects && { corrects, reason: form.why.trim() }),
  };
}

export const startKinds = ['pit', 'piles', 'foundation', 'stated'] as const satisfies NewLandStart['kind'][];
export const precisions = ['day', 'month', 'year', 'by'] as const satisfies NotedLandStart['precision'][];

/** A start of construction under the land law as its form has it. */
export interface StartForm extends Correction {
  started_on: string;
  precision: (typeof precisions)[number];
  /** A right to land; '' where it is not said. */
  allotment: string;
  kind: NewLandStart['kind'] | '';
  evidence: string;
  reported: boolean;
}

export const startForm = (today: string, wrong: NotedLandStart | null): StartForm => ({
  started_on: wrong?.started_on ?? today,
  precision: wrong?.precision ?? 'day',
  allotment: wrong?.allotment ?? '',
  kind: wrong?.kind ?? '',
  evidence: wrong?.evidence ?? '',
  reported: wrong?.basis === 'reported',
  ...noCorrection,
});

export const startFaults = (form: StartForm, today: string, corrects: boolean): Faults<StartForm> => ({
  ...onDay('started_on', form.started_on, today),
  ...(!form.kind && { kind: 'web.register.fault.chosen' }),
  ...(!form.evidence.trim() && { evidence: 'web.register.fault.evidence' }),
  ...whyFaults(form, corrects),
});

export const startOf = (form: StartForm, corrects: boolean): NewLandStart => ({
  started_on: form.started_on,
  precision: form.precision,
  kind: form.kind as NewLandStart['kind'],
  evidence: form.evidence.trim(),
  basis: form.reported || form.kind === 'stated' ? 'reported' : 'confirmed',
  ...(form.allotment && { allotment: form.allotment }),
  ...(corrects && { corrects, withdrawn: form.withdrawn, reason: form.why.trim() }),
});

export const roleNames = [
  'extends',
  'fills',
  'strengthens',
  'supports',
] as const satisfies ChainRole['role'][];

/** What a project is to a piece of a chain, as its form has it. */
export interface RoleForm extends Correction {
  node: string;
  role: ChainRole['role'] | '';
  source: string;
}

export const roleForm = (wrong: ChainRole | null): RoleForm => ({
  node: wrong?.node ?? '',
  role: wrong?.role ?? '',
  source: wrong?.source ?? '',
  ...noCorrection,
});

export const roleFaults = (form: RoleForm, corrects: boolean): Faults<RoleForm> => ({
  ...(!form.node && { node: 'web.register.fault.chosen' }),
  ...(!form.role && { role: 'web.register.fault.chosen' }),
  ...(!form.source.trim() && { source: 'web.register.fault.evidence' }),
  ...whyFaults(form, corrects),
});

export const roleOf = (form: RoleForm, chain: string, corrects: boolean): NewChainRole => ({
  chain,
  node: form.node,
  role: form.role as ChainRole['role'],
  source: form.source.trim(),
  ...(corrects && { corrects, withdrawn: form.withdrawn, reason: form.why.trim() }),
});
