import {
  milestoneFaults,
  milestoneForm,
  milestoneOf,
  projectFacts,
  projectFaults,
  projectForm,
  tagFaults,
  tagForm,
  tagOf,
  type MilestoneForm,
  type ProjectForm,
  type TagForm,
} from '../core/projectform';
import { partyFacts, partyFaults, partyForm, type PartyForm } from '../core/partyform';
import type { Office, Party, Project } from '../core/register';
import type { Sort } from './entry.svelte';

/** The forms of the registers: each thing's fields, checks and ways to the server. */

export const projectSort = (office: Office): Sort<ProjectForm, Project> => ({
  form: projectForm,
  faults: projectFaults,
  send: (form, changed, project, key) => {
    const facts = projectFacts(form, changed, project);
    return project
      ? office.change(`/api/projects/${project.id}`, facts, project.revision)
      : office.make('/api/projects', facts, key);
  },
  read: ({ id }) => office.project(id),
});

export const partySort = (office: Office): Sort<PartyForm, Party> => ({
  form: partyForm,
  faults: partyFaults,
  send: (form, changed, party, key) => {
    const facts = partyFacts(form, changed);
    return party
      ? office.change(`/api/parties/${party.id}`, facts, party.revision)
      : office.make('/api/parties', facts, key);
  },
  read: ({ id }) => office.party(id),
});

/** What is added to a project: the answer is the project, the form itself always begins empty. */
export const milestoneSort = (office: Office, of: Project, today: string): Sort<MilestoneForm, Project> => ({
  form: () => milestoneForm(today),
  faults: milestoneFaults,
  send: (form, _, __, key) => office.make(`/api/projects/${of.id}/milestones`, milestoneOf(form), key),
});

export const tagSort = (office: Office, of: Project, today: string): Sort<TagForm, Project> => ({
  form: () => tagForm(today),
  faults: tagFaults,
  send: (form, _, __, key) => office.make(`/api/projects/${of.id}/tags`, tagOf(form), key),
});
