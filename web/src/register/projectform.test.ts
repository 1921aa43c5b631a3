import { describe, expect, it } from 'vitest';
import { changed } from '../core/draft';
import {
  changeOfParty,
  changeOfPartyFaults,
  projectFacts,
  projectFaults,
  projectForm,
  tagFaults,
  tagForm,
  tagOf,
  type ProjectForm,
} from './projectform';
import type { Project } from './register';

const project: Project = {
  id: '01a20864-c6a7-75d4-a02c-be14e51409e1',
  district: 'lingang',
  code: 'HF-01',
  revision: 3,
  since: '2026-01-01T00:00:00Z',
  party: null,
  name_zh: '甲',
  name_en: 'A',
  industry_codes: [{ code: '2829', edition: '2017' }],
  chain_stage: null,
  kind: 'new',
  ground: null,
  investment_cny: 1234567890.12,
  figures: {},
  requirement: { area_mu: { min: 40, max: 60 }, hazard: 'B' },
  task_force: null,
  placeholder: false,
  park: null,
  seeks: [],
  named: false,
  source: null,
  milestones: [],
  former_milestones: [],
  standing: 'active',
  turns: [],
  first_contacts: [],
  tags: [],
  former_tags: [],
  former_turns: [],
};

/** What is sent after the form was typed in so. */
function sent(typed: Partial<ProjectForm>, of: Project | null = project): Record<string, unknown> {
  const form = { ...projectForm(of), ...typed };
  return projectFacts(form, changed({ base: projectForm(of), typed: form }), of);
}

describe('a project’s form', () => {
  it('sends what was typed and nothing else', () => {
    expect(sent({})).toEqual({});
    expect(sent({ name_zh: ' 乙 ', named: true })).toEqual({ name_zh: '乙', named: true });
  });

  it('shows the investment in 10,000 CNY and sends it to the cent', () => {
    expect(projectForm(project).investment_cny).toBe('123456.789012');
    expect(sent({ investment_cny: '123456.7891' })).toEqual({ investment_cny: 1234567891 });
  });

  it('keeps what it doesn’t know of a requirement', () => {
    expect(sent({ area_max: '80' })).toEqual({
      requirement: { area_mu: { min: 40, max: 80 }, hazard: 'B' },
    });
  });

  it('names a party, and never that there is none', () => {
    expect(sent({ party: 'p' })).toEqual({ party: 'p' });
    const of = { ...project, party: { id: 'p', name_zh: '司', name_en: 'Co' } };
    expect(sent({ party: '' }, of)).toEqual({});
  });

  it('lets the Chinese name stand for an English one', () => {
    const same = { ...project, name_en: project.name_zh };
    expect(projectForm(same).name_en).toBe('');
    expect(sent({ name_en: '' })).toEqual({ name_en: project.name_zh });
    expect(sent({ name_zh: '新' }, same)).toEqual({ name_zh: '新' });
  });

  it.each<[string, Partial<ProjectForm>, keyof ProjectForm]>([
    ['no code', { code: ' ' }, 'code'],
    ['no Chinese name', { name_zh: '' }, 'name_zh'],
    ['an investment in words', { investment_cny: 'much' }, 'investment_cny'],
    ['an investment below a cent', { investment_cny: '1.2345678' }, 'investment_cny'],
    ['an investment taken away', { investment_cny: '' }, 'investment_cny'],
    ['a class without its edition', { industry_codes: [{ code: '2829', edition: '' }] }, 'industry_codes'],
    ['a negative area', { area_min: '-1' }, 'area_min'],
    ['ends crossed', { area_min: '61' }, 'area_max'],
    ['power in words', { services: { ...projectForm(project).services, power: 'x' } }, 'services'],
  ])('finds wrong %s', (_, typed, field) => {
    expect(projectFaults(projectForm(project), project)).toEqual({});
    expect(Object.keys(projectFaults({ ...projectForm(project), ...typed }, project))).toEqual([field]);
  });
});

describe('a change of party', () => {
  it('begins with whose the project is, and wants another', () => {
    const of = { ...project, party: { id: 'p', name_zh: '司', name_en: 'Co' } };
    expect(changeOfParty(of)).toEqual({ party: 'p' });
    expect(changeOfPartyFaults({ party: 'p' }, of)).toHaveProperty('party');
    expect(changeOfPartyFaults({ party: 'q' }, of)).toEqual({});
    expect(changeOfPartyFaults({ party: '' }, of)).toHaveProperty('party');
    expect(changeOfPartyFaults({ party: '' }, project)).toHaveProperty('party');
  });
});

describe('what is added to a project', () => {
  it('sends the day after a tag’s last day, and none for an open one', () => {
    expect(
      tagOf({ ...tagForm('2026-01-01', null), tag: 'provincial_key', last: '2026-12-31' }, null),
    ).toEqual({
      tag: 'provincial_key',
      from: '2026-01-01',
      until: '2027-01-01',
    });
    expect(tagOf({ ...tagForm('2026-01-01', null), tag: 'provincial_key' }, null)).not.toHaveProperty(
      'until',
    );
  });

  it('refuses a period that ends before it begins, and takes one of a day', () => {
    const tag = { ...tagForm('2026-01-02', null), tag: 'municipal_key' } as const;
    expect(tagFaults({ ...tag, last: '2026-01-01' }, false)).toHaveProperty('last');
    expect(tagFaults({ ...tag, last: '2026-01-02' }, false)).toEqual({});
  });
});
