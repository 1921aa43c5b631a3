import { isBlank } from '../core/code';
import { isDecimal, shift } from '../core/decimal';
import type { Faults } from '../core/fault';
import type { Investment, InvestmentNote } from './register';

/** Money put in as its form has it: the amount in 10,000 CNY. */
export interface InvestmentForm {
  until: string;
  paid_cny: string;
  evidence: string;
}

/** The most that the server takes, in 10,000 CNY. */
const MOST = 1_000_000_000;

/** A new note, or with what was noted a correction of it. */
export const investmentForm = (today: string, wrong: Investment | null): InvestmentForm => ({
  until: wrong?.until ?? today,
  paid_cny: wrong ? shift(String(wrong.paid_cny), -4) : '',
  evidence: wrong?.evidence ?? '',
});

/** What was put in by a day is known once that day has come. */
export function investmentFaults(
  { until, paid_cny, evidence }: InvestmentForm,
  today: string,
): Faults<InvestmentForm> {
  return {
    ...(!until
      ? { until: 'web.register.fault.given' }
      : until > today && { until: 'web.register.fault.future' }),
    ...((!isDecimal(paid_cny, 6) || Number(paid_cny) > MOST) && { paid_cny: 'web.register.fault.money' }),
    ...(isBlank(evidence) && { evidence: 'web.register.fault.evidence' }),
  };
}

export const investmentOf = (
  { until, paid_cny, evidence }: InvestmentForm,
  corrects: boolean,
): InvestmentNote => ({
  until,
  paid_cny: Number(shift(paid_cny, 4)),
  evidence: evidence.trim(),
  ...(corrects && { corrects }),
});

/** The first day of those that an amount is counted over. */
export const yearBegin = (until: string): string => `${until.slice(0, 4)}-01-01`;
