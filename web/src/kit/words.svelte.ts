import { createContext } from 'svelte';
import { nameIn, say, type Key, type Lang, type Params } from '../core/message';

/** The reader's language, and texts in it. */
export class Words {
  lang = $state<Lang>('zh');

  t = (key: Key, params?: Params): string => say(this.lang, key, params);

  name(of: { name_zh: string | null; name_en: string | null }): string | null {
    return nameIn(this.lang, of.name_zh, of.name_en);
  }

  /** Names in a row, separated as the language does it. */
  join(names: readonly string[]): string {
    return names.join(this.lang === 'zh' ? '、' : ', ');
  }
}

export const [useWords, provideWords] = createContext<Words>();
