import {
  askMatch,
  questionOf,
  readChain,
  rerank,
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
  refusedField,
  requirementOf,
  startNeed,
  type Field,
  type SiteNeed,
} from '../core/need';
import { Refusal } from '../core/wire';
import type { Desk } from './desk.svelte';
import { Heat } from './heat.svelte';
import { Lots } from './lots.svelte';
import { wordsOf } from './planner.svelte';

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
  weights = $state<Record<string, number>>({});
  compared = $state.raw<readonly string[]>([]);
  chain = $state.raw<readonly ChainNode[]>([]);
  private whole = $state.raw<MatchAnswer | null>(null);
  private question: Question | null = null;
  private asking = new AbortController();

  readonly heat: Heat;
  readonly lots: Lots;

  constructor(readonly desk: Desk) {
    this.heat = new Heat(this);
    this.lots = new Lots(this);
  }

  /** The answer, of the park that is open. */
  readonly answer = $derived.by(() => (this.whole?.park === this.desk.park?.code ? this.whole : null));
  /** The answer's sites by the reader's weights, best first. */
  readonly sites = $derived.by<Site[]>(() => (this.answer ? rerank(this.answer.sites, this.weights) : []));
  readonly telling = $derived.by<string[]>(() => (this.answer ? telling(this.answer) : []));
  /** The site that is open. */
  readonly chosen = $derived.by(() => this.sites.find(({ id }) => id === this.desk.selected?.id) ?? null);
  readonly shown = $derived.by(() => this.desk.planner.panel === 'match');
  /** Whether the reader weighs otherwise than was asked. */
  readonly weighed = $derived.by(() => {
    const asked = this.answer ? weightsOf(this.answer) : {};
    return Object.keys(asked).some((measure) => asked[measure] !== this.weights[measure]);
  });
  /** Whether the park has changed since, or the reader may now see more of it. */
  readonly stale = $derived.by(() => {
    const { answer, desk } = this;
    if (!answer || desk.planner.past) return false;
    return desk.others.seq > answer.seq || (answer.scope === 'planner') !== desk.planner.may.see;
  });

  /** Takes over what a link asks for. */
  restore(wanted: SiteNeed | null): void {
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
    this.whole = null;
    this.question = null;
    this.problem = null;
    this.wrong = [];
    this.compared = [];
    this.heat.lay();
    this.lots.clear();
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
    if (!park || this.wrong.length > 0) return;
    const need = { ...this.need };
    const question = questionOf(park, requirementOf(need), desk.planner.from().at);
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
    this.asked = need;
    this.question = question;
    this.whole = answer;
    this.weights = weightsOf(answer);
    this.compared = this.compared.filter((id) => answer.sites.some((site) => site.id === id));
    this.lots.clear();
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

  weighAsAsked(): void {
    if (this.answer) this.weights = weightsOf(this.answer);
  }

  async loadChain(): Promise<void> {
    const park = this.desk.park?.code;
    if (!park) return;
    try {
      this.chain = await readChain(this.desk.planner.wire, park, new AbortController().signal);
    } catch {
      this.chain = []; // a district without a chain: nothing to choose
    }
  }

  toggleCompared(id: string): void {
    if (this.compared.includes(id)) this.compared = this.compared.filter((each) => each !== id);
    else if (this.compared.length < MOST_COMPARED) this.compared = [...this.compared, id];
  }

  /** Opens a site on the map, beside the list. */
  open(id: string): void {
    this.desk.select({ of: 'parcel', id }, { fly: true });
  }
}

const formatOf = (need: SiteNeed | null): string => (need ? formatNeed(need) : '');
