import type { BBox, LonLat, Neighbour, Paper } from './api';
import type { Status } from './status';
import type { Feature, FeatureCollection, Geometry, MultiPolygon, Polygon } from 'geojson';

/**
 * What the feeds answer (docs/feeds.md). Areas in m², lengths in m, coordinates lon, lat on CGCS2000; absent
 * facts are null.
 */

export type { Balance, BalanceRow, BBox, Hit, HitList, Hits, LonLat, Neighbour, Park, Step } from './api';
export { statuses, type Status } from './status';

export type BankStatus = 'reserve' | 'available' | 'withdrawn';

export const zoneFunctions = [
  'fibre_production',
  'research_incubation',
  'industrial_production',
  'living',
  'logistics',
  'mixed',
] as const;
export type ZoneFunction = (typeof zoneFunctions)[number];

export const kinds = [
  'road',
  'rail',
  'port',
  'substation',
  'power',
  'steam',
  'water',
  'gas',
  'sewer',
  'nitrogen',
] as const;
export type Kind = (typeof kinds)[number];
export type Grade = 'expressway' | 'trunk' | 'main' | 'branch' | 'lane' | 'node';

export const conditionKeys = [
  'far',
  'building_coefficient',
  'office_share',
  'green_ratio',
  'height_m',
  'setback_m',
  'invest_per_mu',
  'output_per_mu',
  'tax_per_mu',
] as const;
export type ConditionKey = (typeof conditionKeys)[number];

export interface Condition {
  min: number | null;
  max: number | null;
  source: string | null;
  edition: string | null;
  effective_from: string | null;
}
export type Conditions = Partial<Record<ConditionKey, Condition>>;

export const serviceKeys = [
  'road',
  'water',
  'sewer',
  'power',
  'steam',
  'gas',
  'nitrogen',
  'telecom',
  'levelled',
] as const;
export type ServiceKey = (typeof serviceKeys)[number];

export interface Service {
  ready: boolean;
  capacity: number | null;
  unit: string | null;
  /** Between what the capacity lies, in its place: where the public is told a band. */
  min?: number;
  max?: number;
  /** The day of which it is stated. */
  stated_on?: string | null;
}
export type Services = Partial<Record<ServiceKey, Service>>;

/** What a price is; the notice of the tender decides what is paid. */
export const priceKinds = ['reference', 'minimum', 'announced', 'rent'] as const;
export type PriceKind = (typeof priceKinds)[number];

export interface ParcelProperties {
  park: string;
  code: string;
  zone: string | null;
  status: Status;
  bank_status: BankStatus;
  land_use: string | null;
  legal_m2: number;
  legal_mu: number;
  computed_m2: number;
  ellipsoid_m2: number | null;
  services: Services | null;
  price_cny_per_m2: number | null;
  price_kind: PriceKind | null;
  price_document: string | null;
  price_on: string | null;
  cadastral_no: string | null;
  estate_unit_no: string | null;
  tenant_zh: string | null;
  tenant_en: string | null;
  project_zh: string | null;
  project_en: string | null;
  expires_at: string | null;
  since: string | null;
  seq: number;
}

export interface PlanUnit {
  code: string;
  land_use: string | null;
  conditions: Conditions | null;
  edition: string | null;
}

export interface ParcelFacts extends ParcelProperties {
  id: string;
  bbox: BBox;
  point: LonLat;
  zone_name_zh: string | null;
  zone_name_en: string | null;
  plan_unit: PlanUnit | null;
  area_note: string | null;
  neighbours: Neighbour[];
  papers: Paper[];
}

export interface ZoneProperties {
  park: string;
  code: string;
  name_zh: string;
  name_en: string;
  function: ZoneFunction;
  legal_m2: number | null;
  legal_mu: number | null;
  computed_m2: number;
}

export interface PlanUnitProperties extends PlanUnit {
  park: string;
  effective_from: string | null;
  computed_m2: number;
}

export interface NetworkProperties {
  park: string;
  code: string;
  kind: Kind;
  grade: Grade | null;
  name_zh: string | null;
  name_en: string | null;
  width_m: number | null;
  capacity: number | null;
  unit: string | null;
}

export interface ParkProperties {
  code: string;
  name_zh: string;
  name_en: string;
  illustrative: boolean;
  computed_m2: number;
}

export type Identified<G extends Geometry, P> = Feature<G, P> & { id: string };
export type Parcel = Identified<Polygon, ParcelProperties>;
export type Zone = Identified<MultiPolygon, ZoneProperties>;
export type PlanUnitFeature = Identified<MultiPolygon, PlanUnitProperties>;
export type Network = Identified<Geometry, NetworkProperties>;
export type ParkShape = Identified<MultiPolygon, ParkProperties>;

/** A page of an OGC collection; `links` holds the next page while there is one. */
export type Page<F extends Feature> = Omit<FeatureCollection, 'features'> & {
  features: F[];
  links?: { rel: string; href: string }[];
};
