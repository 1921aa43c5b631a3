import type { Network, Parcel, ParkShape, PlanUnitFeature, Zone } from '../core/feed';

/** What of a park stands on the map. */
export interface Drawn {
  parks: readonly ParkShape[];
  currentPark: string;
  zones: readonly Zone[];
  plan: readonly PlanUnitFeature[];
  parcels: readonly Parcel[];
  networks: readonly Network[];
  /** What lettering leaves out of the parcels' codes. */
  prefix: string;
}
