-- What a planner with SQL of his own would write, short enough to read an attack at a glance. It runs with the rights of who calls it. Codes
-- stand for parcels and rights; shapes are boxes in metres of EPSG:4550 from the south-west corner of the test's ground.
CREATE SCHEMA attack;
GRANT USAGE ON SCHEMA attack TO luodi_planner;

CREATE FUNCTION attack.park() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT current_setting('attack.park')::uuid $$;
CREATE FUNCTION attack.seq() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT seq FROM public.park_clock WHERE park_id = attack.park() $$;
CREATE FUNCTION attack.id(code text) RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT md5(attack.park() || code)::uuid $$;
CREATE FUNCTION attack.box(x0 float8, y0 float8, x1 float8, y1 float8) RETURNS geometry LANGUAGE sql STABLE AS
$$ SELECT ST_Transform(ST_MakeEnvelope(413100 + x0, 4123600 + y0, 413100 + x1, 4123600 + y1, 4550), 4490) $$;

-- deed opens a record; a and b signed where two must.
CREATE FUNCTION attack.deed(kind text, documents jsonb DEFAULT '[]', a text DEFAULT 'a', b text DEFAULT 'b', reverts bigint DEFAULT NULL) RETURNS bigint LANGUAGE sql AS
$$ SELECT seq FROM public.begin_record(attack.park(), gen_random_uuid(), kind, 'test', 'attack', documents,
     (SELECT account_id FROM public.account WHERE login = a), (SELECT account_id FROM public.account WHERE login = b), false, reverts) $$;

-- born begins a parcel, shut ends its version, on begins the next one: as it was, but for what is given.
CREATE FUNCTION attack.born(code text, shape geometry, legal numeric, bank text DEFAULT 'available', publication text DEFAULT 'public') RETURNS void LANGUAGE sql AS $$
  INSERT INTO public.parcel (park_id, parcel_id) VALUES (attack.park(), attack.id(code));
  INSERT INTO public.parcel_version (park_id, parcel_id, from_seq, code, bank_status, legal_m2, publication, geom)
  VALUES (attack.park(), attack.id(code), attack.seq(), code, bank, legal, publication, shape) $$;
CREATE FUNCTION attack.shut(VARIADIC codes text[]) RETURNS void LANGUAGE sql AS $$
  UPDATE public.parcel_version SET to_seq = attack.seq() WHERE park_id = attack.park() AND parcel_id IN (SELECT attack.id(c) FROM unnest(codes) c) AND to_seq IS NULL $$;
CREATE FUNCTION attack."on"(code text, shape geometry DEFAULT NULL, legal numeric DEFAULT NULL, bank text DEFAULT NULL, publication text DEFAULT NULL) RETURNS void LANGUAGE sql AS $$
  INSERT INTO public.parcel_version (park_id, parcel_id, from_seq, prev_to_seq, code, bank_status, legal_m2, publication, geom)
  SELECT v.park_id, v.parcel_id, v.to_seq, v.to_seq, v.code, coalesce(bank, v.bank_status), coalesce(legal, v.legal_m2), coalesce("on".publication, v.publication), coalesce(shape, v.geom)
    FROM public.parcel_version v WHERE v.park_id = attack.park() AND v.parcel_id = attack.id("on".code) AND v.to_seq = attack.seq() $$;
CREATE FUNCTION attack.descends(child text, VARIADIC parents text[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO public.lineage (park_id, seq, parent_id, child_id) SELECT attack.park(), attack.seq(), attack.id(p), attack.id(child) FROM unnest(parents) p $$;

-- hold gives a right to parcels; state, cover, uncover and finish change it.
CREATE FUNCTION attack.state(name text, state text, first boolean DEFAULT false) RETURNS void LANGUAGE sql AS $$
  INSERT INTO public.allotment_version (park_id, allotment_id, from_seq, prev_to_seq, state, expires_at)
  VALUES (attack.park(), attack.id(name), attack.seq(), CASE WHEN first THEN NULL ELSE attack.seq() END, state, now() + interval '90 days') $$;
CREATE FUNCTION attack.cover(name text, VARIADIC codes text[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO public.allotment_parcel (park_id, allotment_id, parcel_id, from_seq) SELECT attack.park(), attack.id(name), attack.id(c), attack.seq() FROM unnest(codes) c $$;
CREATE FUNCTION attack.uncover(name text, VARIADIC codes text[]) RETURNS void LANGUAGE sql AS $$
  UPDATE public.allotment_parcel SET to_seq = attack.seq() WHERE park_id = attack.park() AND allotment_id = attack.id(name) AND parcel_id IN (SELECT attack.id(c) FROM unnest(codes) c) AND to_seq IS NULL $$;
CREATE FUNCTION attack.finish(name text) RETURNS void LANGUAGE sql AS $$
  UPDATE public.allotment_version SET to_seq = attack.seq() WHERE park_id = attack.park() AND allotment_id = attack.id(name) AND to_seq IS NULL $$;
CREATE FUNCTION attack.hold(name text, VARIADIC codes text[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO public.allotment (park_id, allotment_id, district_id, project_id)
  SELECT attack.park(), attack.id(name), district_id, project_id FROM public.project JOIN public.park USING (district_id) WHERE park_id = attack.park() LIMIT 1;
  SELECT attack.state(name, 'hold', true);
  SELECT attack.cover(name, VARIADIC codes) $$;
