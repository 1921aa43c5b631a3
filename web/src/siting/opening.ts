import type { BestPlace } from '../core/heat';
import { useLand } from '../state/land.svelte';
import { useSelection } from '../state/selection.svelte';
import { useWalk } from '../state/walk.svelte';
import { useSiting } from './siting.svelte';

/**
 * What opens a place of a surface: the site of the ranking that it is, else its parcel, in another park if need be.
 * Call while a component starts.
 */
export function useOpening(): (place: Pick<BestPlace, 'key' | 'id' | 'park'>) => void {
  const land = useLand();
  const selection = useSelection();
  const walk = useWalk();
  const siting = useSiting();
  return ({ key, id, park }) => {
    const site = siting.shown ? siting.sites.find((each) => each.key === key) : undefined;
    if (site) siting.open(site);
    else if (park === land.park?.code) selection.select({ of: 'parcel', id }, { fly: true });
    else void walk.visit(park, id);
  };
}
