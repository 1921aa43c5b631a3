-- Public by default are roads, distances and bands per service. The capacity of a node, the line of a utility and the
-- surveyed corners of a boundary are public where a park publishes them (docs/decisions/0026-fields-are-chosen.md). What
-- a park publishes today stays so; new rows begin careful.

ALTER TABLE network_version
  ADD capacity_told text NOT NULL DEFAULT 'figure' CHECK (capacity_told IN ('figure', 'none'));
ALTER TABLE network_version ALTER capacity_told SET DEFAULT 'none', ALTER headroom_told SET DEFAULT 'band',
  ALTER publication DROP DEFAULT;
COMMENT ON COLUMN network_version.capacity_told IS
  'Whether the public is told the capacity: as a figure, or not (none).';
COMMENT ON COLUMN network_version.publication IS
  'Where a writer says nothing, internal of the line of a utility, public of all else (first_publication).';

-- Where the capacity isn't told, the word for a share of it isn't told beside a figure or a band: at each step from one
-- word to another it would tell the capacity.
ALTER TABLE service_public DROP CONSTRAINT says_as_told;
ALTER TABLE service_public ADD CONSTRAINT says_as_told CHECK (
  (told <> 'word' OR free IS NOT NULL) AND (told <> 'none' OR free IS NULL)
    AND (least IS NOT NULL) = (told IN ('figure', 'band')) AND (most IS NOT NULL) = (told IN ('figure', 'band'))
    AND (told <> 'figure' OR least = most));
COMMENT ON COLUMN service_public.told IS
  'figure: least and most are what is left; band: it lies between them, a tenth of the capacity where that is told, '
  'else a step of 1, 2, 5, 10; word: free alone; none: nothing.';

ALTER TABLE park ADD corners_told text NOT NULL DEFAULT 'exact' CHECK (corners_told IN ('exact', 'rounded'));
ALTER TABLE park ALTER corners_told SET DEFAULT 'rounded';
COMMENT ON COLUMN park.corners_told IS
  'How the public reads the corners of parcels, zones, plan units and the border: exact, as surveyed; or rounded, to '
  'whole metres of the survey plane.';
ALTER TABLE park_public ADD corners_told text NOT NULL DEFAULT 'exact';
