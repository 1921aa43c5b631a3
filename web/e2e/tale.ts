import type { Lang } from '../src/core/message';

/** What is typed in the story of a project, in each language. */
const typed = {
  code: ['GS-01', 'GS-02'],
  name: ['海风机舱罩', 'North Sea nacelles'],
  firm: ['海风复材', 'North Sea Composites'],
  credit: ['91350100M000100Y43', '91110000802100433B'],
  team: ['招商队伍 01（占位）', 'Promotion team 01 (placeholder)'],
  lead: ['展会上结识', 'Met at a fair'],
  leadPaper: ['线索单 2026-11', 'Lead sheet 2026-11E'],
  note: ['看了两块地', 'Saw two plots'],
  next: ['送供地方案', 'Send an offer of land'],
  talks: ['来访座谈', 'They came to talk'],
  talksPaper: ['会谈纪要 2026-12', 'Minutes 2026-12E'],
  hold: ['选址会定下', 'Chosen by the siting round'],
  holdPaper: ['选址会纪要', 'Siting minutes'],
  letter: ['意向书签字', 'The letter of intent has its name'],
  letterPaper: ['意向书 2026-13', 'Letter of intent 2026-13E'],
  contract: ['投资合同签字', 'The contract is signed'],
  contractPaper: ['投资合同 2026-14', 'Investment contract 2026-14E'],
  reserve: ['签约后预留', 'Reserved upon signing'],
  reservePaper: ['预留决定', 'Decision to reserve'],
  filing: ['备案证明 2026-31', 'Filing 2026-31E'],
  grant: ['出让合同 2026-32', 'Grant 2026-32E'],
  mandate: ['授权委托书 2026-41', 'Mandate 2026-41E'],
  handed: ['出让合同扫描件 2026-51', 'Scan of the grant 2026-51E'],
  filed: ['备案回执 2026-52', 'Receipt of filing 2026-52E'],
  trouble: ['地块没有通电', 'No power on the plot'],
  meeting: ['十一月推进会', 'November meeting'],
  owner: ['供电公司', 'Power company'],
  closed: ['接电单 2026-61', 'Connection note 2026-61E'],
  landed: ['公司注册，用地预留', 'Company registered, land reserved'],
  landedPaper: ['营业执照 2026-71', 'Licence 2026-71E'],
  started: ['开工令签发', 'Leave to build given'],
  startedPaper: ['开工令 2026-72', 'Leave to build 2026-72E'],
  site: ['看过工地', 'Saw the works'],
  inspect: ['约验收', 'Agree on the acceptance'],
  made: ['首批产品下线', 'First parts made'],
  madePaper: ['投产报告 2026-73', 'Production report 2026-73E'],
} as const;
type Part = keyof typeof typed;
export type Tale = Record<Part, string>;

export const taleIn = (lang: Lang): Tale =>
  Object.fromEntries(
    Object.entries(typed).map(([part, [zh, en]]) => [part, lang === 'zh' ? zh : en]),
  ) as Tale;

const without = (tale: Tale, ...parts: Part[]): string[] =>
  Object.entries(tale).flatMap(([part, text]) => (parts.includes(part as Part) ? [] : [text]));

/** What is to be read again on the project's own page. */
export const onPage = (tale: Tale): string[] =>
  without(tale, 'team', 'credit', 'hold', 'holdPaper', 'reserve', 'reservePaper', 'meeting');

/** What its firm never reads. */
export const inside = (tale: Tale): string[] => [
  ...without(tale, 'code', 'name', 'handed', 'filed', 'trouble', 'owner', 'closed'),
  '234560000',
  '李娜',
  '代办小王',
];

/** The days of the story that stand on the project's page. */
export const days = [
  '2026-03-02',
  '2026-03-03',
  '2026-03-05',
  '2026-03-10',
  '2026-03-16',
  '2026-03-20',
  '2026-03-24',
  '2026-03-26',
  '2026-04-10',
  '2026-06-01',
  '2026-11-02',
  '2026-12-24',
];

interface Named {
  id: string;
  code: string;
  name_zh: string;
  name_en: string;
  named: boolean;
}
/** Every project, and what else a member may read, as the page's own session reads it. */
export async function readProjects(): Promise<{ projects: Named[]; doors: string[] }> {
  const { projects } = (await (await fetch('/api/projects')).json()) as { projects: Named[] };
  const one = `/api/projects/${projects[0]?.id}`;
  const doors = [
    '/api/projects',
    one,
    `${one}/agency`,
    `${one}/flow`,
    `${one}/visits`,
    '/api/parties',
    '/api/board',
  ];
  doors.push('/api/meetings', '/api/parks/carbon-fibre/records', '/api/parks/carbon-fibre/desk.geojson');
  for (const door of doors) if (!(await fetch(door)).ok) throw new Error(`a member doesn't read ${door}`);
  return { projects, doors };
}

/** The doors of members that open to who has the firm's link alone, whichever way it is shown. */
export async function knock({ doors, link }: { doors: string[]; link: string }): Promise<string[]> {
  const open: string[] = [];
  for (const door of doors)
    for (const [query, headers] of [
      ['', {}],
      [`?link=${link}`, {}],
      ['', { Authorization: `Bearer ${link}` }],
    ] as const)
      if ((await fetch(door + query, { headers })).ok) open.push(door + query);
  return open;
}
