import { languages, type Lang } from './message';
import { quietly, type Shelf } from './shelf';

const named = (tag: string | null | undefined): Lang | undefined => languages.find((lang) => lang === tag);

/**
 * The language for a browser that asks for these, the most wanted first: the first of them that the page speaks.
 * A browser that asks for others alone gets English, one that asks for none Chinese. The server reads
 * Accept-Language by the same rule (message.FromAcceptLanguage); message/testdata/asked.json holds both to it.
 */
export function langFor(asked: readonly string[]): Lang {
  const spoken = asked.map((tag) => named(tag.toLowerCase().split('-')[0])).find(Boolean);
  return spoken ?? (asked.length > 0 ? 'en' : 'zh');
}

/** The language that a reader chose with the switch, kept in the browser. */
export class ChosenLang {
  private static readonly NAME = 'luodi.lang';

  constructor(private readonly shelf: Shelf | null) {}

  read(): Lang | null {
    return named(quietly(() => this.shelf?.getItem(ChosenLang.NAME) ?? null)) ?? null;
  }

  keep(lang: Lang): void {
    quietly(() => this.shelf?.setItem(ChosenLang.NAME, lang));
  }
}
