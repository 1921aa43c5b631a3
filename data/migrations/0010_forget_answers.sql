-- Answers kept for repeated requests are forgotten after two days. The writing role may not pick what is forgotten: an answer it took away early would let a
-- repeated request be carried out twice.

CREATE INDEX idempotency_at ON idempotency (at);
CREATE FUNCTION forget_answers() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH gone AS (DELETE FROM idempotency WHERE at < clock_timestamp() - interval '48 hours' RETURNING 1) SELECT count(*) FROM gone
$$;
COMMENT ON FUNCTION forget_answers() IS 'Deletes the answers of over 48 hours ago, and counts them.';
REVOKE EXECUTE ON FUNCTION forget_answers() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_answers() TO luodi_planner;
