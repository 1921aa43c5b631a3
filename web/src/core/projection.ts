/**
 * The Gauss–Krüger plane that Chinese surveys draw in, for reading coordinates off the map; areas and edges stay with
 * the server. Krüger's series to n⁴ (Karney 2011, eqs. 7–12, 35), good to a millimetre within a 3° zone.
 */
export interface Plane {
  epsg: number;
  /** Central meridian, degrees east. */
  meridian: number;
  /** Easting of the central meridian, metres, zone prefix included. */
  falseEasting: number;
}

/** Northing and easting in metres: the order of the survey CRSs. */
export interface PlanePoint {
  north: number;
  east: number;
}

/** The CGCS2000 ellipsoid (EPSG:1024). */
const A = 6_378_137;
const F = 1 / 298.257222101;
const E2 = F * (2 - F);
const N = F / (2 - F);
const RECTIFYING = (A / (1 + N)) * (1 + N ** 2 / 4 + N ** 4 / 64);

const FORWARD = [
  N / 2 - (2 * N ** 2) / 3 + (5 * N ** 3) / 16 + (41 * N ** 4) / 180,
  (13 * N ** 2) / 48 - (3 * N ** 3) / 5 + (557 * N ** 4) / 1440,
  (61 * N ** 3) / 240 - (103 * N ** 4) / 140,
  (49561 * N ** 4) / 161280,
];
const INVERSE = [
  N / 2 - (2 * N ** 2) / 3 + (37 * N ** 3) / 96 - N ** 4 / 360,
  N ** 2 / 48 + N ** 3 / 15 - (437 * N ** 4) / 1440,
  (17 * N ** 3) / 480 - (37 * N ** 4) / 840,
  (4397 * N ** 4) / 161280,
];

/** The CGCS2000 3° and 6° zones of EPSG 4491–4554; null for any other code. */
export function planeOf(crs: number | string | null): Plane | null {
  const epsg = Number(String(crs ?? '').replace(/^EPSG:/i, ''));
  if (epsg >= 4534 && epsg <= 4554) return { epsg, meridian: 75 + (epsg - 4534) * 3, falseEasting: 500_000 };
  if (epsg >= 4513 && epsg <= 4533)
    return { epsg, meridian: 75 + (epsg - 4513) * 3, falseEasting: (epsg - 4513 + 25) * 1e6 + 500_000 };
  if (epsg >= 4502 && epsg <= 4512) return { epsg, meridian: 75 + (epsg - 4502) * 6, falseEasting: 500_000 };
  if (epsg >= 4491 && epsg <= 4501)
    return { epsg, meridian: 75 + (epsg - 4491) * 6, falseEasting: (epsg - 4491 + 13) * 1e6 + 500_000 };
  return null;
}

const rad = (degrees: number): number => (degrees * Math.PI) / 180;
const deg = (radians: number): number => (radians * 180) / Math.PI;

/** The tangent of the conformal latitude (Karney eq. 7–9). */
function conformal(tan: number): number {
  const e = Math.sqrt(E2);
  const sigma = Math.sinh(e * Math.atanh((e * tan) / Math.hypot(1, tan)));
  return tan * Math.hypot(1, sigma) - sigma * Math.hypot(1, tan);
}

export function toPlane({ meridian, falseEasting }: Plane, lon: number, lat: number): PlanePoint {
  const tan = conformal(Math.tan(rad(lat)));
  const lambda = rad(lon - meridian);
  const xi = Math.atan2(tan, Math.cos(lambda));
  const eta = Math.asinh(Math.sin(lambda) / Math.hypot(tan, Math.cos(lambda)));
  let north = xi;
  let east = eta;
  FORWARD.forEach((a, i) => {
    const k = 2 * (i + 1);
    north += a * Math.sin(k * xi) * Math.cosh(k * eta);
    east += a * Math.cos(k * xi) * Math.sinh(k * eta);
  });
  return { north: RECTIFYING * north, east: RECTIFYING * east + falseEasting };
}

export function toLonLat({ meridian, falseEasting }: Plane, { north, east }: PlanePoint): [number, number] {
  const xi = north / RECTIFYING;
  const eta = (east - falseEasting) / RECTIFYING;
  let x = xi;
  let y = eta;
  INVERSE.forEach((b, i) => {
    const k = 2 * (i + 1);
    x -= b * Math.sin(k * xi) * Math.cosh(k * eta);
    y -= b * Math.cos(k * xi) * Math.sinh(k * eta);
  });
  const target = Math.sin(x) / Math.hypot(Math.sinh(y), Math.cos(x));
  let tan = target / (1 - E2);
  for (let i = 0; i < 5; i++) {
    // Newton's step on the conformal latitude (Karney eqs. 19–21)
    const now = conformal(tan);
    tan +=
      ((target - now) / Math.hypot(1, now)) * ((1 + (1 - E2) * tan ** 2) / ((1 - E2) * Math.hypot(1, tan)));
  }
  return [meridian + deg(Math.atan2(Math.sinh(y), Math.cos(x))), deg(Math.atan(tan))];
}

/** The place so much of the way from a to b, on the straight line of the plane; of the degrees where there is none. */
export function between(
  plane: Plane | null,
  a: readonly [number, number],
  b: readonly [number, number],
  share: number,
): [number, number] {
  if (!plane) return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
  const from = toPlane(plane, ...a);
  const to = toPlane(plane, ...b);
  return toLonLat(plane, {
    north: from.north + (to.north - from.north) * share,
    east: from.east + (to.east - from.east) * share,
  });
}
