-- Whether a park's clock is ahead of the machine's is looked for at each probe of readiness: by the newest changes of all
-- parks, not by a walk through their clocks. An index on park_clock (at) would serve as well, but each record changes that
-- row, and a row whose indexed columns change can't be updated in place.
CREATE INDEX event_at ON event (at);
