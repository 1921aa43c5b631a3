import type { Faults } from '../core/fault';
import type { NewTurn, TurnNote as Noted } from '../core/api';
import type { MilestoneNote, Reached, Stage, Standing, Turn } from './register';

/** A stage as its form has it; what corrects one says why, and may withdraw it. */
export interface MilestoneForm {
  stage: Stage | '';
  reached_on: string;
  evidence: string;
  document: string;
  /** It is taken over from a ledger or a press report. */
  reported: boolean;
  withdrawn: boolean;
  reason: string;
}

/** A new note, or with what was noted a correction of it. */
export const milestoneForm = (today: string, wrong: Reached | null): MilestoneForm => ({
  stage: wrong?.stage ?? '',
  reached_on: wrong?.reached_on ?? today,
  evidence: wrong?.evidence ?? '',
  document: wrong?.document ?? '',
  reported: wrong?.basis === 'reported',
  withdrawn: false,
  reason: '',
});

export function milestoneFaults(
  form: MilestoneForm,
  today: string,
  corrects: boolean,
): Faults<MilestoneForm> {
  return {
    ...(!form.stage && { stage: 'web.register.fault.chosen' }),
    ...onDay('reached_on', form.reached_on, today),
    ...(!form.evidence.trim() && { evidence: 'web.register.fault.evidence' }),
    ...(corrects && !form.reason.trim() && { reason: 'web.register.fault.given' }),
  };
}

export const milestoneOf = (form: MilestoneForm, corrects: boolean): MilestoneNote => ({
  stage: form.stage as Stage,
  reached_on: form.reached_on,
  evidence: form.evidence.trim(),
  ...(form.document.trim() && { document: form.document.trim() }),
  basis: form.reported ? 'reported' : 'confirmed',
  ...(corrects && { corrects, withdrawn: form.withdrawn, reason: form.reason.trim() }),
});

/** What a form has besides where it takes the place of what was noted. */
export interface Correction {
  withdrawn: boolean;
  why: string;
}

export const noCorrection: Correction = { withdrawn: false, why: '' };

/** A correction says why. */
export const whyFaults = <F extends Correction>({ why }: F, corrects: boolean): Faults<F> =>
  (corrects && !why.trim() ? { why: 'web.register.fault.given' } : {}) as Faults<F>;

/** A turn as its form has it. */
export interface TurnForm extends Correction {
  turn: Turn['turn'] | '';
  since: string;
  reason: string;
}

/** The turns that may follow a standing, as the server has them. */
export const turnsFrom: Record<Standing, readonly Turn['turn'][]> = {
  active: ['paused', 'lost'],
  paused: ['resumed', 'lost'],
  lost: ['resumed'],
};

export const turnForm = (standing: Standing, today: string, wrong: Noted | null): TurnForm => ({
  turn: wrong?.turn ?? (standing === 'active' ? '' : 'resumed'),
  since: wrong?.since ?? today,
  reason: wrong?.reason ?? '',
  ...noCorrection,
});

export const turnFaults = (form: TurnForm, today: string, corrects: boolean): Faults<TurnForm> => ({
  ...(!form.turn && { turn: 'web.register.fault.chosen' }),
  ...onDay('since', form.since, today),
  ...(!form.reason.trim() && { reason: 'web.register.fault.given' }),
  ...whyFaults(form, corrects),
});

export const turnOf = (form: TurnForm, wrong: Noted | null): NewTurn => ({
  turn: form.turn as Turn['turn'],
  since: form.since,
  reason: form.reason.trim(),
  ...(wrong && { corrects: wrong.n, withdrawn: form.withdrawn, correct_reason: form.why.trim() }),
});

/** A day that is given and has come. */
export function onDay<K extends string>(field: K, day: string, today: string): Faults<Record<K, string>> {
  if (day && day <= today) return {};
  return { [field]: day ? 'web.register.fault.future' : 'web.register.fault.given' } as Faults<
    Record<K, string>
  >;
}
