import type { Faults } from '../core/fault';
import type { Project, Team } from './register';
import { onDay } from './stageform';

/** The first contact of a project's firm as its form has it. */
export interface ContactedForm {
  team: string;
  made_on: string;
}

export const contactedForm = (teams: readonly Team[], today: string): ContactedForm => ({
  team: teams.length === 1 ? (teams[0]?.id ?? '') : '',
  made_on: today,
});

export const contactedFaults = ({ team, made_on }: ContactedForm, today: string): Faults<ContactedForm> => ({
  ...(!team && { team: 'web.register.fault.chosen' }),
  ...onDay('made_on', made_on, today),
});

/** Why a first contact is released. */
export interface ReleaseForm {
  reason: string;
}

export const releaseFaults = ({ reason }: ReleaseForm): Faults<ReleaseForm> =>
  reason.trim() ? {} : { reason: 'web.register.fault.given' };

/** The teams that an account may register a first contact for: its own; all of them for who leads. */
export const ownTeams = (
  teams: readonly Team[],
  account: string | undefined,
  leads: boolean,
): readonly Team[] =>
  leads ? teams : teams.filter(({ members }) => members.some(({ id, until }) => id === account && !until));

/** The first contact that is live; null: none is. */
export const liveContact = (project: Project) =>
  project.first_contacts.find(({ released_at }) => !released_at) ?? null;
