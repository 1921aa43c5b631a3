/** Metres on the ground for a pixel of a map of 512-pixel tiles: the equator is 2π · 6378137 m around. */
export function metresPerPixel(lat: number, zoom: number): number {
  return (2 * Math.PI * 6_378_137 * Math.cos((lat * Math.PI) / 180)) / (512 * 2 ** zoom);
}

/** The longest round length (1, 2 or 5 × 10ⁿ m) that fits in `maxPx`, and its pixels. */
export function scaleBar(lat: number, zoom: number, maxPx: number): { lengthM: number; px: number } {
  const perPx = metresPerPixel(lat, zoom);
  const longest = perPx * maxPx;
  const power = 10 ** Math.floor(Math.log10(longest));
  const lengthM = power * ([5, 2].find((digit) => digit * power <= longest) ?? 1);
  return { lengthM, px: lengthM / perPx };
}
