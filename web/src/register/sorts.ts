import type { NotedTag, TurnNote } from '../core/api';
import { contactFacts, contactFaults, contactForm, type ContactForm } from './contactform';
import { investmentFaults, investmentForm, investmentOf, type InvestmentForm } from './investmentform';
import {
  changeOfParty,
  changeOfPartyFaults,
  projectFacts,
  projectFaults,
  projectForm,
  tagFaults,
  tagForm,
  tagOf,
  type ChangeOfParty,
  type ProjectForm,
  type TagForm,
} from './projectform';
import { partyFacts, partyFaults, partyForm, type PartyForm } from './partyform';
import type { Contact, Investment, Office, Party, Project, Reached, Team, Visit } from './register';
import {
  milestoneFaults,
  milestoneForm,
  milestoneOf,
  turnFaults,
  turnForm,
  turnOf,
  type MilestoneForm,
  type TurnForm,
} from './stageform';
import {
  contactedFaults,
  contactedForm,
  releaseFaults,
  type ContactedForm,
  type ReleaseForm,
} from './teamform';
import { visitFaults, visitForm, visitOf, type VisitForm } from './visitform';
import type { Sort } from '../kit/entry.svelte';

/** The forms of the registers: each thing's fields, checks and ways to the server. */

/** Something new is entered by a park: what is `park` then, or without one what the server makes of it. */
export const projectSort = (office: Office, park: () => string | undefined): Sort<ProjectForm, Project> => ({
  form: projectForm,
  faults: projectFaults,
  send: (form, changed, project, key) => {
    const facts = projectFacts(form, changed, project);
    return project
      ? office.change(`/api/projects/${project.id}`, facts, project.revision)
      : office.make('/api/projects', { ...facts, park: park() }, key);
  },
  read: ({ id }) => office.project(id),
});

export const partySort = (office: Office, park: () => string | undefined): Sort<PartyForm, Party> => ({
  form: partyForm,
  faults: partyFaults,
  send: (form, changed, party, key) => {
    const facts = partyFacts(form, changed, party);
    return party
      ? office.change(`/api/parties/${party.id}`, facts, party.revision)
      : office.make('/api/parties', { ...facts, park: park() }, key);
  },
  read: ({ id }) => office.party(id),
});

/** What is added to a project: the answer is the project, the form itself always begins empty. */
export const milestoneSort = (
  office: Office,
  of: Project,
  today: string,
  wrong: Reached | null,
): Sort<MilestoneForm, Project> => ({
  form: () => milestoneForm(today, wrong),
  faults: (form) => milestoneFaults(form, today, wrong !== null),
  send: (form, _, __, key) =>
    office.make(`/api/projects/${of.id}/milestones`, milestoneOf(form, wrong !== null), key),
});

export const turnSort = (
  office: Office,
  of: Project,
  today: string,
  wrong: TurnNote | null,
): Sort<TurnForm, Project> => ({
  form: () => turnForm(of.standing, today, wrong),
  faults: (form) => turnFaults(form, today, wrong !== null),
  send: (form, _, __, key) => office.make(`/api/projects/${of.id}/turns`, turnOf(form, wrong), key),
});

export const contactedSort = (
  office: Office,
  of: Project,
  today: string,
  teams: readonly Team[],
): Sort<ContactedForm, Project> => ({
  form: () => contactedForm(teams, today),
  faults: (form) => contactedFaults(form, today),
  send: (form, _, __, key) => office.make(`/api/projects/${of.id}/first-contact`, form, key),
});

export const releaseSort = (office: Office, of: Project): Sort<ReleaseForm, Project> => ({
  form: () => ({ reason: '' }),
  faults: releaseFaults,
  send: ({ reason }, _, __, key) =>
    office.make(`/api/projects/${of.id}/first-contact/release`, { reason: reason.trim() }, key),
});

export const tagSort = (
  office: Office,
  of: Project,
  today: string,
  wrong: NotedTag | null,
): Sort<TagForm, Project> => ({
  form: () => tagForm(today, wrong),
  faults: (form) => tagFaults(form, wrong !== null),
  send: (form, _, __, key) => office.make(`/api/projects/${of.id}/tags`, tagOf(form, wrong), key),
});

export const changeOfPartySort = (office: Office): Sort<ChangeOfParty, Project> => ({
  form: changeOfParty,
  faults: changeOfPartyFaults,
  send: ({ party }, _, project) => {
    if (!project) throw new Error('no project changes its party');
    return office.change(`/api/projects/${project.id}`, { party }, project.revision);
  },
  read: ({ id }) => office.project(id),
});

/** A new contact's answer is without the person's data: what was typed stands in for it. */
export const contactSort = (office: Office, of: Party): Sort<ContactForm, Contact> => ({
  form: contactForm,
  faults: contactFaults,
  send: async (form, changed, contact, key) => {
    const path = `/api/parties/${of.id}/contacts`;
    const facts = contactFacts(form, changed);
    if (contact) return office.change(`${path}/${contact.id}`, facts, contact.revision);
    return { ...form, ...(await office.make<Omit<Contact, keyof ContactForm>>(path, facts, key)) };
  },
  read: async ({ id }) => {
    const now = (await office.contacts(of.id)).find((each) => each.id === id);
    return now && !now.erased_at ? now : null;
  },
});

export const investmentSort = (
  office: Office,
  of: Project,
  today: string,
  wrong: Investment | null,
): Sort<InvestmentForm, readonly Investment[]> => ({
  form: () => investmentForm(today, wrong),
  faults: (form) => investmentFaults(form, today),
  send: async (form, _, __, key) => {
    const path = `/api/projects/${of.id}/investments`;
    return (await office.make<{ investments: Investment[] }>(path, investmentOf(form, wrong !== null), key))
      .investments;
  },
});

export const visitSort = (office: Office, of: Project, today: string): Sort<VisitForm, readonly Visit[]> => ({
  form: () => visitForm(today),
  faults: (form) => visitFaults(form, today),
  send: async (form, _, __, key) =>
    (await office.make<{ visits: Visit[] }>(`/api/projects/${of.id}/visits`, visitOf(form), key)).visits,
});
