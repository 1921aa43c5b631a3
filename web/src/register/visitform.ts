import type { Faults } from '../core/fault';
import type { NewVisit } from './register';
import { onDay } from './stageform';

/** A visit as its form has it. */
export interface VisitForm {
  visited_on: string;
  note: string;
  next_step: string;
  due: string;
}

export const visitForm = (today: string): VisitForm => ({
  visited_on: today,
  note: '',
  next_step: '',
  due: '',
});

export const visitFaults = (form: VisitForm, today: string): Faults<VisitForm> => ({
  ...onDay('visited_on', form.visited_on, today),
  ...(!form.note.trim() && { note: 'web.register.fault.given' }),
  ...(form.due && !form.next_step.trim() && { next_step: 'web.register.fault.given' }),
  ...(form.due && form.due < form.visited_on && { due: 'web.visit.fault.due' }),
});

export const visitOf = ({ visited_on, note, next_step, due }: VisitForm): NewVisit => ({
  visited_on,
  note: note.trim(),
  ...(next_step.trim() && { next_step: next_step.trim() }),
  ...(due && { due }),
});
