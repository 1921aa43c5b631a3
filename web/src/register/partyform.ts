import { isBlank } from '../core/code';
import type { Faults } from '../core/fault';
import { ownEnglish, sentEnglish } from './projectform';
import type { Party } from './register';

export interface PartyForm {
  name_zh: string;
  name_en: string;
  credit_code: string;
  named: boolean;
  source: string;
}

export const partyForm = (party: Party | null): PartyForm => ({
  name_zh: party?.name_zh ?? '',
  name_en: ownEnglish(party),
  credit_code: party?.credit_code ?? '',
  named: party?.named ?? false,
  source: party?.source ?? '',
});

export function partyFaults(form: PartyForm, party: Party | null): Faults<PartyForm> {
  return {
    ...(isBlank(form.name_zh) && { name_zh: 'web.register.fault.given' }),
    ...(isBlank(form.credit_code) && party?.credit_code && { credit_code: 'web.register.fault.credit' }),
  };
}

/** The facts of a form that are to be sent: those changed. */
export function partyFacts(
  form: PartyForm,
  changed: readonly (keyof PartyForm)[],
  party: Party | null,
): Record<string, unknown> {
  const facts: Record<string, unknown> = {};
  for (const field of changed) {
    const value = field === 'name_en' ? sentEnglish(form, party) : form[field];
    if (value === null || (field === 'credit_code' && !form.credit_code.trim())) continue;
    facts[field] = typeof value === 'string' ? value.trim() : value;
  }
  return facts;
}
