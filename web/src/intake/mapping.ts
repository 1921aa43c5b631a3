import type { ImportReport } from '../core/api';

/** What fills one of our fields: a column of the file, or one value for every row. */
export type Filling = { column: string } | { value: string };
/** By our field; `code` among them. What is not there is left to the server, which goes by names. */
export type Mapping = Readonly<Record<string, Filling>>;

export interface Choices {
  layer: string;
  update: boolean;
  publication: 'public' | 'internal';
  crs: string;
  sourceLayer: string;
  skip: boolean;
  widen: boolean;
  /** Within how many metres parcels are brought together; 0: not at all. */
  snap: number;
  /** What the file lacks is proposed for retiring. */
  retire: boolean;
  mapping: Mapping;
}

/** Whether what the file lacks can be proposed for retiring: parcels, by an update. */
export const mayRetire = ({ layer, update }: Choices): boolean => layer === 'parcels' && update;

/** Whether it is asked for. */
export const asksToRetire = (choices: Choices): boolean => choices.retire && mayRetire(choices);

/** The query of a request for these choices. */
export function queryOf(choices: Choices, name: string, more: Record<string, string>): URLSearchParams {
  const fields: Record<string, string> = {};
  const values: Record<string, string> = {};
  let code = '';
  for (const [ours, filling] of Object.entries(choices.mapping)) {
    if ('value' in filling) {
      if (filling.value !== '') values[ours] = filling.value;
    } else if (ours === 'code') code = filling.column;
    else fields[ours] = filling.column;
  }
  const query = new URLSearchParams({
    layer: choices.layer,
    name,
    mode: choices.update ? 'update' : 'new',
    publication: choices.publication,
    ...more,
  });
  if (choices.crs) query.set('crs', choices.crs);
  if (choices.sourceLayer) query.set('source_layer', choices.sourceLayer);
  if (code) query.set('code_field', code);
  if (Object.keys(fields).length > 0) query.set('map', JSON.stringify(fields));
  if (Object.keys(values).length > 0) query.set('set', JSON.stringify(values));
  if (choices.skip) query.set('skip_refused', 'true');
  if (choices.widen) query.set('widen', 'true');
  if (choices.snap > 0 && choices.layer === 'parcels') query.set('snap', String(choices.snap));
  if (asksToRetire(choices)) query.set('retire_missing', 'true');
  return query;
}

/** What a mapping is remembered under: the layer and the set of columns, in whatever order. */
export const keyOf = (layer: string, columns: readonly { name: string }[]): string =>
  `intake ${layer} ${JSON.stringify(columns.map(({ name }) => name).sort())}`;

/** A remembered mapping, as far as it still fits the columns; null: none. */
export function recall(text: string | null, columns: readonly { name: string }[]): Mapping | null {
  if (!text) return null;
  try {
    const all = JSON.parse(text) as Mapping;
    const names = new Set(columns.map(({ name }) => name));
    const kept = Object.entries(all).filter(
      ([, filling]) =>
        ('column' in filling && names.has(filling.column)) ||
        ('value' in filling && typeof filling.value === 'string'),
    );
    return kept.length > 0 ? Object.fromEntries(kept) : null;
  } catch {
    return null;
  }
}

/** The column that fills one of our fields as the server read it; '' none. */
export function filledBy(report: Pick<ImportReport, 'columns'>, ours: string): string {
  return report.columns.find(({ fills }) => fills.includes(ours))?.name ?? '';
}
