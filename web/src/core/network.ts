import { nameIn, say, type Lang } from './message';

/** What of a network tells its readers which it is. */
export interface Called {
  code: string;
  name_zh: string | null;
  name_en: string | null;
}

/** A road, line or node as people call it: its name first, its code beside; the code alone where it has no name. */
export function networkTitle(lang: Lang, { code, name_zh, name_en }: Called): string {
  const name = nameIn(lang, name_zh, name_en);
  return name ? say(lang, 'web.network.named', { name, code }) : code;
}
