import { createContext } from 'svelte';
import type { NotedTag, TurnNote } from '../core/api';
import { boxOf } from '../core/bbox';
import { collections, rowOf } from '../core/collection';
import type { Place } from '../core/drafts';
import { Latest } from '../core/latest';
import {
  approvalsLink,
  formatPage,
  isCollection,
  outOf,
  pageLink,
  type PageRef,
  type Register,
} from './page';
import { Office, type Party, type Project, type Reached, type Right, type Team } from './register';
import { Listing, ProjectListing } from './listing.svelte';
import { mayAnywhere, mayIn } from '../core/session';
import { Refusal } from '../core/wire';
import type { Thing } from './thing';
import { Dossier } from './dossier.svelte';
import { Entry, type KeptForm } from '../kit/entry.svelte';
import {
  contactedSort,
  milestoneSort,
  partySort,
  projectSort,
  releaseSort,
  tagSort,
  turnSort,
} from './sorts';
import type { TagForm } from './projectform';
import type { TurnForm } from './stageform';
import { ownTeams, type ContactedForm, type ReleaseForm } from './teamform';
import { Things } from './things.svelte';
import type { Notice } from '../kit/notice.svelte';
import type { Words } from '../kit/words.svelte';
import type { Land } from '../state/land.svelte';
import type { Link } from '../state/link.svelte';
import type { Look } from '../state/look.svelte';
import type { Panels } from '../state/panel.svelte';
import type { Screen } from '../state/screen.svelte';
import type { Selection } from '../state/selection.svelte';
import type { Session } from '../state/session.svelte';
import type { Sight } from '../state/sight.svelte';
import type { Walk } from '../state/walk.svelte';

/** Any form, where only whether something is typed in it matters. */
interface Typing {
  readonly dirty: boolean;
}

/** What the pages need of the rest of the page. */
export interface Around {
  land: Land;
  link: Link;
  look: Look;
  notice: Notice;
  panels: Panels;
  screen: Screen;
  selection: Selection;
  session: Session;
  sight: Sight;
  walk: Walk;
  words: Words;
}

/** What is read; null where there is none that one may see. */
async function orNone<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Refusal && error.problem.status === 404) return null;
    throw error;
  }
}

/** The pages of the registers beside the map: which is open, what it shows, what is typed in it. */
export class Pages {
  at = $state.raw<PageRef | null>(null);
  /** The project whose page or form is open, as the server has it. */
  openProject = $state.raw<Project | null>(null);
  /** The projects of the open company. */
  ofParty = $state.raw<readonly Project[]>([]);
  openParty = $state.raw<Party | null>(null);
  rights = $state.raw<readonly Right[]>([]);
  teams = $state.raw<readonly Team[]>([]);
  words = $state('');
  /** The form of a project or party, and the small one within a project's page. */
  project = $state.raw<ReturnType<Pages['formOfProject']> | null>(null);
  party = $state.raw<ReturnType<Pages['formOfParty']> | null>(null);
  adding = $state.raw<Adding | null>(null);
  /** As of which day the approvals of the open project are told; '' is today. */
  approvalsOn = $state('');
  reading = $state(false);
  problem = $state<string | null>(null);
  /** Waits for a word: give up what was typed, and then do this? */
  asking = $state.raw<(() => void) | null>(null);

  readonly office: Office;
  readonly list: ProjectListing;
  readonly parties: Listing<Party>;
  readonly things: Things;
  readonly dossier: Dossier;
  private readonly loads = new Latest();
  private staying = false;

  constructor(private readonly use: Around) {
    this.office = new Office(use.session.wire);
    const { office } = this;
    this.list = new ProjectListing(office, () => this.words);
    this.parties = new Listing(async (from, limit) => {
      const found = await office.findParties({ words: this.words, from, limit });
      return { ...found, rows: found.parties };
    });
    this.things = new Things(this, use);
    this.dossier = new Dossier(this, use);
    use.selection.onSelect = () => this.makeRoom();
  }

  readonly may = $derived.by(() => mayAnywhere(this.use.session.account));
  /** Whether a page stands in the side panel; what else is opened there goes before it, and it comes back as it was. */
  readonly shown = $derived.by(
    () => this.at !== null && !this.use.selection.order.underWay && this.use.panels.open === null,
  );
  readonly dirty = $derived.by(() =>
    [this.project, this.party, this.adding?.entry, this.things, this.dossier].some(
      (form: Typing | null | undefined) => form?.dirty,
    ),
  );
  /** The teams that a first contact may be registered for. */
  readonly ownTeams = $derived.by(() => ownTeams(this.teams, this.use.session.account?.id, this.may.manage));

  /** Opens a register from the bar, or puts it away. */
  toggle(of: Register): void {
    const { panels, selection } = this.use;
    if (this.shown) {
      this.go(null);
      return;
    }
    selection.order.cancel();
    panels.put(null);
    if (!this.at) this.go({ of, id: null, edit: false });
  }

  /** Opens a page, or with null none; what is typed is given up only on the writer's word. */
  go(to: PageRef | null): void {
    this.leave(() => {
      this.put(to);
      this.use.link.note();
    });
  }

  /** The address of a page, the rest of the look as it is. */
  linkTo(page: PageRef): string {
    return this.use.link.with(pageLink, page);
  }

  /** Adds the open page to the address. */
  addLink(): void {
    this.use.link.add(
      pageLink,
      () => this.at,
      (page) => this.restore(page),
    );
    this.use.link.add(
      approvalsLink,
      () => this.approvalsOn,
      (on) => (this.approvalsOn = on),
    );
  }

  /** Where the link leads: a step of the browser's history doesn't lose what is typed either. */
  private restore(to: PageRef | null): void {
    if (link(to) === link(this.at)) return;
    if (!this.dirty) {
      this.put(to);
      return;
    }
    this.use.link.note();
    this.go(to);
  }

  /** One step out. */
  back(): void {
    if (this.asking) this.asking = null;
    else if (this.adding) this.leave(() => (this.adding = null));
    else if (this.dossier.form) this.leave(() => this.dossier.close());
    else if (this.things.retiring) this.leave(() => (this.things.retiring = null));
    else if (this.at) this.go(outOf(this.at));
  }

  /** What was picked on the map takes the panel, unless something is typed in it. */
  private makeRoom(): void {
    if (this.staying || !this.at) return;
    if (this.dirty) this.use.notice.tell(this.use.words.t('web.register.stays'));
    else this.put(null);
  }

  /** Shows what a page is about on the map, where it has a place there. */
  async lookAt({ collection, park, id, geometry }: Thing): Promise<void> {
    if (collection === 'parcels') {
      await this.look(park, id);
      return;
    }
    const box = boxOf(geometry);
    const { layer } = rowOf(collection);
    if (layer && !this.use.look.layers.has(layer)) this.use.look.toggleLayer(layer);
    this.staying = !this.use.screen.narrow;
    this.use.selection.select({ of: collections[collection].of, id });
    this.staying = false;
    if (box) this.use.sight.camera?.fit(box, true);
  }

  /**
   * Shows a parcel on the map; on a phone, where the page covers the map, the page goes, and the way back leads
   * to it.
   */
  async look(park: string, parcel: string): Promise<void> {
    this.staying = !this.use.screen.narrow;
    try {
      await this.use.walk.visit(park, parcel);
    } finally {
      this.staying = false;
    }
  }

  giveUp(): void {
    const then = this.asking;
    this.asking = null;
    const { project, party, adding, things, dossier } = this;
    for (const form of [project, party, adding?.entry, things.form, things.retiring, dossier.form])
      form?.discard();
    this.closeForms();
    then?.();
  }

  /** Notes a stage, or with what was noted corrects it. */
  addMilestone(to: Project, wrong: Reached | null): void {
    this.add(() => ({ kind: 'milestone', wrong, entry: this.formOfMilestone(to, wrong) }));
  }

  /** Notes a turn, or with what was noted corrects it. */
  addTurn(to: Project, wrong: TurnNote | null): void {
    this.add(() => ({ kind: 'turn', wrong, entry: this.formOfTurn(to, wrong) }));
  }

  /** Registers the first contact of a project's firm. */
  addContact(to: Project): void {
    this.add(() => ({
      kind: 'contacted',
      entry: new Entry(
        contactedSort(this.office, to, this.use.land.today, this.ownTeams),
        null,
        this.place(`contacted.${to.id}`),
      ),
    }));
  }

  release(of: Project): void {
    this.add(() => ({
      kind: 'release',
      entry: new Entry(releaseSort(this.office, of), null, this.place(`release.${of.id}`)),
    }));
  }

  addTag(to: Project, wrong: NotedTag | null): void {
    this.add(() => ({ kind: 'tag', wrong, entry: this.formOfTag(to, wrong) }));
  }

  private add(begin: () => Adding): void {
    this.leave(() => {
      this.dossier.close();
      this.adding = begin();
    });
  }

  /** Reads what the open page shows. Of readings that overlap the last counts: one begun before may tell of before. */
  load(): Promise<void> {
    return this.loads.run((overtaken) => this.read(overtaken));
  }

  private async read(overtaken: () => boolean): Promise<void> {
    const { at } = this;
    this.dossier.forget();
    if (!at || !this.may.see) {
      this.reading = false;
      return;
    }
    this.reading = true;
    this.problem = null;
    try {
      if (isCollection(at.of)) await this.things.load(at.of, at, overtaken);
      else await this.loadOffice(at, overtaken);
    } catch (error) {
      if (!overtaken()) this.problem = this.use.session.say(error);
    }
    if (!overtaken()) this.reading = isCollection(at.of) && this.things.isListed(at.of) === null;
  }

  private async loadOffice(at: PageRef, overtaken: () => boolean): Promise<void> {
    this.rights = [];
    const { id } = at;
    const company = at.of === 'parties';
    const listed = id || at.edit ? null : company ? this.parties.read() : this.list.read();
    const [project, party, ofParty, teams] = await Promise.all([
      id && !company ? orNone(this.office.project(id)) : null,
      id && company ? orNone(this.office.party(id)) : null,
      id && company ? this.office.findProjects({ party: id, limit: 1000 }) : null,
      this.office.teams(),
      listed,
    ]);
    if (overtaken()) return;
    this.teams = teams;
    if (this.at !== at) return;
    this.openProject = project;
    this.openParty = party;
    this.ofParty = ofParty?.projects ?? [];
    if (at.edit) this.openForm(at);
    else if (at.id && at.of === 'parties') await this.dossier.loadParty(at.id);
    else if (at.id) await Promise.all([this.loadRights(at.id), this.dossier.loadProject(at.id)]);
  }

  private async loadRights(project: string): Promise<void> {
    const parks = this.use.land.parks.filter((park) => mayIn(this.use.session.account, park).see);
    const rights = await this.office.rights(
      project,
      parks.map(({ code }) => code),
    );
    if (this.at?.id === project) this.rights = rights;
  }

  /** A form that is open already stays as it is typed. */
  private openForm(at: PageRef): void {
    if (at.of === 'projects') {
      if (!at.id || this.openProject) this.project ??= this.formOfProject(at.id ? this.openProject : null);
    } else {
      if (!at.id || this.openParty) this.party ??= this.formOfParty(at.id ? this.openParty : null);
    }
  }

  async saveProject(): Promise<void> {
    const saved = await this.project?.save();
    if (!saved) return;
    await this.saved({ of: 'projects', id: saved.id, edit: false });
  }

  async saveParty(): Promise<void> {
    const saved = await this.party?.save();
    if (!saved) return;
    await this.saved({ of: 'parties', id: saved.id, edit: false });
  }

  async saveThing(): Promise<void> {
    const saved = await this.things.form?.save();
    if (!saved) return;
    await this.saved({ of: saved.collection, id: saved.id, edit: false });
  }

  async saveRetiring(): Promise<void> {
    const asked = await this.things.retiring?.save();
    if (!asked) return;
    this.things.retiring = null;
    this.use.notice.tell(this.use.words.t('web.fact.proposed'));
  }

  async saveAdding(): Promise<void> {
    const { adding } = this;
    const saved = await adding?.entry.save();
    if (!saved) return;
    this.adding = null;
    this.renew(saved);
    this.told();
  }

  /** A project as the server has it now; a reading under way may have it as it was. */
  renew(saved: Project): void {
    if (this.openProject?.id === saved.id) this.openProject = saved;
    this.list.renew(saved);
    if (this.reading) void this.load();
  }

  told(): void {
    this.use.notice.tell(this.use.words.t('web.register.saved'));
  }

  /** Names may stand on the map: it is read anew. */
  private async saved(to: PageRef): Promise<void> {
    this.put(to);
    this.use.link.note();
    this.told();
    await this.use.land.reread();
  }

  /** Tells the approvals of the open project as of a day; '' is today. */
  lookBack(on: string): void {
    this.approvalsOn = on;
    this.use.link.note();
  }

  private put(to: PageRef | null): void {
    if (to?.id !== this.at?.id) {
      this.approvalsOn = '';
      this.openProject = this.openParty = null;
      this.ofParty = [];
    }
    this.at = to;
    this.closeForms();
  }

  private closeForms(): void {
    this.project = this.party = this.adding = null;
    this.things.close();
    this.dossier.close();
  }

  /** Does what gives up what is typed, on the writer's word where something is. */
  leave(then: () => void): void {
    if (this.dirty) this.asking = then;
    else then();
  }

  /** The open park, where one may change things in it: what is made here is its business. */
  private entering(): string | undefined {
    const { park, may } = this.use.land;
    return park && may.plan ? park.code : undefined;
  }

  private formOfProject(thing: Project | null) {
    return new Entry(
      projectSort(this.office, () => this.entering()),
      thing,
      this.place(`project.${thing?.id ?? 'new'}`),
    );
  }

  private formOfParty(thing: Party | null) {
    return new Entry(
      partySort(this.office, () => this.entering()),
      thing,
      this.place(`party.${thing?.id ?? 'new'}`),
    );
  }

  private formOfMilestone(to: Project, wrong: Reached | null) {
    return new Entry(
      milestoneSort(this.office, to, this.use.land.today, wrong),
      null,
      this.place(`milestone.${to.id}.${wrong?.stage ?? 'new'}`),
    );
  }

  private formOfTurn(to: Project, wrong: TurnNote | null) {
    const place = this.place<TurnForm>(`turn.${to.id}.${wrong?.n ?? 'new'}`);
    return new Entry(turnSort(this.office, to, this.use.land.today, wrong), null, place);
  }

  private formOfTag(to: Project, wrong: NotedTag | null) {
    const place = this.place<TagForm>(`tag.${to.id}.${wrong?.id ?? 'new'}`);
    return new Entry(tagSort(this.office, to, this.use.land.today, wrong), null, place);
  }

  /** Where the browser keeps a form's draft; of data of persons as long as the tab. */
  place<F>(name: string, personal = false): Place<KeptForm<F>> {
    return this.use.session.drafts.place(`form.${name}`, personal);
  }
}

type Adding =
  | { kind: 'milestone'; wrong: Reached | null; entry: ReturnType<Pages['formOfMilestone']> }
  | { kind: 'contacted'; entry: Entry<ContactedForm, Project> }
  | { kind: 'release'; entry: Entry<ReleaseForm, Project> }
  | { kind: 'turn'; wrong: TurnNote | null; entry: ReturnType<Pages['formOfTurn']> }
  | { kind: 'tag'; wrong: NotedTag | null; entry: ReturnType<Pages['formOfTag']> };

const link = (page: PageRef | null): string | null => page && formatPage(page);

export const [usePages, providePages] = createContext<Pages>();
