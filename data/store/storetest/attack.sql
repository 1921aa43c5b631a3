-- What a planner with SQL of his own would write, short enough to read an attack at a glance. It runs with the rights
-- of who calls it. Codes stand for parcels and rights; shapes are boxes in metres of EPSG:4550 from the origin of the
-- test's plot, which lies 500 m east and 5,500 m north of its border's corner.
CREATE SCHEMA attack;
GRANT USAGE ON SCHEMA attack TO luodi_planner;

CREATE FUNCTION attack.park() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT current_setting('attack.park')::uuid $$;
CREATE FUNCTION attack.seq() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT seq FROM public.park_clock
    WHERE park_id = attack.park() $$;
CREATE FUNCTION attack.id(code text) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT md5(attack.park() || code)::uuid $$;
CREATE FUNCTION attack.origin(OUT x float8, OUT y float8) LANGUAGE sql STABLE AS $$
  SELECT round(ST_XMin(g.plane)) + 500, round(ST_YMin(g.plane)) + 5500
      FROM (SELECT ST_Transform(geom, 4550) AS plane FROM public.park WHERE park_id = attack.park()) g $$;
CREATE FUNCTION attack.box(x0 float8, y0 float8, x1 float8, y1 float8) RETURNS geometry LANGUAGE sql STABLE AS
$$ SELECT ST_Transform(ST_MakeEnvelope(x + x0, y + y0, x + x1, y + y1, 4550), 4490) FROM attack.origin() $$;
CREATE FUNCTION attack.drawn(shape text) RETURNS geometry LANGUAGE sql STABLE AS
$$ SELECT ST_Transform(ST_Translate(ST_GeomFromText(shape, 4550), x, y), 4490) FROM attack.origin() $$;
-- here moves a shape, drawn in degrees on the first plot, to this one.
CREATE FUNCTION attack.here(shape text) RETURNS geometry LANGUAGE sql STABLE AS $$
  SELECT ST_Translate(ST_GeomFromText(shape, 4490), ST_X(b) - ST_X(a), ST_Y(b) - ST_Y(a))
    FROM attack.origin(), ST_Transform(ST_SetSRID(ST_MakePoint(413100, 4123600), 4550), 4490) a,
        ST_Transform(ST_SetSRID(ST_MakePoint(x, y), 4550), 4490) b $$;

-- deed opens a record; a and b signed where two must.
CREATE FUNCTION attack.deed(kind text, documents jsonb DEFAULT '[]', a text DEFAULT 'a', b text DEFAULT 'b',
    reverts bigint DEFAULT NULL) RETURNS bigint LANGUAGE sql AS
$$ SELECT seq FROM public.begin_record(attack.park(), gen_random_uuid(), kind, 'test', 'attack', documents,
     (SELECT account_id FROM public.account WHERE login = a), (SELECT account_id FROM public.account
         WHERE login = b), false, reverts) $$;

-- born begins a parcel, shut ends its version, on begins the next one: as it was, but for what is given.
CREATE FUNCTION attack.born(code text, shape geometry, legal numeric, bank text DEFAULT 'available', publication text
    DEFAULT 'public') RETURNS void LANGUAGE sql AS $$
  INSERT INTO public.parcel (park_id, parcel_id) VALUES (attack.park(), attack.id(code));
  INSERT INTO public.parcel_version (park_id, parcel_id, from_seq, code, bank_status, legal_m2, publication, geom)
  VALUES (attack.park(), attack.id(code), attack.seq(), code, bank, legal, publication, shape) $$;
CREATE FUNCTION attack.shut(VARIADIC codes text[]) RETURNS void LANGUAGE sql AS $$
  UPDATE public.parcel_version SET to_seq = attack.seq() WHERE park_id = attack.park()
      AND parcel_id IN (SELECT attack.id(c) FROM unnest(codes) c) AND to_seq IS NULL $$;
CREATE FUNCTION attack."on"(code text, shape geometry DEFAULT NULL, legal numeric DEFAULT NULL, bank text
    DEFAULT NULL, publication text DEFAULT NULL) RETURNS void LANGUAGE sql AS $$
  INSERT INTO public.parcel_version (park_id, parcel_id, from_seq, prev_to_seq, code, bank_status, legal_m2,
      publication, geom)
  SELECT v.park_id, v.parcel_id, v.to_seq, v.to_seq, v.code, coalesce(bank, v.bank_status),
      coalesce(legal, v.legal_m2), coalesce("on".publication, v.publication), coalesce(shape, v.geom)
    FROM public.parcel_version v WHERE v.park_id = attack.park() AND v.parcel_id = attack.id("on".code)
        AND v.to_seq = attack.seq() $$;
CREATE FUNCTION attack.descends(child text, VARIADIC parents text[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO public.lineage (park_id, seq, parent_id, child_id) SELECT attack.park(), attack.seq(), attack.id(p),
      attack.id(child) FROM unnest(parents) p $$;

-- state, cover, uncover and finish change a right; hold gives one to parcels.
CREATE FUNCTION attack.state(name text, state text, first boolean DEFAULT false) RETURNS void LANGUAGE sql AS $$
  INSERT INTO public.allotment_version (park_id, allotment_id, from_seq, prev_to_seq, state, expires_at)
  VALUES (attack.park(), attack.id(name), attack.seq(), CASE WHEN first THEN NULL ELSE attack.seq() END, state,
      now() + interval '90 days') $$;
CREATE FUNCTION attack.cover(name text, VARIADIC codes text[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO public.allotment_parcel (park_id, allotment_id, parcel_id, from_seq) SELECT attack.park(),
      attack.id(name), attack.id(c), attack.seq() FROM unnest(codes) c $$;
CREATE FUNCTION attack.uncover(name text, VARIADIC codes text[]) RETURNS void LANGUAGE sql AS $$
  UPDATE public.allotment_parcel SET to_seq = attack.seq() WHERE park_id = attack.park()
      AND allotment_id = attack.id(name) AND parcel_id IN (SELECT attack.id(c) FROM unnest(codes) c)
      AND to_seq IS NULL $$;
CREATE FUNCTION attack.finish(name text) RETURNS void LANGUAGE sql AS $$
  UPDATE public.allotment_version SET to_seq = attack.seq() WHERE park_id = attack.park()
      AND allotment_id = attack.id(name) AND to_seq IS NULL $$;
-- party makes a project of a name; hold_for holds land for one, "" being the plot's own.
CREATE FUNCTION attack.party(name text) RETURNS void LANGUAGE sql AS $$
  INSERT INTO public.project (district_id, project_id, code) SELECT district_id, attack.id(name),
      name || attack.park() FROM public.park WHERE park_id = attack.park();
  INSERT INTO public.project_version (district_id, project_id, revision, name_zh, name_en)
      SELECT district_id, attack.id(name), 1, name, name FROM public.park WHERE park_id = attack.park() $$;
CREATE FUNCTION attack.project(name text) RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN name = '' THEN (SELECT j.project_id FROM public.project j
      JOIN public.park k ON (k.district_id, k.code) = (j.district_id, j.code) WHERE k.park_id = attack.park())
      ELSE attack.id(name) END $$;
CREATE FUNCTION attack.hold_for(whom text, name text, VARIADIC codes text[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO public.allotment (park_id, allotment_id, district_id, project_id) SELECT park_id, attack.id(name),
      district_id, attack.project(whom) FROM public.park WHERE park_id = attack.park();
  SELECT attack.state(name, 'hold', true);
  SELECT attack.cover(name, VARIADIC codes) $$;
CREATE FUNCTION attack.hold(name text, VARIADIC codes text[]) RETURNS void LANGUAGE sql AS $$
    SELECT attack.hold_for('', name, VARIADIC codes) $$;

-- node makes a node of a network, cut ends its version and begins the next with another capacity; draw and undraw
-- begin and end what a right takes; risk

-- names a right whose supply is at risk.
CREATE FUNCTION attack.node(code text, capacity numeric, kind text DEFAULT 'substation', unit text DEFAULT 'kVA',
    grade text DEFAULT 'node') RETURNS void LANGUAGE sql AS $$
  INSERT INTO public.network (park_id, network_id, code) VALUES (attack.park(), attack.id(code), code);
  INSERT INTO public.network_version (park_id, network_id, from_seq, kind, grade, capacity, unit, geom)
  VALUES (attack.park(), attack.id(code), attack.seq(), kind, grade, capacity, unit,
      ST_PointOnSurface(attack.box(0,0,100,100))) $$;
CREATE FUNCTION attack.shut_node(code text) RETURNS void LANGUAGE sql AS $$
  UPDATE public.network_version SET to_seq = attack.seq() WHERE park_id = attack.park()
      AND network_id = attack.id(code) AND to_seq IS NULL $$;
CREATE FUNCTION attack.cut(code text, capacity numeric, kind text DEFAULT 'substation', unit text DEFAULT 'kVA',
    grade text DEFAULT 'node') RETURNS void LANGUAGE sql AS $$
  SELECT attack.shut_node(code);
  INSERT INTO public.network_version (park_id, network_id, from_seq, prev_to_seq, kind, grade, capacity, unit,
      publication, geom)
  SELECT park_id, network_id, to_seq, to_seq, cut.kind, cut.grade, cut.capacity, cut.unit, publication, geom
      FROM public.network_version
   WHERE park_id = attack.park() AND network_id = attack.id(code) AND to_seq = attack.seq() $$;
CREATE FUNCTION attack.draw(name text, node text, amount numeric, service text DEFAULT 'power') RETURNS void
    LANGUAGE sql AS $$
  INSERT INTO public.allotment_draw (park_id, allotment_id, network_id, service, from_seq, amount)
      VALUES (attack.park(), attack.id(name), attack.id(node), service, attack.seq(), amount) $$;
CREATE FUNCTION attack.undraw(name text, node text) RETURNS void LANGUAGE sql AS $$
  UPDATE public.allotment_draw SET to_seq = attack.seq() WHERE park_id = attack.park()
      AND allotment_id = attack.id(name) AND network_id = attack.id(node) AND to_seq IS NULL $$;
CREATE FUNCTION attack.risk(name text, node text, amount numeric, service text DEFAULT 'power') RETURNS void
    LANGUAGE sql AS $$
  INSERT INTO public.supply_at_risk (park_id, seq, network_id, allotment_id, service, amount)
      VALUES (attack.park(), attack.seq(), attack.id(node), attack.id(name), service, amount) $$;

-- wait puts a project in the queue for a parcel, unwait ends its place.
CREATE FUNCTION attack.wait(whom text, code text) RETURNS void LANGUAGE sql AS $$
  INSERT INTO public.waiting (park_id, waiting_id, parcel_id, district_id, project_id, from_seq, term_days)
  SELECT park_id, attack.id(whom || ' for ' || wait.code), attack.id(wait.code), district_id, attack.project(whom),
      attack.seq(), 30 FROM public.park WHERE park_id = attack.park() $$;
CREATE FUNCTION attack.unwait(whom text, code text) RETURNS void LANGUAGE sql AS $$
  UPDATE public.waiting SET to_seq = attack.seq() WHERE park_id = attack.park()
      AND waiting_id = attack.id(whom || ' for ' || code) AND to_seq IS NULL $$;
