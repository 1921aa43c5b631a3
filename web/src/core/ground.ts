import type { PlanUnitFeature } from './feed';
import { M2_PER_MU } from './format';

/** Units in which a size is said, and how many mu each is. An acre is 4046.8564224 m². */
export const sizeUnits = { mu: 1, ha: 15, acre: 4046.8564224 / M2_PER_MU } as const;
export type SizeUnit = keyof typeof sizeUnits;

/** A size in another unit as it is typed, to four places; what is no number stays as it is. */
export function inUnit(text: string, from: SizeUnit, to: SizeUnit): string {
  const value = Number(text);
  if (text.trim() === '' || isNaN(value) || from === to) return text;
  return String(Number(((value * sizeUnits[from]) / sizeUnits[to]).toFixed(4)));
}

/** The land that a hall takes, in mu, with what it was reckoned by. */
export interface Reckoned {
  hallM2: number;
  /** The bounds of the building coefficient in the conditions of the park's plan units; null: no unit sets one. */
  low: number | null;
  high: number | null;
  /** The land at the greatest coefficient, and at the least. */
  leastMu: number | null;
  mostMu: number | null;
  /** The plan units that it rests on, and where their figures come from. */
  units: string[];
  sources: string[];
}

/**
 * Land = footprint ÷ building coefficient, by the conditions of those plan units whose class of land is among `uses`
 * (none: of all). Null where no unit states a coefficient.
 */
export function reckonLand(
  lengthM: number,
  widthM: number,
  plan: readonly PlanUnitFeature[],
  uses: readonly string[],
): Reckoned | null {
  const units = plan.flatMap(({ properties: { code, land_use, conditions, edition } }) => {
    const coefficient = conditions?.building_coefficient;
    const fits = uses.length === 0 || uses.some((use) => land_use?.startsWith(use));
    if (!fits || !coefficient || (!coefficient.min && !coefficient.max)) return [];
    return [
      { code, min: coefficient.min, max: coefficient.max, source: coefficient.source ?? edition ?? '' },
    ];
  });
  if (units.length === 0) return null;
  const mins = units.flatMap(({ min }) => (min ? [min] : []));
  const maxs = units.flatMap(({ max }) => (max ? [max] : []));
  const [low, high] = [
    mins.length > 0 ? Math.min(...mins) : null,
    maxs.length > 0 ? Math.max(...maxs) : null,
  ];
  const hallM2 = lengthM * widthM;
  const mu = (coefficient: number | null): number | null =>
    coefficient === null ? null : hallM2 / coefficient / M2_PER_MU;
  return {
    hallM2,
    low,
    high,
    leastMu: mu(high),
    mostMu: mu(low),
    units: units.map(({ code }) => code),
    sources: [...new Set(units.map(({ source }) => source).filter(Boolean))],
  };
}
