import type { Feature, FeatureCollection, Geometry } from 'geojson';
import type { Parcel } from '../core/feed';
import type { Grid } from '../core/grid';
import { labelPoint } from '../core/labelpoint';
import { useText } from '../core/landuse';
import { occupant } from '../core/parcels';
import { daysLeft } from '../core/orders';
import type { Drawn } from './drawn';
import { isCut } from './fonts';

export function collect(features: Feature[]): FeatureCollection {
  return { type: 'FeatureCollection', features };
}

/** Features with their id among the properties, where MapLibre's promoteId looks for ids that are no numbers. */
export function withIds(features: readonly (Feature<Geometry> & { id: string })[]): Feature[] {
  return features.map(({ id, geometry, properties }) => ({
    type: 'Feature',
    geometry,
    properties: { ...properties, id },
  }));
}

/** Parcels with only what their drawing needs: the worker copies every property. */
export function parcelData(parcels: readonly Parcel[]): Feature[] {
  return parcels.map(({ id, geometry, properties }) => ({
    type: 'Feature',
    geometry,
    properties: { id, status: properties.status, internal: isInternal(properties) },
  }));
}

/** Whether only planners see a parcel; the public's feeds hold none. */
const isInternal = (properties: object): boolean =>
  'publication' in properties && properties.publication === 'internal';

/** The points where parcels, zones, plan units and parks are lettered.*/
export function spotsOf({ parcels, zones, plan, parks, currentPark, prefix }: Drawn): Feature[] {
  const spot = (
    of: string,
    { id, geometry }: Parcel | Drawn['zones'][number] | Drawn['plan'][number] | Drawn['parks'][number],
    properties: object,
  ): Feature[] => {
    const at = labelPoint(geometry);
    return at
      ? [
          {
            type: 'Feature',
            geometry: { type: 'Point', coordinates: at },
            properties: { ...properties, of, id },
          },
        ]
      : [];
  };
  return [
    ...parcels.flatMap((parcel) => {
      const { code, status, legal_m2 } = parcel.properties;
      const days = status === 'held' ? daysLeft(parcel.properties.expires_at, Date.now()) : null;
      return spot('parcel', parcel, {
        code: code.slice(prefix.length),
        status,
        legal_m2,
        occupant_zh: occupant('zh', parcel.properties),
        occupant_en: occupant('en', parcel.properties),
        days,
      });
    }),
    ...zones.flatMap((zone) =>
      spot('zone', zone, {
        name_zh: zone.properties.name_zh,
        name_en: zone.properties.name_en,
        legal_m2: zone.properties.legal_m2,
      }),
    ),
    ...plan.flatMap((unit) =>
      spot('plan', unit, {
        code: unit.properties.code,
        use_zh: useText('zh', unit.properties.land_use),
        use_en: useText('en', unit.properties.land_use),
      }),
    ),
    ...parks.flatMap((park) =>
      spot('park', park, {
        name_zh: park.properties.name_zh,
        name_en: park.properties.name_en,
        current: park.properties.code === currentPark,
      }),
    ),
  ];
}

/** The parks, of which one is open. */
export const parkData = ({ parks, currentPark }: Drawn): Feature[] =>
  withIds(parks).map((park) => ({
    ...park,
    properties: { ...park.properties, current: park.properties?.['code'] === currentPark },
  }));

/** The crosses of a grid. */
export const gridData = ({ crosses }: Grid): Feature[] =>
  crosses.map((coordinates) => ({
    type: 'Feature',
    properties: {},
    geometry: { type: 'Point', coordinates },
  }));

/** Whether the type that was cut at the build has every character of a feature's texts. */
export const isLettered = (properties: Feature['properties']): boolean =>
  Object.values(properties ?? {}).every((value) => typeof value !== 'string' || isCut(value));

/** The outlines of those parcels that have a mark. */
export function markData(mark: string, marked: readonly string[], parcels: readonly Parcel[]): Feature[] {
  const ids = new Set(marked);
  return parcels
    .filter(({ id }) => ids.has(id))
    .map(({ geometry }) => ({ type: 'Feature', geometry, properties: { mark } }));
}
