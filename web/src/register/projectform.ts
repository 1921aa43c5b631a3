import { isBlank, readCode } from '../core/code';
import { addDays } from '../core/asof';
import { isDecimal, shift } from '../core/decimal';
import type { Faults } from '../core/fault';
import type { NewTag, NotedTag } from '../core/api';
import type { IndustryCode, Project, TagName } from './register';
import { noCorrection, whyFaults, type Correction } from './stageform';
import { floorKeys } from '../core/floor';
import { crossed, needKeys, readRequirement, writeRequirement, type Requirement } from '../core/requirement';

/** A project as its form has it: all text, the investment in 10,000 CNY, areas in mu. */
export interface ProjectForm extends Requirement {
  code: string;
  name_zh: string;
  name_en: string;
  party: string;
  investment_cny: string;
  industry_codes: IndustryCode[];
  chain_stage: string;
  task_force: string;
  kind: Project['kind'];
  /** Of an expansion; '' not known. */
  ground: NonNullable<Project['ground']> | '';
  named: boolean;
  source: string;
}

export const kinds = ['new', 'expansion'] as const satisfies Project['kind'][];
export const grounds = ['own', 'neighbouring', 'none'] as const satisfies Project['ground'][];

/** An English name of its own; without one the Chinese name stands for it. */
export const ownEnglish = (of: { name_zh: string; name_en: string } | null): string =>
  of === null || of.name_en === of.name_zh ? '' : of.name_en;

/** The English name to send: one that is taken away gives way to the Chinese one; null: none was ever given. */
export const sentEnglish = (form: { name_zh: string; name_en: string }, of: unknown): string | null =>
  form.name_en.trim() || (of ? form.name_zh.trim() : null);

/** The edition that a class is taken from unless said otherwise. */
export const EDITION = 'GB/T 4754-2017';

export function projectForm(project: Project | null): ProjectForm {
  return {
    code: project?.code ?? '',
    name_zh: project?.name_zh ?? '',
    name_en: ownEnglish(project),
    party: project?.party?.id ?? '',
    investment_cny: project?.investment_cny == null ? '' : shift(String(project.investment_cny), -4),
    industry_codes: (project?.industry_codes ?? []).map(({ code, edition }) => ({ code, edition })),
    chain_stage: project?.chain_stage ?? '',
    ...readRequirement(project?.requirement ?? {}),
    task_force: project?.task_force ?? '',
    kind: project?.kind ?? 'new',
    ground: project?.ground ?? '',
    named: project?.named ?? false,
    source: project?.source ?? '',
  };
}

export function projectFaults(form: ProjectForm, project: Project | null): Faults<ProjectForm> {
  const faults: Faults<ProjectForm> = {};
  for (const field of ['code', 'name_zh'] as const)
    if (isBlank(form[field])) faults[field] = 'web.register.fault.given';
  if (!faults.code && 'fault' in readCode(form.code)) faults.code = 'web.fact.fault.code';
  if (form.investment_cny.trim() === '') {
    if (project?.investment_cny != null) faults.investment_cny = 'web.register.fault.kept';
  } else if (!isDecimal(form.investment_cny, 6)) faults.investment_cny = 'web.register.fault.money';
  if (form.industry_codes.some(({ code, edition }) => !code.trim() || !edition.trim()))
    faults.industry_codes = 'web.register.fault.industry';
  for (const field of ['area_min', 'area_max'] as const)
    if (form[field].trim() !== '' && !isDecimal(form[field], 4)) faults[field] = 'web.register.fault.number';
  if (project?.ground && form.kind === 'expansion' && !form.ground) faults.ground = 'web.register.fault.kept';
  if (crossed(form.area_min, form.area_max)) faults.area_max = 'web.register.fault.range';
  const stated = needKeys.map((key) => form.services[key].trim());
  if (stated.some((each) => each !== '' && !isDecimal(each, 4)))
    faults.services = 'web.register.fault.number';
  const limits = floorKeys.filter((key) => key !== 'floor_by').map((key) => form.floor[key].trim());
  if (limits.some((each) => each !== '' && !isDecimal(each, 4))) faults.floor = 'web.register.fault.number';
  else if (crossed(form.floor.floor_m2, form.floor.floor_most)) faults.floor = 'web.register.fault.range';
  return faults;
}

/** The fields that go together as the requirement. */
const inRequirement = ['area_min', 'area_max', 'services', 'place', 'floor'] as const;
const isInRequirement = (field: keyof ProjectForm): field is keyof Requirement =>
  inRequirement.some((each) => each === field);

/**
 * The facts of a form that are to be sent: those changed. The requirement goes whole, upon the project as it is
 * now.
 */
export function projectFacts(
  form: ProjectForm,
  changed: readonly (keyof ProjectForm)[],
  project: Project | null,
): Record<string, unknown> {
  const facts: Record<string, unknown> = {};
  for (const field of changed) {
    if (field === 'investment_cny') {
      if (form.investment_cny.trim()) facts[field] = Number(shift(form.investment_cny, 4));
    } else if (isInRequirement(field)) facts.requirement = writeRequirement(project?.requirement ?? {}, form);
    else if (field === 'party') {
      if (form.party) facts.party = form.party; // a project that has a party keeps one
    } else if (field === 'ground') {
      if (form.kind === 'expansion' && form.ground) facts.ground = form.ground;
    } else if (field === 'named') facts.named = form.named;
    else if (field === 'industry_codes')
      facts[field] = form[field].map(({ code, edition }) => ({ code: code.trim(), edition: edition.trim() }));
    else if (field === 'name_en') {
      const english = sentEnglish(form, project);
      if (english) facts[field] = english;
    } else facts[field] = form[field].trim();
  }
  return facts;
}

/** Whose a project is, to be changed by itself. */
export type ChangeOfParty = Pick<ProjectForm, 'party'>;

export const changeOfParty = (project: Project | null): ChangeOfParty => ({
  party: project?.party?.id ?? '',
});

export const changeOfPartyFaults = (
  { party }: ChangeOfParty,
  project: Project | null,
): Faults<ChangeOfParty> =>
  party === '' || party === project?.party?.id ? { party: 'web.register.fault.same' } : {};

export interface TagForm extends Correction {
  tag: TagName | '';
  from: string;
  /** The last day it holds, as people say it; '' open. */
  last: string;
}

/** A new listing, or with what was noted a correction of it. */
export const tagForm = (today: string, wrong: NotedTag | null): TagForm => ({
  tag: wrong?.tag ?? '',
  from: wrong?.from ?? today,
  last: wrong?.until ? addDays(wrong.until, -1) : '',
  ...noCorrection,
});

export function tagFaults(form: TagForm, corrects: boolean): Faults<TagForm> {
  const { tag, from, last } = form;
  return {
    ...(!tag && { tag: 'web.register.fault.chosen' }),
    ...(!from && { from: 'web.register.fault.given' }),
    ...(last !== '' && last < from && { last: 'web.register.fault.period' }),
    ...whyFaults(form, corrects),
  };
}

/** The server's `until` is the first day a tag no longer holds: the day after its last. */
export const tagOf = (form: TagForm, wrong: NotedTag | null): NewTag => ({
  tag: form.tag as TagName,
  from: form.from,
  ...(form.last !== '' && { until: addDays(form.last, 1) }),
  ...(wrong && { corrects: wrong.id, withdrawn: form.withdrawn, reason: form.why.trim() }),
});
