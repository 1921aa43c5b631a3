import type { LonLat } from './feed';

/** The CGCS2000 ellipsoid (EPSG:1024). */
const A = 6_378_137;
const F = 1 / 298.257222101;
const B = A * (1 - F);
const E2 = F * (2 - F);

const rad = (degrees: number): number => (degrees * Math.PI) / 180;

/**
 * The length in metres of the shortest way between two places on the ellipsoid: Vincenty's inverse formula (Survey
 * Review 23, 1975), to a tenth of a millimetre. NaN for places nearly opposite one another on the globe, where it
 * doesn't end.
 */
export function distance([lon1, lat1]: LonLat, [lon2, lat2]: LonLat): number {
  if (lon1 === lon2 && lat1 === lat2) return 0;
  const u1 = Math.atan((1 - F) * Math.tan(rad(lat1)));
  const u2 = Math.atan((1 - F) * Math.tan(rad(lat2)));
  const [sin1, cos1, sin2, cos2] = [Math.sin(u1), Math.cos(u1), Math.sin(u2), Math.cos(u2)];
  const apart = rad(lon2 - lon1);
  let lambda = apart;
  for (let i = 0; i < 100; i++) {
    const [sinL, cosL] = [Math.sin(lambda), Math.cos(lambda)];
    const sinSigma = Math.hypot(cos2 * sinL, cos1 * sin2 - sin1 * cos2 * cosL);
    const cosSigma = sin1 * sin2 + cos1 * cos2 * cosL;
    const sigma = Math.atan2(sinSigma, cosSigma);
    const sinAlpha = sinSigma === 0 ? 0 : (cos1 * cos2 * sinL) / sinSigma;
    const cos2Alpha = 1 - sinAlpha ** 2;
    const cosMid = cos2Alpha === 0 ? 0 : cosSigma - (2 * sin1 * sin2) / cos2Alpha;
    const c = (F / 16) * cos2Alpha * (4 + F * (4 - 3 * cos2Alpha));
    const before = lambda;
    lambda =
      apart +
      (1 - c) * F * sinAlpha * (sigma + c * sinSigma * (cosMid + c * cosSigma * (2 * cosMid ** 2 - 1)));
    if (Math.abs(lambda - before) > 1e-13) continue;
    const k2 = (cos2Alpha * (A ** 2 - B ** 2)) / B ** 2;
    const a = 1 + (k2 / 16384) * (4096 + k2 * (-768 + k2 * (320 - 175 * k2)));
    const b = (k2 / 1024) * (256 + k2 * (-128 + k2 * (74 - 47 * k2)));
    const more =
      b *
      sinSigma *
      (cosMid +
        (b / 4) *
          (cosSigma * (2 * cosMid ** 2 - 1) -
            (b / 6) * cosMid * (4 * sinSigma ** 2 - 3) * (4 * cosMid ** 2 - 3)));
    return B * a * (sigma - more);
  }
  return NaN;
}

/** The length in metres along places. */
export const lengthOf = (line: readonly LonLat[]): number =>
  line.slice(1).reduce((sum, place, i) => sum + distance(line[i] as LonLat, place), 0);

/** Snyder's q (Map Projections, 1987, eq. 3-12): the area from the equator, in halves of the semi-major axis². */
function authalic(lat: number): number {
  const e = Math.sqrt(E2);
  const sin = Math.sin(rad(lat));
  return (1 - E2) * (sin / (1 - E2 * sin ** 2) + Math.atanh(e * sin) / e);
}
const AT_POLE = authalic(90);
/** The square of the radius of the sphere that has the ellipsoid's area. */
const R2 = (A ** 2 * AT_POLE) / 2;

/**
 * The area in m² of a ring, closed or not, whichever way it runs, on the ellipsoid. Places go to the sphere of equal
 * area by their authalic latitude; there each side with the meridians of its ends bounds a triangle with a known
 * excess. For sides up to some kilometres the area is good to a millionth.
 */
export function areaOf(ring: readonly LonLat[]): number {
  let sum = 0;
  ring.forEach(([lon1, lat1], i) => {
    const [lon2, lat2] = ring[(i + 1) % ring.length] as LonLat;
    const [t1, t2] = [lat1, lat2].map((lat) =>
      Math.tan(Math.asin(Math.max(-1, Math.min(1, authalic(lat) / AT_POLE))) / 2),
    ) as [number, number];
    sum += 2 * Math.atan2(Math.tan(rad(lon2 - lon1) / 2) * (t1 + t2), 1 + t1 * t2);
  });
  return Math.abs(sum) * R2;
}
