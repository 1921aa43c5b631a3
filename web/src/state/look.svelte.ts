import { createContext } from 'svelte';
import { ChosenLang, langFor } from '../core/lang';
import { layersAtStart, type Layer } from '../core/layer';
import type { Lang } from '../core/message';
import { shelfOf } from '../core/shelf';
import type { Words } from '../kit/words.svelte';
import type { Link } from './link.svelte';
import { langLink, lookLink, type Shown } from './links';
import type { Screen } from './screen.svelte';

/** How the reader looks at the park: which layers, as a map or a list, in which language. */
export class Look {
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
      ({ layers, as }) => {
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
