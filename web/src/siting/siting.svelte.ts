import { createContext } from 'svelte';
import { readChain, type Chain } from '../core/chain';
import { boxOf } from '../core/bbox';
import {
  askMatch,
  questionOf,
  rerank,
  stepFor,
  telling,
  weightsOf,
  type MatchAnswer,
  type Question,
  type Site,
} from '../core/match';
import {
  exampleNeed,
  faultsOf,
  formatNeed,
  formatWeights,
  openNeed,
  refusedField,
  startNeed,
  type Field,
  type SiteNeed,
  type Weights,
} from '../core/need';
import { Refusal } from '../core/wire';
import type { Loosen } from '../core/loosen';
import { sitingLink, type Sought, type Step } from './link';
import { Heat } from './heat.svelte';
import { wordsOf } from '../core/wire';
import { Saved } from './saved.svelte';
import type { Words } from '../kit/words.svelte';
import type { Orders } from '../order/orders.svelte';
import type { Land } from '../state/land.svelte';
import type { Link } from '../state/link.svelte';
import type { Panels } from '../state/panel.svelte';
import type { Selection } from '../state/selection.svelte';
import type { Session } from '../state/session.svelte';
import type { Sight } from '../state/sight.svelte';

/** What the search needs of the page. */
interface Around {
  land: Land;
  link: Link;
  orders: Orders;
  panels: Panels;
  selection: Selection;
  session: Session;
  sight: Sight;
  words: Words;
}

/** Ground sought for a project: what is needed, the answer, and how the reader weighs it. */
export class Siting {
  need = $state<SiteNeed>({ ...startNeed });
  /** What the answer is about; it stands in the link. */
  asked = $state.raw<SiteNeed | null>(null);
  /** The link brought a need that nobody has asked for yet. */
  due = $state(false);
  /** The step at which the need is being stated; null: all of it stands on one form, or is stated. */
  stating = $state<Step | null>(null);
  /** The reader prefers the whole form to the steps. */
  private onOneForm = false;
  /** The need as it was before its costliest limit was loosened, and what was loosened. */
  before = $state.raw<{ need: SiteNeed; loosen: Loosen } | null>(null);
  busy = $state(false);
  /** Why the last search failed, and at which field of the form. */
  problem = $state<string | null>(null);
  wrong = $state.raw<readonly Field[]>([]);
  /** How the reader weighs otherwise than was asked, by measure; it stands in the link. */
  own = $state.raw<Weights>({});
  /** Key of the site that was opened last, or its code where a link names it: several may share a parcel. */
  private opened = $state<string | null>(null);
  /** The district's chain; null where it has none, or it is not here yet. */
  links = $state.raw<Chain | null>(null);
  readonly chain = $derived.by(() => this.links?.nodes ?? []);
  private whole = $state.raw<MatchAnswer | null>(null);
  private question: Question | null = null;
  private asking = new AbortController();

  readonly heat: Heat;
  readonly saved: Saved;

  constructor(private readonly use: Around) {
    this.heat = new Heat(this, use);
    this.saved = new Saved(this, use);
    use.land.onLeave(() => this.clear());
  }

  /** The answer, of the park that is open. */
  readonly answer = $derived.by(() => (this.whole?.park === this.use.land.park?.code ? this.whole : null));
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
    const selected = this.use.selection.selected?.id;
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
    if (!this.use.selection.selected) return null;
    return this.chosen ? (this.chosen.kind === 'parcel' ? null : this.chosen.code) : this.opened;
  }
  readonly shown = $derived.by(() => this.use.panels.open === 'match');
  /** Whether the reader weighs otherwise than was asked. */
  readonly weighed = $derived.by(() =>
    Object.entries(this.asWeighed).some(([measure, weight]) => weight !== this.weights[measure]),
  );
  /** Whether the park has changed since, or the reader may now see more of it. */
  readonly stale = $derived.by(() => {
    const { answer, use } = this;
    if (!answer || use.land.past) return false;
    return use.land.seq > answer.seq || (answer.scope === 'planner') !== use.land.may.see;
  });

  /** Adds the search to the address. */
  addLink(): void {
    this.use.link.add(
      sitingLink,
      () => ({
        match: this.stating ? this.need : this.asked,
        step: this.stating,
        weights: this.own,
        site: this.link,
      }),
      (sought) => this.restore(sought),
    );
  }

  /** Takes over what a link asks for. */
  private restore({ match: wanted, step, weights, site }: Sought): void {
    // a step back or on keeps what was said since: a link alone brings its own
    if (step) {
      if (!this.stating && formatOf(wanted) !== formatOf(this.need)) this.need = { ...(wanted ?? openNeed) };
      this.stating = step;
      this.use.panels.put('match');
      return;
    }
    this.stating = null;
    this.opened = site;
    if (formatWeights(weights) !== formatWeights(this.own)) this.own = weights;
    if (formatOf(wanted) === formatOf(this.asked)) return;
    if (!wanted) {
      this.clear();
      return;
    }
    this.need = { ...wanted };
    this.asked = wanted;
    this.before = null;
    this.due = true;
    this.use.panels.put('match');
  }

  /** Forgets the answer; what is typed stays. */
  clear(): void {
    this.asking.abort();
    this.busy = false;
    this.due = false;
    this.stating = null;
    this.onOneForm = false;
    this.before = null;
    this.asked = null;
    this.opened = null;
    this.own = {};
    this.whole = null;
    this.question = null;
    this.problem = null;
    this.wrong = [];
    this.heat.lay();
    this.saved.clear();
  }

  /** Opens the search for a site of about so many mu, and asks for it. */
  seek(mu: number): void {
    this.clear();
    this.need = { ...startNeed, min: String(Math.floor(mu * 0.9)), target: String(mu) };
    this.use.panels.put('match');
    void this.ask();
  }

  /** Asks for a site as an example; its step of the chain is left out where the district has none such. */
  async example(): Promise<void> {
    if (!this.links) await this.loadChain();
    const known = this.chain.some(({ code }) => code === exampleNeed.node);
    this.need = known ? { ...exampleNeed } : { ...exampleNeed, node: '', share: '' };
    await this.ask();
  }

  /** Opens the steps, unless a need is stated, asked, or on its way. */
  begin(): void {
    if (this.stating || this.answer || this.due || this.busy || this.problem || this.onOneForm) return;
    if (formatNeed(this.need) === formatNeed(startNeed)) this.need = { ...openNeed };
    this.stating = 'made';
    this.use.link.renote();
  }

  /** Goes to a step, or with null to the whole form: a step of the browser's history. */
  go(step: Step | null): void {
    this.stating = step;
    this.onOneForm = step === null;
    this.use.link.note();
  }

  /** Takes a need in which one limit was loosened, and asks again where it was asked; `tighten` takes it back. */
  async loosen(need: SiteNeed, loosen: Loosen): Promise<void> {
    const before = { need: { ...this.need }, loosen };
    this.need = need;
    if (!this.stating) await this.ask();
    if (this.problem === null) this.before = before;
  }

  async tighten(): Promise<void> {
    if (!this.before) return;
    this.need = { ...this.before.need };
    this.before = null;
    if (!this.stating) await this.ask();
  }

  /** Ranks the ground for what is typed. */
  async ask(): Promise<void> {
    const { use } = this;
    const park = use.land.park?.code;
    this.due = false;
    this.stating = null;
    this.before = null;
    this.problem = null;
    this.wrong = faultsOf(this.need);
    if (this.wrong.length > 0) this.problem = use.words.t('web.match.fault');
    if (this.wrong.length > 0) return;
    if (!park) {
      // asked before the park is known: it is answered when it is
      this.due = true;
      return;
    }
    const need = { ...this.need };
    const question = questionOf(park, need, use.land.from().at);
    this.asking.abort();
    this.asking = new AbortController();
    const { signal } = this.asking;
    this.busy = true;
    try {
      const answer = await askMatch(use.session.wire, question, signal);
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
    void this.heat.again();
    this.use.link.note();
  }

  private refused(error: unknown, question: Question): void {
    const refusal = error instanceof Refusal ? error : null;
    const field = refusal && refusedField(refusal.problem.field, question.requirement);
    this.wrong = field ? [field] : [];
    this.problem = refusal ? wordsOf(refusal) : this.use.words.t('web.match.silence');
  }

  /** What the answer was asked by. */
  get wording(): Question | null {
    return this.question;
  }

  /** The weights that the surface is to go by; undefined: as was asked. */
  get surfaceWeights(): Weights | undefined {
    return this.weighed ? this.weights : undefined;
  }

  weigh(measure: string, weight: number): void {
    this.own = { ...this.own, [measure]: weight };
  }

  weighAsAsked(): void {
    this.own = {};
    this.use.link.renote();
    void this.heat.again();
  }

  async loadChain(): Promise<void> {
    const park = this.use.land.park?.code;
    if (!park) return;
    try {
      this.links = await readChain(this.use.session.wire, park, new AbortController().signal);
    } catch {
      this.links = null; // a district without a chain: nothing to choose
    }
  }

  /** Opens a site on the map, beside the list. */
  open({ key, id, geometry }: Site): void {
    const { use } = this;
    this.opened = key;
    use.selection.select({ of: 'parcel', id }, { fly: !geometry });
    const box = geometry && boxOf(geometry);
    if (box) use.sight.camera?.fit(box, true);
    use.link.note();
  }

  /** What a planner can order for a site; null: nothing. */
  step(site: Site): 'hold' | 'release' | null {
    const { use } = this;
    if (!use.land.may.plan || use.land.past) return null;
    const now = new Map(use.land.deskParcels.map(({ id, properties }) => [id, properties.status]));
    return stepFor(
      site,
      site.parcels.map(({ id }) => now.get(id) ?? 'gone'),
    );
  }

  /** Opens the order that holds a site or proposes its release; a lot's cuts it first. */
  order(site: Site, step: 'hold' | 'release'): void {
    const { use } = this;
    use.selection.picked = site.parcels.map(({ id }) => id);
    if (site.kind === 'lot') use.orders.cut(site, step);
    else use.orders.begin(step);
  }
}

const formatOf = (need: SiteNeed | null): string => (need ? formatNeed(need) : '');

export const [useSiting, provideSiting] = createContext<Siting>();
