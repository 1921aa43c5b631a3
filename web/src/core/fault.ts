import type { Key } from './message';
import type { Problem } from './wire';

/** What is wrong with a form's fields: keys of texts, by field. */
export type Faults<F extends object> = Partial<Record<keyof F & string, Key>>;

/** Fields that rules of the database are about. */
const ruled: Record<string, string> = {
  project_district_id_code_key: 'code',
  project_district_id_party_id_fkey: 'party',
  project_milestone_pkey: 'stage',
  project_tag_is_one: 'tag',
  project_investment_day: 'until',
  party_district_id_name_zh_key: 'name_zh',
  parcel_version_live_code: 'code',
  plan_unit_live_code: 'code',
  network_live_code: 'code',
  parcels_overlap: 'geometry',
  parcel_in_park: 'geometry',
  parcel_has_area: 'geometry',
  parcel_is_local: 'geometry',
  shape: 'geometry',
};

/**
 * The field of a form that a problem is about: the server's name for it, without where it lies in the body or
 * in a list. Of an object whose parts are fields (`services.water.ready`) its first. Null: the whole form.
 */
export function fieldOf<F extends object>({ field, rule }: Problem, form: F): (keyof F & string) | null {
  const bare = (field ?? (rule && ruled[rule]))
    ?.replace(/^(body\.)?(object\.(facts\.)?)?/, '')
    .split(/[.[]/)[0];
  if (!bare) return null;
  const found = bare in form ? bare : Object.keys(form).find((each) => each.startsWith(`${bare}.`));
  return (found as (keyof F & string) | undefined) ?? null;
}
