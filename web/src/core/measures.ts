import type { BrowseAnswer } from './api';

/** A column of what the server measured; values follow the parcels. */
interface Column {
  none: boolean;
  values: readonly (number | null)[];
  least: readonly (number | null)[] | null;
  most: readonly (number | null)[] | null;
}

/** Between what a figure lies: equal ends where it is known, null where nobody knows. */
export type Known = readonly [least: number, most: number] | null;

const DAY_MS = 86_400_000;

/** What the server measured of a park's free land, by parcel. */
export class Measures {
  private readonly row = new Map<string, number>();
  private readonly columns = new Map<string, Column>();
  private readonly living = new Map<string, number>();
  private readonly day: number;
  /** Where the spacing of a hazard class stands. */
  readonly source = new Map<string, { source: string; edition: string }>();

  constructor({ ids, measures, hazards, day }: Pick<BrowseAnswer, 'ids' | 'measures' | 'hazards' | 'day'>) {
    ids.forEach((id, i) => this.row.set(id, i));
    for (const { measure, none = false, values, least = null, most = null } of measures)
      this.columns.set(measure, { none, values, least, most });
    for (const each of hazards) {
      this.living.set(each.class, each.living_m);
      this.source.set(each.class, each);
    }
    this.day = Date.parse(`${day}T00:00:00Z`);
  }

  /** A measure of a parcel. Land that nobody measured is unknown; infinite is a distance from what there is not. */
  known(measure: string, parcel: string): Known {
    const row = this.row.get(parcel);
    const column = this.columns.get(measure);
    if (row === undefined || !column) return null;
    if (column.none) return [Infinity, Infinity];
    const value = column.values[row] ?? null;
    if (value !== null) return [value, value];
    const least = column.least?.[row] ?? null;
    const most = column.most?.[row] ?? null;
    return least === null || most === null ? null : [least, most];
  }

  /** The day on which all services of a parcel are ready; the day of the answer where they are; null: unknown. */
  readyOn(parcel: string): string | null {
    const days = this.known('ready_days', parcel);
    return days && new Date(this.day + days[0] * DAY_MS).toJSON().slice(0, 10);
  }

  /** Whether production of a hazard class keeps its distance from where people live; null: nobody knows. */
  allows(hazard: string, parcel: string): boolean | null {
    const far = this.known('living_m', parcel);
    const wanted = this.living.get(hazard);
    return far === null || wanted === undefined ? null : far[0] >= wanted;
  }
}
