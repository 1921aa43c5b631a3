-- A project is the business of the park that entered it, of the parks where it seeks land, and of those where it has or waits for some; nobody else's but the district's.

ALTER TABLE party ADD COLUMN park_id uuid REFERENCES park DEFERRABLE INITIALLY DEFERRED; -- a park may come in the same transaction, after what it enters
ALTER TABLE project ADD COLUMN park_id uuid REFERENCES park DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE project_version ADD COLUMN seeks uuid[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN party.park_id IS 'The park that entered it; null: the district did.';
COMMENT ON COLUMN project.park_id IS 'The park that entered it; null: the district did.';
COMMENT ON COLUMN project_version.seeks IS 'Parks in which it seeks land, by their own word; places in lines and rights count besides.';

-- Two parks may each know a company or project by the same name: that one of them does is nothing the other may learn from a refusal.
ALTER TABLE party DROP CONSTRAINT party_district_id_name_zh_key, ADD CONSTRAINT party_district_id_name_zh_key UNIQUE NULLS NOT DISTINCT (district_id, park_id, name_zh);
ALTER TABLE project DROP CONSTRAINT project_district_id_code_key, ADD CONSTRAINT project_district_id_code_key UNIQUE NULLS NOT DISTINCT (district_id, park_id, code);

CREATE INDEX waiting_project ON waiting (project_id, district_id) WHERE to_seq IS NULL;
CREATE INDEX project_party ON project (party_id, district_id);

-- Every row of what is asked is of one project or party: the conditions go down into each part.
CREATE VIEW project_park AS
SELECT j.district_id, j.project_id, j.park_id FROM project j WHERE j.park_id IS NOT NULL
UNION ALL
SELECT v.district_id, v.project_id, s.park_id FROM project_version v CROSS JOIN LATERAL unnest(v.seeks) s (park_id) WHERE upper_inf(v.sys)
UNION ALL
SELECT t.district_id, t.project_id, t.park_id FROM allotment t JOIN allotment_version a ON (a.park_id, a.allotment_id) = (t.park_id, t.allotment_id) AND a.to_seq IS NULL
UNION ALL
SELECT w.district_id, w.project_id, w.park_id FROM waiting w WHERE w.to_seq IS NULL;
COMMENT ON VIEW project_park IS 'Whose business a project is: the park that entered it, where it seeks land, has some, or waits for some. A pair may come more than once.';

CREATE VIEW party_park AS
SELECT p.district_id, p.party_id, p.park_id FROM party p WHERE p.park_id IS NOT NULL
UNION ALL
SELECT j.district_id, j.party_id, c.park_id
  FROM project j
  JOIN party p ON (p.district_id, p.party_id) = (j.district_id, j.party_id) AND p.park_id IS NOT DISTINCT FROM j.park_id
  JOIN project_park c ON (c.district_id, c.project_id) = (j.district_id, j.project_id)
UNION ALL
SELECT j.district_id, j.party_id, t.park_id
  FROM project j
  JOIN allotment t ON (t.district_id, t.project_id) = (j.district_id, j.project_id)
  JOIN allotment_version a ON (a.park_id, a.allotment_id) = (t.park_id, t.allotment_id) AND a.to_seq IS NULL
 WHERE j.party_id IS NOT NULL
UNION ALL
SELECT j.district_id, j.party_id, w.park_id
  FROM project j JOIN waiting w ON (w.district_id, w.project_id) = (j.district_id, j.project_id) AND w.to_seq IS NULL
 WHERE j.party_id IS NOT NULL;
COMMENT ON VIEW party_park IS 'Whose business a company is: the park that entered it, those in which its projects have land or wait for some, and those whose business a project is that the same park entered: a project that another park makes of it carries it no further.';
GRANT SELECT ON project_park, party_park TO luodi_planner;

-- A token that its own account made writes unlocked only where that account is admin: an admin of one park may be a planner in the next.
ALTER TABLE token ADD COLUMN as_admin boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN token.as_admin IS 'It writes unlocked only in parks of which its account is admin; false: whoever runs the server gave it, for every park in which the account may write.';
UPDATE token t SET as_admin = true WHERE t.unlocked AND EXISTS (SELECT FROM membership m WHERE m.account_id = t.account_id AND m.role = 'admin');

-- No statistics are kept of whose a row is (0032): a park that came later would be taken for empty.
ALTER TABLE party ALTER COLUMN park_id SET STATISTICS 0;
ALTER TABLE project ALTER COLUMN park_id SET STATISTICS 0;
