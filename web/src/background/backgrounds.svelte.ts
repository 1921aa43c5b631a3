import { createContext } from 'svelte';
import type { Background } from '../core/api';
import { FULL, hostsOf, type Failure, type Picked } from '../core/background';
import type { Words } from '../kit/words.svelte';
import type { Land } from '../state/land.svelte';
import type { Link } from '../state/link.svelte';
import { backgroundLink } from './link';

/** What can be shown under the map, and what of it is. */
export class Backgrounds {
  /** Those of the open park; none where the installation sets none. */
  list = $state.raw<readonly Background[]>([]);
  /** The one that is asked for; it counts where the park has it. */
  private picked = $state.raw<Picked | null>(null);
  /** The card in which one is chosen is open. */
  choosing = $state(false);
  /** Why the newest tile that was asked for didn't come; null: it came, or none was asked for. */
  failure = $state<Failure | null>(null);

  readonly chosen = $derived.by(() => this.list.find(({ code }) => code === this.picked?.code) ?? null);
  /** In percent. */
  readonly strength = $derived.by(() => this.picked?.strength ?? FULL);
  readonly laid = $derived.by(() =>
    this.chosen
      ? {
          background: this.chosen,
          strength: this.strength / 100,
          tell: (failure: Failure | null) => (this.failure = failure),
        }
      : null,
  );

  constructor(private readonly deps: { land: Land; link: Link }) {}

  addLink(): void {
    this.deps.link.add(
      backgroundLink,
      () => this.picked,
      (picked) => (this.picked = picked),
    );
  }

  /** Reads what the open park has, and what another has once that is opened. Call while a component starts. */
  follow(): void {
    const code = $derived(this.deps.land.park?.code ?? null);
    $effect(() => {
      if (code === null) return;
      const stop = new AbortController();
      this.deps.land.client.backgrounds(code, stop.signal).then(
        (list) => (this.list = list),
        () => (this.list = []),
      );
      return () => stop.abort();
    });
  }

  /** Opens the card, or closes it. */
  choose(): void {
    this.choosing = !this.choosing;
  }

  pick(code: string | null): void {
    this.failure = null;
    this.picked = code === null ? null : { code, strength: this.strength };
    this.deps.link.note();
  }

  setStrength(strength: number): void {
    if (!this.picked) return;
    this.picked = { ...this.picked, strength };
    this.deps.link.renote();
  }

  /** What failed, in words. */
  failed(words: Words): string {
    return this.failure
      ? words.t('web.background.failed', { status: this.failure })
      : words.t('web.background.silent');
  }

  /** Whom the browser asks for the chosen one, in words. */
  from(words: Words): string {
    const host = this.chosen ? hostsOf(this.chosen).join(', ') : '';
    return host ? words.t('web.background.from', { host }) : words.t('web.background.own');
  }
}

export const [useBackgrounds, provideBackgrounds] = createContext<Backgrounds>();
