import type { ParcelProperties } from './feed';

/** What is asked for a parcel, in CNY/m²; null where nobody has said. Whoever compares prices reads them here. */
export const priceOf = (of: Pick<ParcelProperties, 'price_cny_per_m2'>): number | null => of.price_cny_per_m2;
