-- What the public read of intentions so far, it reads by the new words from now on, of the past too.
UPDATE parcel_public SET status = 'in_negotiation', expires_at = NULL
 WHERE status IN ('held', 'reserved');
