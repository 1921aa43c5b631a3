import type { Sent } from '../core/api';

/** What mails may be picked by: those about which an admin decides, all, or those of a state. */
export const states = [
  'waiting',
  'all',
  'sent',
  'unknown',
  'refused',
  'queued',
  'claimed',
  'handed',
  'void',
] as const;
export type MailState = (typeof states)[number];

const PAGE = 50;

export const mailsPath = (state: MailState, from: number): string =>
  `/api/mails?state=${state}&from=${from}&limit=${PAGE}`;

/** What may be decided of a mail of a state, as the server has it. */
export function decisionsOf(state: Sent['state']): readonly ('again' | 'sent' | 'void')[] {
  if (state === 'unknown') return ['again', 'sent'];
  if (state === 'refused') return ['again', 'void'];
  return [];
}
