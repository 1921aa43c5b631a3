import { askCount, countOf, type MatchAnswer } from '../core/match';
import { faultsOf, formatNeed, type SiteNeed } from '../core/need';
import { Refusal, wordsOf } from '../core/wire';
import type { Words } from '../kit/words.svelte';
import type { Land } from '../state/land.svelte';
import type { Session } from '../state/session.svelte';

/** So long nothing more is typed before it is counted, in ms. */
const PAUSE_MS = 300;

/**
 * How many sites fit while a need is being stated: asked when the reader pauses, one question at a time; an answer
 * that something more was typed after is dropped.
 */
export class Count {
  answer = $state.raw<MatchAnswer | null>(null);
  busy = $state(false);
  problem = $state<string | null>(null);
  private asking = new AbortController();
  private waiting: ReturnType<typeof setTimeout> | undefined;
  private counted = '';

  constructor(private readonly use: { land: Land; session: Session; words: Words }) {}

  clear(): void {
    clearTimeout(this.waiting);
    this.asking.abort();
    this.answer = null;
    this.busy = false;
    this.problem = null;
    this.counted = '';
  }

  /** Counts for a need, soon; what can't be asked yet is not counted. */
  follow(need: SiteNeed): void {
    const { land } = this.use;
    const park = land.park?.code;
    const asked = [park, land.seq, land.may.see, formatNeed(need)].join(' ');
    if (!park || land.phase !== 'ready' || faultsOf(need).length > 0 || asked === this.counted) return;
    this.counted = asked;
    clearTimeout(this.waiting);
    this.asking.abort();
    this.asking = new AbortController();
    const { signal } = this.asking;
    this.busy = true;
    const question = countOf(park, need, land.from().at);
    this.waiting = setTimeout(() => void this.ask(question, signal), this.answer ? PAUSE_MS : 0);
  }

  private async ask(question: object, signal: AbortSignal): Promise<void> {
    try {
      const answer = await askCount(this.use.session.wire, question, signal);
      if (signal.aborted) return;
      this.answer = answer;
      this.problem = null;
    } catch (error) {
      if (signal.aborted) return;
      this.problem = error instanceof Refusal ? wordsOf(error) : this.use.words.t('web.match.silence');
    }
    this.busy = false;
  }
}
