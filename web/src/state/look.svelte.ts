import { createContext } from 'svelte';
import type { Status } from '../core/feed';
import { layersAtStart, type Layer } from '../core/layer';
import type { Lang } from '../core/message';
import type { Words } from '../kit/words.svelte';
import type { Link } from './link.svelte';
import { langLink, lookLink, type Shown } from './links';
import type { Screen } from './screen.svelte';

/** How the reader looks at the park: which layers and statuses, as a map or a list, in which language. */
export class Look {
  statuses = $state.raw<readonly Status[]>([]);
  layers = $state.raw<ReadonlySet<Layer>>(layersAtStart);
  as = $state<'map' | 'list'>('map');

  constructor(
    private readonly link: Link,
    private readonly screen: Screen,
    private readonly words: Words,
  ) {}

  /** Adds the look to the address. */
  addLink(): void {
    this.link.add<Shown>(
      lookLink,
      () => this,
      ({ statuses, layers, as }) => {
        this.statuses = statuses;
        this.layers = layers;
        this.as = this.screen.hasWebGl ? as : 'list';
      },
    );
  }

  addLangLink(): void {
    this.link.add(
      langLink,
      () => this.words.lang,
      (lang) => (this.words.lang = lang),
    );
  }

  toggleStatus(status: Status): void {
    this.statuses = this.statuses.includes(status)
      ? this.statuses.filter((each) => each !== status)
      : [...this.statuses, status];
    this.link.note();
  }

  showAllStatuses(): void {
    this.statuses = [];
    this.link.note();
  }

  toggleLayer(layer: Layer): void {
    const next = new Set(this.layers);
    if (!next.delete(layer)) next.add(layer);
    this.layers = next;
    this.link.note();
  }

  setAs(as: 'map' | 'list'): void {
    this.as = as;
    this.link.note();
  }

  setLang(lang: Lang): void {
    this.words.lang = lang;
    this.link.note();
  }

  /** The map, where the device draws one. */
  showMap(): void {
    if (this.screen.hasWebGl) this.as = 'map';
  }
}

export const [useLook, provideLook] = createContext<Look>();
