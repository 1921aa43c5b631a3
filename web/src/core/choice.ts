import { isKey, say, type Lang } from './message';

/** A value of a fact that has only a few, in words; a value that has none as it is. */
export function choiceText(lang: Lang, fact: string, value: string): string {
  const keys: Record<string, string> = {
    status: `web.status.${value}`,
    bank_status: `web.bank.${value}`,
    publication: `web.publication.${value}`,
    kind: `web.kind.${value}`,
    grade: `web.grade.${value}`,
    headroom_told: `web.told.${value}`,
    capacity_told: `web.told.${value}`,
    price_told: `web.told.${value}`,
    services_told: `web.told.${value}`,
    price_kind: `web.price.${value}`,
  };
  const key = keys[fact] ?? '';
  return isKey(key) ? say(lang, key) : value;
}
