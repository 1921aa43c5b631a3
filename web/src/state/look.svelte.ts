import type { Status } from '../core/feed';
import { layersAtStart, type Layer } from '../core/layer';
import { nameIn, say, type Key, type Lang, type Params } from '../core/message';
import type { UrlState, View } from '../core/url';

/** How the reader looks at the page: language, layers, filter, map or list. All of it stands in the link. */
export abstract class Look {
  lang = $state<Lang>('zh');
  statuses = $state.raw<readonly Status[]>([]);
  layers = $state.raw<ReadonlySet<Layer>>(layersAtStart);
  as = $state<'map' | 'list'>('map');
  view = $state.raw<View | null>(null);

  hasWebGl = $state(true);
  narrow = $state(false);
  /** Two panels leave the map little room. */
  tight = $state(false);
  /** Whether the reader last used the keyboard rather than a pointer. */
  byKeyboard = false;

  t = (key: Key, params?: Params): string => say(this.lang, key, params);

  name(of: { name_zh: string | null; name_en: string | null }): string | null {
    return nameIn(this.lang, of.name_zh, of.name_en);
  }

  /** Names in a row, as the language sets them apart. */
  join(names: readonly string[]): string {
    return names.join(this.lang === 'zh' ? '、' : ', ');
  }

  toggleStatus(status: Status): void {
    this.statuses = this.statuses.includes(status)
      ? this.statuses.filter((each) => each !== status)
      : [...this.statuses, status];
    this.note();
  }

  showAllStatuses(): void {
    this.statuses = [];
    this.note();
  }

  toggleLayer(layer: Layer): void {
    const next = new Set(this.layers);
    if (!next.delete(layer)) next.add(layer);
    this.layers = next;
    this.note();
  }

  setAs(as: 'map' | 'list'): void {
    this.as = as;
    this.note();
  }

  setLang(lang: Lang): void {
    this.lang = lang;
    this.note();
  }

  /** Takes over the look that a link asks for. */
  protected takeLook(wanted: UrlState): void {
    this.lang = wanted.lang;
    this.statuses = wanted.statuses;
    this.layers = wanted.layers;
    this.as = this.hasWebGl ? wanted.as : 'list';
  }

  /** Keeps the look in the link, as a step of the browser's history. */
  abstract note(): void;
}
