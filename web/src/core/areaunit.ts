import { M2_PER_MU } from './format';
import type { Key } from './message';
import type { Shelf } from './shelf';
import { quietly } from './shelf';

/** The units in which a reader may read and type areas, with their m²: exact by definition (the international acre). */
export const areaUnits = { mu: M2_PER_MU, ha: 10_000, acre: 4046.8564224 } as const;
export type AreaUnit = keyof typeof areaUnits;
export const areaUnitKeys = Object.keys(areaUnits) as AreaUnit[];

export const areaUnitName = (unit: AreaUnit): Key => `web.browse.unit.${unit}`;

/** An area in m² in a unit. */
export const areaIn = (unit: AreaUnit, m2: number): number => m2 / areaUnits[unit];

/** A figure of a unit in mu, to the four places that a link keeps. */
export const muFrom = (unit: AreaUnit, value: number): number =>
  Math.round(((value * areaUnits[unit]) / M2_PER_MU) * 1e4) / 1e4;

/** The unit that a reader chose, kept in the browser. */
export class ChosenUnit {
  private static readonly NAME = 'luodi.areaunit';

  constructor(private readonly shelf: Shelf | null) {}

  read(): AreaUnit {
    const kept = quietly(() => this.shelf?.getItem(ChosenUnit.NAME) ?? null);
    return areaUnitKeys.find((unit) => unit === kept) ?? 'mu';
  }

  keep(unit: AreaUnit): void {
    quietly(() => this.shelf?.setItem(ChosenUnit.NAME, unit));
  }
}
