import type { Key } from './message';
import type { Problem } from './wire';

/** What is wrong with a form's fields: keys of texts, by field. */
export type Faults<F extends object> = Partial<Record<keyof F & string, Key>>;

/** Fields that rules of the database are about. */
const ruled: Record<string, string> = {
  project_district_id_code_key: 'code',
  project_district_id_party_id_fkey: 'party',
  project_milestone_pkey: 'stage',
  project_tag_pkey: 'tag',
  party_district_id_name_zh_key: 'name_zh',
};

/** The field of a form that a problem is about: the server's name for it, without the place in a list; null: the whole form. */
export function fieldOf<F extends object>({ field, rule }: Problem, form: F): (keyof F & string) | null {
  const named = (field ?? (rule && ruled[rule]))?.replace(/^body\./, '').split(/[.[]/)[0];
  return named && named in form ? (named as keyof F & string) : null;
}
