import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graveFindings } from './axe';
import { launch, openPage, type Watched } from './browser';
import { dataFolder, removeFolder, startLuodi, type Luodi } from './luodi';
import { accept, addUser, choose, chooseProject, paper, photo, shoot, still } from './planner';
import { days, inside, knock, onPage, readProjects, taleIn } from './tale';
import { forms, Reader } from './teller';

let luodi: Luodi;
let browser: Browser;
let planner: Page;
let agent: Page;

beforeAll(async () => {
  luodi = await startLuodi(await dataFolder());
  browser = await launch();
  const admin = await accept(browser, await addUser(luodi, 'wang.fang', '王芳', 'admin'), 'no map');
  planner = await accept(browser, await addUser(luodi, 'li.na', '李娜', 'planner'), 'no map');
  agent = await accept(browser, await addUser(luodi, 'xiao.wang', '代办小王', 'viewer'), 'no map');
  await joinTeam(new Reader(admin, 'zh'));
});
afterAll(async () => {
  await browser?.close();
  await luodi?.stop();
  if (luodi) await removeFolder(luodi.data);
});

/** Who registers a first contact does it for a team of theirs. */
async function joinTeam(admin: Reader): Promise<void> {
  await admin.register('projects');
  await admin.side.locator('details summary', { hasText: '招商队伍与专班' }).click();
  const team = admin.side.locator('details li', { hasText: '招商队伍 01' });
  await team.getByRole('button', { name: '编辑' }).click();
  await team.locator('select[name=join]').selectOption({ label: '李娜' });
  await team.locator('.hint', { hasText: '李娜' }).waitFor();
}

const tellings = [
  { lang: 'zh', form: 'desk' },
  { lang: 'en', form: 'phone' },
] as const;

describe.each(tellings)("a project's whole story, $lang on a $form", ({ lang, form }) => {
  const tale = taleIn(lang);
  const { options, map } = forms[form];
  let at: Reader;
  let worker: Reader;
  let firm: Watched;
  let link = '';
  let plot = '';
  const shot = (name: string, page = at.page): Promise<void> =>
    shoot(page, 'story', `${name}-${lang}-${form}`);
  const aid = () => at.side.locator('.aid');

  beforeAll(async () => {
    at = await Reader.like(browser, planner, lang, options, 'no map');
    worker = await Reader.like(browser, agent, lang, options, 'no map');
  });
  afterAll(async () => {
    for (const page of [at?.page, worker?.page, firm?.page]) await page?.context().close();
  });

  /** Moves its card on the board to another column, with what proves the stage, and opens its page from there. */
  async function move(to: 'in_talks' | 'to_sign' | 'in_production', day: string, why: string, doc: string) {
    await at.open('board');
    const card = at.page.locator('[data-project]', { hasText: tale.code });
    await card.locator('button.move').click();
    await card
      .locator('.targets')
      .getByRole('button', { name: at.say(`web.stage.${to}`), exact: true })
      .click();
    const asked = at.page.locator('dialog.card');
    for (const [name, text] of Object.entries({ reached_on: day, evidence: why, document: doc }))
      await asked.locator(`[name=${name}]`).fill(text);
    await at.press(at.say('web.register.add'), asked);
    const there = at.page.locator(`[data-column=${to}] [data-project]`, { hasText: tale.code });
    await there.waitFor();
    await there.scrollIntoViewIfNeeded();
    await shot(`board-${to}`);
    await there.getByRole('button', { name: tale.name, exact: true }).click();
    await at.side.getByRole('heading', { level: 2, name: tale.name }).waitFor();
  }

  it('begins as a lead of a firm, contacted first and visited', async () => {
    await at.register('parties');
    await at.press(`＋ ${at.say('web.register.parties.new')}`);
    await at.side.locator('[name=name_zh]').fill(tale.firm);
    await at.press(at.say('web.register.save'));
    await at.side.getByRole('heading', { level: 2, name: tale.firm }).waitFor();

    await at.register('projects');
    await at.press(`＋ ${at.say('web.register.projects.new')}`);
    const field = (name: string) => at.side.locator(`[name="${name}"]`);
    for (const [name, text] of Object.entries({
      code: tale.code,
      name_zh: tale.name,
      investment: '23456',
      chain: 'parts',
      area_min: '10',
      area_max: '40',
      'need-power': '500',
    }))
      await field(name).fill(text);
    await choose(at.page, 'party', tale.firm);
    await shot('new');
    await at.press(at.say('web.register.save'));
    await at.side.getByRole('heading', { level: 2, name: tale.name }).waitFor();

    await at.reach('lead', '2026-03-02', tale.lead, tale.leadPaper);
    await at.fill(at.side, `＋ ${at.say('web.contacted.add')}`, { team: tale.team, made_on: '2026-03-03' });
    await at.visit(tale.note, tale.next, '2026-03-05', '2026-03-20');
    await shot('lead');
    expect(await graveFindings(at.page)).toEqual([]);
  });

  it('is moved to talks on the board, and finds its ground, which is held for it', async () => {
    await move('in_talks', '2026-03-10', tale.talks, tale.talksPaper);
    // only here has the map a part: what is ranked is seen on it
    const seen = await Reader.like(browser, planner, lang, options, map);
    await seen.entry('projects', tale.name);
    await seen.press(at.say('web.register.find'));
    const best = seen.page.locator('.sites > li').first();
    await best.locator('button.site').click();
    plot = (await best.getAttribute('data-code')) ?? '';
    if (map === 'map') await still(seen.page);
    await shot('match', seen.page);
    await seen.press(at.say('web.match.order.parcel.hold'), best);
    await chooseProject(seen.page, tale.code);
    await seen.order(tale.hold, tale.holdPaper, '2026-03-12');
    await shot('held', seen.page);
    await seen.page.context().close();
    await at.entry('projects', tale.name);
    await at.side.getByRole('button', { name: plot, exact: true }).waitFor();
  });

  it('finds floor space for what it makes meanwhile, which is held for it', async () => {
    const unit = await at.holdFloor(tale.code, '800', '2026-12-01', '2199-01-31');
    await shot('floor');
    await at.entry('projects', tale.name);
    await at.side.locator(`[data-part=units] [data-unit="${unit}"][data-state=held]`).waitFor();
  });

  it('is signed, and its ground reserved', async () => {
    await move('to_sign', '2026-03-16', tale.letter, tale.letterPaper);
    await at.reach('signed', '2026-03-20', tale.contract, tale.contractPaper);
    await at.press(at.say('web.visit.done.of', { step: tale.next }));
    await at.press(plot);
    await at.clear();
    await at.side.locator('[data-kind=reserve]').click();
    await at.order(tale.reserve, tale.reservePaper, '2026-03-21');
    await at.entry('projects', tale.name);
    await at.side.getByText(at.say('web.status.reserved')).first().waitFor();
    await shot('signed');
  });

  it('begins its approvals, and is given an agent and a link', async () => {
    const part = at.side.locator('.approvals');
    await at.press(`＋ ${at.say('approval.start')}`, part);
    await part.locator('[name=flow-start]').fill('2026-03-23');
    await part.getByText(at.say('approval.preview')).waitFor();
    await at.press(at.say('approval.start'), part);
    const steps = part.locator('details', { hasText: at.say('approval.view.list') });
    if (form === 'desk') await steps.locator('summary').click();
    await at.pass('filing', '2026-03-24', tale.filing);
    await at.pass('land_contract', '2026-03-26', tale.grant);
    await shot('approvals');

    // steps are called by their names, though the approvals have only just begun
    await aid().locator('[data-paper=grant_contract]').waitFor();
    await expect.poll(() => aid().innerText()).not.toMatch(/[a-z]+_[a-z]+/);
    await at.press(`＋ ${at.say('aid.agent.name')}`, aid());
    await aid().locator('[name=agent]').selectOption({ label: '代办小王' });
    await aid().locator('[name=mandate]').fill(tale.mandate);
    await aid().locator('[name=mandate-file]').setInputFiles(paper);
    await at.press(at.say('aid.agent.name'), aid());
    await aid().locator('[data-agent]', { hasText: '代办小王' }).waitFor();
    await at.press(`＋ ${at.say('aid.link.make')}`, aid());
    link = await aid().locator('[name=firm-link]').inputValue();
    await aid().scrollIntoViewIfNeeded();
    await shot('agent');
  });

  it('shows its firm its own flow, which hands in its papers once and raises a problem', async () => {
    const locale = lang === 'zh' ? 'zh-CN' : 'en-GB';
    firm = await openPage(browser, link, { ...options, locale });
    const { page } = firm;
    await page.getByRole('heading', { name: tale.name }).waitFor();
    await page.locator('[data-step=land_contract]', { hasText: at.say('approval.state.done') }).waitFor();
    for (const [kind, called] of [
      ['grant_contract', tale.handed],
      ['filing_note', tale.filed],
    ]) {
      const asked = page.locator(`[data-paper=${kind}]`);
      await asked.getByRole('button').click();
      await asked.locator('[name=paper-file]').setInputFiles(paper);
      await asked.locator('[name=paper-name]').fill(called ?? '');
      await at.press(at.say('aid.paper.hand'), asked);
      await asked.and(page.locator('[data-state=here]')).waitFor();
    }
    await at.press(`＋ ${at.say('aid.problem.raise')}`, page.locator('main'));
    await page.locator('[name=problem-words]').fill(tale.trouble);
    await at.press(at.say('aid.problem.raise'), page.locator('main form'));
    await page.locator('[data-problem="1"][data-state=raised]').waitFor();
    await shot('firm', page);
    expect(await graveFindings(page)).toEqual([]);
  });

  it('has a step done by its agent with the papers of the firm', async () => {
    await worker.open('day');
    const task = worker.side.locator('[data-task=land_planning_permit]', { hasText: tale.name });
    await task.waitFor();
    expect(await task.innerText()).not.toContain(worker.say('aid.day.lacks'));
    for (const kind of ['accepted', 'done'] as const) {
      await task.locator('[name=photo]').setInputFiles(photo);
      await task.getByRole('button', { name: worker.say(`aid.day.${kind}`) }).click();
      if (kind === 'accepted') await task.getByRole('button', { name: worker.say('aid.day.done') }).waitFor();
      await shot(`day-${kind}`, worker.page);
    }
    await task.waitFor({ state: 'detached' });
  });

  it('has its problem closed by a meeting, of which the firm reads', async () => {
    await at.open('meetings');
    await at.fill(
      at.side,
      `＋ ${at.say('aid.meet.make')}`,
      { 'meeting-title': tale.meeting, 'meeting-day': '2026-04-01' },
      at.say('aid.meet.make'),
    );
    const waiting = at.side.locator('li[data-problem]', { hasText: tale.trouble });
    await waiting.getByRole('button', { name: tale.meeting }).click();
    const item = at.side.locator(`[data-meeting="${tale.meeting}"] [data-problem]`, {
      hasText: tale.trouble,
    });
    const typed = { 'turn-text': tale.owner, 'turn-due': '2026-12-24' };
    await at.fill(item, at.say('aid.meet.assign'), typed, at.say('aid.save'));
    await item.and(at.page.locator('[data-state=assigned]')).waitFor();
    await shot('meeting');
    await at.press(at.say('aid.meet.close'), item);
    await item.locator('[name=turn-text]').fill(tale.closed);
    await item.locator('[name=turn-file]').setInputFiles(paper);
    await at.press(at.say('aid.save'), item);
    await item.and(at.page.locator('[data-state=closed]')).waitFor();
    await firm.page.reload();
    await firm.page.locator('[data-problem="1"][data-state=closed]', { hasText: tale.closed }).waitFor();
    await firm.page
      .locator('[data-step=land_planning_permit]', { hasText: at.say('approval.state.done') })
      .waitFor();
  });

  it('lands, is built and produces', async () => {
    await at.entry('parties', tale.firm);
    await at.press(at.say('web.register.edit'));
    await at.side.locator('[name=credit_code]').fill(tale.credit);
    await at.press(at.say('web.register.save'));
    await at.side.getByText(tale.credit).waitFor();
    await at.entry('projects', tale.name);
    await at.reach('landed', '2026-04-10', tale.landed, tale.landedPaper);
    await at.reach('started', '2026-06-01', tale.started, tale.startedPaper);
    // a step that is due puts its card before those that nothing is owed of
    await at.visit(tale.site, tale.inspect, '2026-06-15', '2026-12-18');
    await move('in_production', '2026-11-02', tale.made, tale.madePaper);
  });

  it('is found again whole, in both languages', async () => {
    for (const other of ['zh', 'en'] as const) {
      const again = await Reader.like(browser, planner, other, options, 'no map');
      await again.entry('projects', tale.name);
      await again.side.locator('.aid [data-problem]').waitFor();
      await again.side.getByText(tale.filing).first().waitFor({ state: 'attached' });
      await again.side.getByText(tale.next).waitFor();
      const whole = (await again.side.textContent()) ?? '';
      for (const text of onPage(tale)) expect.soft(whole).toContain(text);
      for (const day of days) expect.soft(whole).toContain(again.date(day));
      await again.open('history');
      await again.side.getByText(tale.hold).waitFor();
      const land = (await again.side.textContent()) ?? '';
      for (const text of [tale.reserve, tale.reservePaper, '2026-03-21', tale.holdPaper, '2026-03-12', plot])
        expect.soft(land).toContain(text);
      await again.open('meetings');
      await again.side
        .locator(`[data-meeting="${tale.meeting}"]`, { hasText: again.date('2026-04-01') })
        .waitFor();
      await again.page.context().close();
    }
  });

  it('was told to its firm alone as far as it is the firm’s', async () => {
    const { page, errors, paths } = firm;
    // the file that every reader gets holds what is public of the park, and shows none of it here
    const told = await page.locator('body').innerText();
    const whole = await page.content();
    for (const text of inside(tale)) expect.soft(told + whole).not.toContain(text);
    expect(paths.filter((path) => /^\/api\/(?!firm\/)/.test(path))).toEqual([]);
    expect(errors).toEqual([]);
    const { projects, doors } = await at.page.evaluate(readProjects);
    expect(projects.length).toBeGreaterThan(20);
    for (const { code, name_zh, name_en, named } of projects.filter((each) => each.code !== tale.code))
      for (const text of [code, name_zh, name_en])
        expect.soft(named ? told : told + whole).not.toContain(text);
    expect(await page.evaluate(knock, { doors, link: new URL(link).hash.slice('#firm='.length) })).toEqual(
      [],
    );
  });
});
