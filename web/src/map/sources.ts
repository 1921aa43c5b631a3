import type { Feature } from 'geojson';
import type { GeoJSONSource, Map as MapLibreMap } from 'maplibre-gl';
import { collect } from './data';
import type { SourceName } from './style';

/** Of so many features it is seen whether they are the same as before. */
const COMPARED = 500;

/**
 * What the GeoJSON sources hold. Each that is filled is cut into tiles by the worker, and then the whole map is drawn
 * again, which is most of a page's work where software draws. So what is there already is not put there again.
 */
export class Sources {
  private readonly there = new Map<SourceName, readonly Feature[]>();

  constructor(private readonly map: MapLibreMap) {}

  /** Fills a source; it is empty at first. False: it holds these features already. */
  put(name: SourceName, features: readonly Feature[]): boolean {
    if (same(features, this.there.get(name) ?? [])) return false;
    this.there.set(name, features);
    void this.map.getSource<GeoJSONSource>(name)?.setData(collect([...features]));
    return true;
  }
}

const same = (now: readonly Feature[], before: readonly Feature[]): boolean =>
  now.length === before.length &&
  (now.length === 0 || (now.length <= COMPARED && JSON.stringify(now) === JSON.stringify(before)));
