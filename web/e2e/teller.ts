import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import aiding from '../../message/aiding.json';
import approving from '../../message/approving.json';
import board from '../../message/board.json';
import building from '../../message/building.json';
import { day } from '../src/core/format';
import { table, type Lang, type Params } from '../src/core/message';
import type { Reached } from '../src/core/api';
import { desktop, openPage, openPanel, phone } from './browser';
import { chooseProject, confirm } from './planner';

const texts = { ...table, ...aiding, ...approving, ...board, ...building };
type Text = keyof typeof texts;

/** The form in which a story is told. */
export const forms: Record<'desk' | 'phone', { options: BrowserContextOptions; map: 'map' | 'no map' }> = {
  desk: { options: desktop, map: 'map' },
  phone: { options: phone, map: 'no map' },
};

/** What the page says under a key; what its {placeholders} stand for is left out if nothing is given for them. */
export function said(lang: Lang, key: Text, params: Params = {}): string {
  return texts[key][lang].replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''));
}

/** A page of the park as one reads it: in a language, on a desk or a phone. */
export class Reader {
  constructor(
    readonly page: Page,
    readonly lang: Lang,
  ) {}

  /** Opens the park for whoever is signed in on a page. */
  static async like(
    browser: Browser,
    signedIn: Page,
    lang: Lang,
    options: BrowserContextOptions,
    map: 'map' | 'no map',
  ): Promise<Reader> {
    const storageState = await signedIn.context().storageState();
    const url = `${new URL(signedIn.url()).origin}/?lang=${lang}`;
    const { page } = await openPage(browser, url, { ...options, storageState }, map);
    await page.locator('.bar [data-panel=history]').waitFor();
    return new Reader(page, lang);
  }

  readonly say = (key: Text, params: Params = {}): string => said(this.lang, key, params);
  readonly date = (text: string): string => day(this.lang, text, 'Asia/Shanghai');

  /** What stands beside the map, or on a phone below it. */
  get side(): Locator {
    return this.page.locator('.facts, .sheet');
  }

  async press(name: string, within: Locator = this.side): Promise<void> {
    await within.getByRole('button', { name, exact: true }).click();
  }

  /** Opens a form by its button, fills it in by the names of its fields, sends it off, and waits until it is gone. */
  async fill(
    within: Locator,
    open: string,
    typed: Record<string, string>,
    send = this.say('web.register.add'),
  ): Promise<void> {
    await this.press(open, within);
    const form = within.locator('form').first();
    for (const [name, text] of Object.entries(typed)) await put(form.locator(`[name="${name}"]`), text);
    await this.press(send, form);
    await form.waitFor({ state: 'detached' });
  }

  /** Closes whatever is open: on a phone it may cover the bar. */
  async clear(): Promise<void> {
    const close = this.side.locator('.panel-head .close').first();
    while (await close.isVisible()) await close.click();
  }

  /** Opens a panel by its button, in the place of what is open. */
  async open(panel: string): Promise<void> {
    await this.clear();
    await openPanel(this.page, panel);
  }

  /** Opens the registers at their list of projects or parties. */
  async register(of: 'projects' | 'parties'): Promise<void> {
    await this.clear();
    await this.press(this.say('web.register.title'), this.page.locator('.bar'));
    await this.press(this.say(`web.register.${of}`));
  }

  /** Finds a project, or a party, in its register and opens it. */
  async entry(of: 'projects' | 'parties', name: string): Promise<void> {
    await this.register(of);
    await this.side.locator('[name=words]').fill(name);
    await this.side.locator('li a', { hasText: name }).first().click();
    await this.side.getByRole('heading', { level: 2, name }).waitFor();
  }

  /** Finds floor space by the steps of a need and holds the best unit for a project; gives the codes of where it is. */
  async holdFloor(project: string, m2: string, from: string, until: string): Promise<string> {
    await this.open('match');
    await this.side.locator('h3[data-step=made]').waitFor();
    await this.side.locator('[name=match-place][value=floor_space]').check();
    await this.press(this.say('web.match.step.next'));
    await this.side.locator('[name=match-floor_m2]').fill(m2);
    await this.press(this.say('web.match.step.show'));
    const best = this.side.locator('.units > li').first();
    const code = await best.getAttribute('data-unit');
    await best.getByRole('button').click();
    const opened = this.side.locator('section.opened');
    await this.press(code ?? '', opened);
    await this.press(`＋ ${this.say('building.hold')}`, opened);
    await chooseProject(this.page, project);
    await opened.locator('[name=letting-from]').fill(from);
    await opened.locator('[name=letting-hold-until]').fill(until);
    await this.press(this.say('building.do.hold'), opened);
    await opened.locator(`[data-unit="${code}"]`).getByText(this.say('building.state.held')).waitFor();
    return `${await opened.getAttribute('data-building')} ${code}`;
  }

  /** Notes on a project's page that it has reached a stage. */
  async reach(
    stage: Reached['stage'],
    reached_on: string,
    evidence: string,
    document: string,
  ): Promise<void> {
    const add = `＋ ${this.say('web.register.stages.add')}`;
    await this.fill(this.side, add, { stage, reached_on, evidence, document });
  }

  /** Notes on a project's page a visit and what follows from it. */
  async visit(note: string, next_step: string, visited_on: string, due: string): Promise<void> {
    const add = `＋ ${this.say('web.visit.add')}`;
    await this.fill(this.side, add, { note, next_step, visited_on, due });
    await this.side.getByText(next_step).waitFor();
  }

  /** Notes on a project's page a step of its approvals as handed in, and as done, on a day. */
  async pass(step: string, day: string, document: string): Promise<void> {
    const part = this.side.locator('.approvals');
    const its = part.locator(`[data-step=${step}]`);
    for (const kind of ['accepted', 'done'] as const) {
      await its.getByRole('button', { name: this.say('approval.note.of') }).click();
      const form = part.locator('form');
      await form.locator('[name=flow-kind]').selectOption(kind);
      await form.locator('[name=flow-day]').fill(day);
      await form.locator('[name=flow-document]').fill(document);
      await this.press(this.say('approval.save'), form);
      await form.waitFor({ state: 'detached' });
    }
    await its.getByText(this.say('approval.state.done')).waitFor();
  }

  /** Fills in the document of an order that is open, and why, and confirms it. */
  async order(reason: string, title: string, day: string): Promise<void> {
    const form = this.side.locator('form.form');
    await form.locator('details summary').click();
    await form.locator('[name=paper]').fill(title);
    await form.getByLabel(this.say('web.order.document.date')).fill(day);
    await confirm(this.page, reason, this.say('web.order.confirm'));
  }
}

/** Types a text into a field, or chooses what is called so. */
async function put(field: Locator, text: string): Promise<void> {
  if ((await field.evaluate(({ localName }) => localName)) === 'select') await field.selectOption(text);
  else await field.fill(text);
}
