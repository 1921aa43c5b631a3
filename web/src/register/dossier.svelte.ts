import type { Place } from '../core/drafts';
import type { May } from '../core/session';
import { Refusal } from '../core/wire';
import type { ContactForm } from './contactform';
import type { InvestmentForm } from './investmentform';
import type { Contact, Investment, Office, Party, Project, Visit } from './register';
import { Entry, type KeptForm } from '../kit/entry.svelte';
import { Notes } from './notes.svelte';
import type { PageRef } from './page';
import { changeOfPartySort, contactSort, investmentSort, visitSort } from './sorts';
import type { Notice } from '../kit/notice.svelte';
import type { Words } from '../kit/words.svelte';
import type { Land } from '../state/land.svelte';
import type { Session } from '../state/session.svelte';

/** The pages that these forms are within. */
interface Host {
  readonly at: PageRef | null;
  readonly may: May;
  readonly office: Office;
  adding: unknown;
  problem: string | null;
  leave(then: () => void): void;
  place<F>(name: string, personal?: boolean): Place<KeptForm<F>>;
  renew(saved: Project): void;
  told(): void;
}

/**
 * What belongs to one party or project and is kept apart from its facts: contacts, money put in, visits, whose
 * a project is.
 */
export class Dossier {
  contacts = $state.raw<readonly Contact[]>([]);
  /** The contacts are for the parks that handle the party; the open one only sees it. */
  withheld = $state(false);
  investments = $state.raw<readonly Investment[]>([]);
  visits = $state.raw<readonly Visit[]>([]);
  visit = $state.raw<ReturnType<Dossier['formOfVisit']> | null>(null);
  contact = $state.raw<ReturnType<Dossier['formOfContact']> | null>(null);
  investment = $state.raw<ReturnType<Dossier['formOfInvestment']> | null>(null);
  /** What the form of an investment corrects; null: it is a new one. */
  wrong = $state.raw<Investment | null>(null);
  party = $state.raw<ReturnType<Dossier['formOfParty']> | null>(null);
  /** Waits for a word: erase this one for good? */
  erasing = $state.raw<Contact | null>(null);
  problem = $state<string | null>(null);
  busy = $state(false);
  readonly notes: Notes;

  constructor(
    private readonly pages: Host,
    private readonly use: { land: Land; notice: Notice; session: Session; words: Words },
  ) {
    this.notes = new Notes({
      office: pages.office,
      get today() {
        return use.land.today;
      },
      place: (name) => pages.place(name),
    });
  }

  readonly form = $derived.by(
    () => this.contact ?? this.investment ?? this.party ?? this.visit ?? this.notes.open?.entry ?? null,
  );
  readonly dirty = $derived.by(() => this.form?.dirty ?? false);

  /** Puts away what was read: it is another's, or of another's page. */
  forget(): void {
    this.contacts = this.investments = this.visits = [];
    this.notes.forget();
    this.withheld = false;
  }

  close(): void {
    this.contact = this.investment = this.party = this.visit = this.erasing = this.notes.open = null;
  }

  /** Contacts are data of persons: only those who work with them read them. */
  async loadParty(id: string): Promise<void> {
    if (!this.pages.may.plan) return;
    const contacts = await this.pages.office.contacts(id).catch((error: unknown) => {
      if (error instanceof Refusal && error.problem.status === 403) return null;
      throw error;
    });
    if (!this.shows('parties', id) || !this.pages.may.plan) return;
    this.contacts = contacts ?? [];
    this.withheld = contacts === null;
  }

  async loadProject(id: string): Promise<void> {
    const { office } = this.pages;
    const [investments, visits] = await Promise.all([
      office.investments(id),
      office.visits(id),
      this.notes.load(id, () => this.shows('projects', id)),
    ]);
    if (!this.shows('projects', id)) return;
    this.investments = investments;
    this.visits = visits;
  }

  editContact(of: Party, contact: Contact | null): void {
    this.begin(() => (this.contact = this.formOfContact(of, contact)));
  }

  /** Notes money put in, or with what was noted wrong corrects it. */
  noteInvestment(of: Project, wrong: Investment | null): void {
    this.begin(() => {
      this.wrong = wrong;
      this.investment = this.formOfInvestment(of, wrong);
    });
  }

  /** Opens a form of the notes, which is the one small form then. */
  note(open: (notes: Notes) => void): void {
    this.begin(() => open(this.notes));
  }

  async saveNote(): Promise<void> {
    if (await this.notes.save()) this.pages.told();
  }

  noteVisit(of: Project): void {
    this.begin(() => (this.visit = this.formOfVisit(of)));
  }

  async saveVisit(): Promise<void> {
    const saved = await this.visit?.save();
    if (!saved) return;
    this.visit = null;
    this.visits = saved;
    this.pages.told();
  }

  /** Notes that a next step is done. */
  async doStep(of: Project, { n }: Visit): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      this.visits = await this.pages.office.doStep(of.id, n);
      this.pages.told();
    } catch (error) {
      this.pages.problem = this.use.session.say(error);
    } finally {
      this.busy = false;
    }
  }

  changeParty(of: Project): void {
    this.begin(() => (this.party = this.formOfParty(of)));
  }

  async saveContact(): Promise<void> {
    const saved = await this.contact?.save();
    if (!saved) return;
    this.contact = null;
    this.pages.told();
    await this.reread(saved.party);
  }

  async saveInvestment(): Promise<void> {
    const saved = await this.investment?.save();
    if (!saved) return;
    this.investment = null;
    this.investments = saved;
    this.pages.told();
  }

  /** Whose a project is may stand on the map: it is read anew. */
  async saveParty(): Promise<void> {
    const saved = await this.party?.save();
    if (!saved) return;
    this.party = null;
    this.pages.renew(saved);
    this.pages.told();
    await this.use.land.reread();
  }

  ask(contact: Contact): void {
    this.problem = null;
    this.erasing = contact;
  }

  /** Erases the contact that was asked about; on a failure it stays asked, with the cause. */
  async erase(): Promise<void> {
    const { erasing } = this;
    if (!erasing || this.busy) return;
    this.busy = true;
    this.problem = null;
    try {
      await this.pages.office.erase(erasing);
      this.erasing = null;
      this.use.notice.tell(this.use.words.t('web.contact.erased'));
      await this.reread(erasing.party);
    } catch (error) {
      this.problem = this.use.session.say(error);
    } finally {
      this.busy = false;
    }
  }

  private async reread(party: string): Promise<void> {
    try {
      await this.loadParty(party);
    } catch (error) {
      this.pages.problem = this.use.session.say(error);
    }
  }

  /** One small form at a time. */
  private begin(then: () => void): void {
    this.pages.leave(() => {
      this.close();
      this.pages.adding = null;
      then();
    });
  }

  private shows(of: 'parties' | 'projects', id: string): boolean {
    return this.pages.at?.of === of && this.pages.at.id === id;
  }

  private formOfContact(of: Party, contact: Contact | null) {
    const place = this.pages.place<ContactForm>(`contact.${of.id}.${contact?.id ?? 'new'}`, true);
    return new Entry(contactSort(this.pages.office, of), contact, place);
  }

  private formOfInvestment(of: Project, wrong: Investment | null) {
    const { office } = this.pages;
    const place = this.pages.place<InvestmentForm>(`investment.${of.id}.${wrong?.until ?? 'new'}`);
    return new Entry(investmentSort(office, of, this.use.land.today, wrong), null, place);
  }

  private formOfVisit(of: Project) {
    return new Entry(
      visitSort(this.pages.office, of, this.use.land.today),
      null,
      this.pages.place(`visit.${of.id}`),
    );
  }

  private formOfParty(of: Project) {
    return new Entry(changeOfPartySort(this.pages.office), of, this.pages.place(`change-of-party.${of.id}`));
  }
}
