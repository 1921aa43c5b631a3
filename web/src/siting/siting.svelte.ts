import { readChain } from '../core/chain';
import { boxOf } from '../core/bbox';
import {
  askMatch,
  questionOf,
  rerank,
  stepFor,
  telling,
  weightsOf,
  type ChainNode,
  type MatchAnswer,
  type Question,
  type Site,
} from '../core/match';
import {
  exampleNeed,
  faultsOf,
  formatNeed,
  formatWeights,
  refusedField,
  startNeed,
  type Field,
  type SiteNeed,
  type Weights,
} from '../core/need';
import { Refusal } from '../core/wire';
import type { Desk } from '../state/desk.svelte';
import { Heat } from './heat.svelte';
import { wordsOf } from '../state/planner.svelte';
import { Saved } from './saved.svelte';

/** So many sites stand side by side at most. */
export const MOST_COMPARED = 4;

/** Ground sought for a project: what is needed, the answer, and how the reader weighs it. */
export class Siting {
  need = $state<SiteNeed>({ ...startNeed });
  /** What the answer is about; it stands in the link. */
  asked = $state.raw<SiteNeed | null>(null);
  /** The link brought a need that nobody has asked for yet. */
  due = $state(false);
  busy = $state(false);
  /** Why the last search failed, and at which field of the form. */
  problem = $state<string | null>(null);
  wrong = $state.raw<readonly Field[]>([]);
  /** How the reader weighs otherwise than was asked, by measure; it stands in the link. */
  own = $state.raw<Weights>({});
  /** Keys of the sites side by side. */
  compared = $state.raw<readonly string[]>([]);
  /** Key of the site that was opened last, or its code where a link names it: several may share a parcel. */
  private opened = $state<string | null>(null);
  chain = $state.raw<readonly ChainNode[]>([]);
  private whole = $state.raw<MatchAnswer | null>(null);
  private question: Question | null = null;
  private asking = new AbortController();

  readonly heat: Heat;
  readonly saved: Saved;

  constructor(readonly desk: Desk) {
    this.heat = new Heat(this);
    this.saved = new Saved(this);
  }

  /** The answer, of the park that is open. */
  readonly answer = $derived.by(() => (this.whole?.park === this.desk.park?.code ? this.whole : null));
  private readonly asWeighed = $derived.by<Weights>(() => (this.answer ? weightsOf(this.answer) : {}));
  readonly weights = $derived.by<Weights>(() =>
    Object.fromEntries(
      Object.entries(this.asWeighed).map(([measure, weight]) => [measure, this.own[measure] ?? weight]),
    ),
  );
  /** The answer's sites by the reader's weights, best first. */
  readonly sites = $derived.by<Site[]>(() => (this.answer ? rerank(this.answer.sites, this.weights) : []));
  readonly telling = $derived.by<string[]>(() => (this.answer ? telling(this.answer) : []));
  /** The site that is open. */
  readonly chosen = $derived.by<Site | null>(() => {
    const selected = this.desk.selected?.id;
    const there = this.sites.filter(({ parcels }) => parcels.some(({ id }) => id === selected));
    return (
      there.find(({ key, code }) => key === this.opened || code === this.opened) ??
      there.find(({ kind }) => kind === 'parcel') ??
      there[0] ??
      null
    );
  });
  /** What a link says of it; before the answer is there, what the link said. */
  get link(): string | null {
    if (!this.desk.selected) return null;
    return this.chosen ? (this.chosen.kind === 'parcel' ? null : this.chosen.code) : this.opened;
  }
  readonly shown = $derived.by(() => this.desk.planner.panel === 'match');
  /** Whether the reader weighs otherwise than was asked. */
  readonly weighed = $derived.by(() =>
    Object.entries(this.asWeighed).some(([measure, weight]) => weight !== this.weights[measure]),
  );
  /** Whether the park has changed since, or the reader may now see more of it. */
  readonly stale = $derived.by(() => {
    const { answer, desk } = this;
    if (!answer || desk.planner.past) return false;
    return desk.others.seq > answer.seq || (answer.scope === 'planner') !== desk.planner.may.see;
  });

  /** Takes over what a link asks for. */
  restore(wanted: SiteNeed | null, weights: Weights, site: string | null): void {
    this.opened = site;
    if (formatWeights(weights) !== formatWeights(this.own)) this.own = weights;
    if (formatOf(wanted) === formatOf(this.asked)) return;
    if (!wanted) {
      this.clear();
      return;
    }
    this.need = { ...wanted };
    this.asked = wanted;
    this.due = true;
    this.desk.planner.panel = 'match';
  }

  /** Forgets the answer; what is typed stays. */
  clear(): void {
    this.asking.abort();
    this.busy = false;
    this.due = false;
    this.asked = null;
    this.opened = null;
    this.own = {};
    this.whole = null;
    this.question = null;
    this.problem = null;
    this.wrong = [];
    this.compared = [];
    this.heat.lay();
    this.saved.clear();
  }

  async example(): Promise<void> {
    this.need = { ...exampleNeed };
    await this.ask();
  }

  /** Ranks the ground for what is typed. */
  async ask(): Promise<void> {
    const { desk } = this;
    const park = desk.park?.code;
    this.due = false;
    this.problem = null;
    this.wrong = faultsOf(this.need);
    if (this.wrong.length > 0) this.problem = desk.t('web.match.fault');
    if (this.wrong.length > 0) return;
    if (!park) {
      // asked before the park is known: it is answered when it is
      this.due = true;
      return;
    }
    const need = { ...this.need };
    const question = questionOf(park, need, desk.planner.from().at);
    this.asking.abort();
    this.asking = new AbortController();
    const { signal } = this.asking;
    this.busy = true;
    try {
      const answer = await askMatch(desk.planner.wire, question, signal);
      this.take(need, question, answer);
    } catch (error) {
      if (signal.aborted) return;
      this.refused(error, question);
    }
    this.busy = false;
  }

  private take(need: SiteNeed, question: Question, answer: MatchAnswer): void {
    if (formatNeed(need) !== formatOf(this.asked)) this.own = {};
    this.asked = need;
    this.question = question;
    this.whole = answer;
    this.compared = this.compared.filter((key) => answer.sites.some((site) => site.key === key));
    void this.heat.again();
    this.desk.note();
  }

  private refused(error: unknown, question: Question): void {
    const refusal = error instanceof Refusal ? error : null;
    const field = refusal && refusedField(refusal.problem.field, question.requirement);
    this.wrong = field ? [field] : [];
    this.problem = refusal ? wordsOf(refusal) : this.desk.t('web.match.silence');
  }

  /** What the answer was asked by. */
  get wording(): Question | null {
    return this.question;
  }

  weigh(measure: string, weight: number): void {
    this.own = { ...this.own, [measure]: weight };
  }

  weighAsAsked(): void {
    this.own = {};
    this.desk.renote();
  }

  async loadChain(): Promise<void> {
    const park = this.desk.park?.code;
    if (!park) return;
    try {
      this.chain = (await readChain(this.desk.planner.wire, park, new AbortController().signal)).nodes;
    } catch {
      this.chain = []; // a district without a chain: nothing to choose
    }
  }

  toggleCompared(key: string): void {
    if (this.compared.includes(key)) this.compared = this.compared.filter((each) => each !== key);
    else if (this.compared.length < MOST_COMPARED) this.compared = [...this.compared, key];
  }

  /** Opens a site on the map, beside the list. */
  open({ key, id, geometry }: Site): void {
    const { desk } = this;
    this.opened = key;
    desk.select({ of: 'parcel', id }, { fly: !geometry });
    const box = geometry && boxOf(geometry);
    if (box) desk.camera?.fit(box, true);
    desk.note();
  }

  /** What a planner can order for a site; null: nothing. */
  step(site: Site): 'hold' | 'release' | null {
    const { planner } = this.desk;
    if (!planner.may.plan || planner.past) return null;
    const now = new Map(planner.parcels.map(({ id, properties }) => [id, properties.status]));
    return stepFor(
      site,
      site.parcels.map(({ id }) => now.get(id) ?? 'gone'),
    );
  }

  /** Opens the order that holds a site or proposes its release; a lot's cuts it first. */
  order(site: Site, step: 'hold' | 'release'): void {
    const { planner } = this.desk;
    planner.picked = site.parcels.map(({ id }) => id);
    if (site.kind === 'lot') planner.cut(site, step);
    else planner.begin(step);
  }
}

const formatOf = (need: SiteNeed | null): string => (need ? formatNeed(need) : '');
