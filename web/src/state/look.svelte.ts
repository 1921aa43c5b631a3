import { createContext } from 'svelte';
import type { Status } from '../core/feed';
import type { Sizes } from '../core/parcels';
import { ChosenLang, langFor } from '../core/lang';
import { layersAtStart, type Layer } from '../core/layer';
import type { Lang } from '../core/message';
import { shelfOf } from '../core/shelf';
import type { Words } from '../kit/words.svelte';
import type { Link } from './link.svelte';
import { langLink, lookLink, type Shown } from './links';
import type { Screen } from './screen.svelte';

/** How the reader looks at the park: which layers and statuses, as a map or a list, in which language. */
export class Look {
  statuses = $state.raw<readonly Status[]>([]);
  /** Which sizes the list shows; null: all. */
  sizes = $state.raw<Sizes | null>(null);
  layers = $state.raw<ReadonlySet<Layer>>(layersAtStart);
  as = $state<'map' | 'list'>('map');
  private readonly chosenLang = new ChosenLang(shelfOf(() => localStorage));

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
      ({ statuses, sizes, layers, as }) => {
        this.statuses = statuses;
        this.sizes = sizes;
        this.layers = layers;
        this.as = this.screen.hasWebGl ? as : 'list';
      },
    );
  }

  /** Opens the page in its language, and adds that to the address. Back and Forward leave it as it is. */
  openLang(query: URLSearchParams, asked: readonly string[]): void {
    const part = langLink(() => ({ chosen: this.chosenLang.read(), asked: langFor(asked) }));
    this.words.lang = part.read(query);
    this.link.add(part, () => this.words.lang);
  }

  toggleStatus(status: Status): void {
    this.statuses = this.statuses.includes(status)
      ? this.statuses.filter((each) => each !== status)
      : [...this.statuses, status];
    this.link.note();
  }

  showAllStatuses(): void {
    this.statuses = [];
    this.sizes = null;
    this.link.note();
  }

  /** The list of the parcels of some statuses and sizes. */
  list(statuses: readonly Status[], sizes: Sizes | null): void {
    this.statuses = statuses;
    this.sizes = sizes;
    this.as = 'list';
    this.link.note();
  }

  showLayer(layer: Layer): void {
    if (!this.layers.has(layer)) this.toggleLayer(layer);
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

  /** The switch: the choice is kept in this browser. */
  setLang(lang: Lang): void {
    this.words.lang = lang;
    this.chosenLang.keep(lang);
    this.link.renote();
  }

  /** The map, where the device draws one. */
  showMap(): void {
    if (this.screen.hasWebGl) this.as = 'map';
  }
}

export const [useLook, provideLook] = createContext<Look>();
