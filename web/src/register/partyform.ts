import { isBlank } from '../core/code';
import type { Faults } from '../core/fault';
import type { Party } from './register';

export interface PartyForm {
  name_zh: string;
  name_en: string;
  named: boolean;
  source: string;
}

export const partyForm = (party: Party | null): PartyForm => ({
  name_zh: party?.name_zh ?? '',
  name_en: party?.name_en ?? '',
  named: party?.named ?? false,
  source: party?.source ?? '',
});

export function partyFaults(form: PartyForm): Faults<PartyForm> {
  return {
    ...(isBlank(form.name_zh) && { name_zh: 'web.register.fault.given' }),
    ...(isBlank(form.name_en) && { name_en: 'web.register.fault.given' }),
  };
}

/** The facts of a form that are to be sent: those changed. */
export function partyFacts(form: PartyForm, changed: readonly (keyof PartyForm)[]): Record<string, unknown> {
  return Object.fromEntries(
    changed.map((field) => {
      const value = form[field];
      return [field, typeof value === 'string' ? value.trim() : value];
    }),
  );
}
