package ledger_test

import "testing"

func TestHistoryNeitherGapsNorOverlapsNorLosesAnEvent(t *testing.T) {
	t.Parallel()
	refuse(t, historyWrongs)
}

const anew = `INSERT INTO parcel_version (park_id, parcel_id, from_seq, to_seq, prev_to_seq, code, bank_status,
	legal_m2, geom)`

var historyWrongs = []wrong{
	{name: "a version in another's record", given: []string{`SELECT deed('edit')`}, sql: `SELECT shut('A')`,
		want: "version_has_record"},
	{name: "a version in a record that was rolled back",
		sql: `SAVEPOINT s; SELECT deed('edit'); ROLLBACK TO s; SELECT shut('A')`, want: "version_has_record"},
	{name: "a second record in one transaction", sql: `SELECT deed('edit'); SELECT deed('edit')`,
		want: "one_record_a_transaction"},
	{name: "a second live version", sql: `SELECT deed('edit'); ` + anew + `SELECT attack.park(), id('A'), seq(),
		NULL, NULL, 'A', 'available', 1, box(0,200,100,300)`, want: "parcel_version_first"},
	{name: "a version that follows none", sql: `SELECT deed('edit'); ` + anew + `SELECT attack.park(), id('A'),
		seq(), NULL, seq(), 'A', 'available', 1, box(0,200,100,300)`, want: "parcel_version_live"},
	{name: "a parcel whose first version follows another", sql: `SELECT deed('create'); INSERT INTO parcel (park_id,
		parcel_id) VALUES (attack.park(), id('X'));` +
		anew + `SELECT attack.park(), id('X'), seq(), NULL, seq(), 'X', 'available', 1, box(0,200,100,300)`,
		want: "parcel_version_park_id_parcel_id_prev_to_seq_fkey"},
	{name: "a version after a gap", given: []string{`SELECT deed('retire'); SELECT shut('A')`},
		sql: `SELECT deed('create'); ` +
			anew + `SELECT attack.park(), id('A'), seq(), NULL, seq(), 'A', 'available', 10000, box(0,0,100,100)`,
		want: "parcel_version_park_id_parcel_id_prev_to_seq_fkey"},
	{name: "a retired parcel that begins again", given: []string{`SELECT deed('retire'); SELECT shut('A')`},
		sql: `SELECT deed('create'); ` +
			anew + `SELECT attack.park(), id('A'), seq(), NULL, NULL, 'A', 'available', 10000, box(0,0,100,100)`,
		want: "parcel_version_first"},
	{name: "a version that begins in the past", sql: `SELECT deed('edit'); SELECT shut('A'); ` + anew +
		`SELECT attack.park(), id('A'), 1, NULL, NULL, 'A', 'available', 1, box(0,0,100,100)`,
		want: "version_begins_now"},
	{name: "a version that begins in the future", sql: `SELECT deed('edit'); SELECT shut('A'); ` + anew +
		`SELECT attack.park(), id('A'), 9, NULL, 9, 'A', 'available', 1, box(0,0,100,100)`, want: "version_begins_now"},
	{name: "a version that is over when it begins", sql: `SELECT deed('edit'); SELECT shut('A'); ` + anew +
		`SELECT attack.park(), id('A'), seq(), seq() + 1, seq(), 'A', 'available', 1, box(0,0,100,100)`,
		want: "version_begins_now"},
	{name: "a version that ends in the past", sql: `SELECT deed('edit'); UPDATE parcel_version SET to_seq = 1
		WHERE parcel_id = id('A')`, want: "version_closes_once"},
	{name: "a version begun and ended in one record", sql: `SELECT deed('create'), born('X', box(0,200,100,300),
		1); SELECT shut('X')`, want: "parcel_version_check"},
	{name: "an end that is taken back", given: []string{`SELECT deed('retire'); SELECT shut('A')`},
		sql:  `SELECT deed('edit'); UPDATE parcel_version SET to_seq = NULL WHERE parcel_id = id('A')`,
		want: "version_closes_once"},
	{name: "an instant of its own", sql: `SELECT deed('edit'); UPDATE parcel_version
		SET sys = '[2020-01-01,2021-01-01)' WHERE parcel_id = id('A')`, want: "version_closes_once"},
	{name: "what was, changed", sql: `SELECT deed('edit'); UPDATE parcel_version SET geom = box(0,200,100,300)
		WHERE parcel_id = id('A')`, want: "42501"},
	{name: "what was, changed by ON CONFLICT", sql: `SELECT deed('edit'); ` + anew + `SELECT attack.park(), id('A'),
       seq(), NULL, NULL, 'A', 'available', 1, box(0,0,100,100)
		ON CONFLICT (park_id, parcel_id) WHERE to_seq IS NULL DO UPDATE SET legal_m2 = 1`, want: "42501"},
	{name: "what was, changed by MERGE",
		sql: `SELECT deed('edit'); MERGE INTO parcel_version v USING (SELECT id('A') AS x) s ON v.parcel_id = s.x WHEN MATCHED THEN UPDATE SET bank_status = 'reserve'`, want: "42501"},
	{name: "what was, deleted", sql: `SELECT deed('edit'); DELETE FROM parcel_version WHERE parcel_id = id('A')`,
		want: "42501"},
	{name: "everything that was, deleted", sql: `TRUNCATE parcel_version CASCADE`, want: "42501"},
	{name: "an identity deleted", sql: `DELETE FROM parcel WHERE parcel_id = id('A')`, want: "42501"},
	{name: "lineage deleted", sql: `DELETE FROM lineage`, want: "42501"},
	{name: "an event lost", sql: `DELETE FROM event WHERE park_id = attack.park()`, want: "42501"},
	{name: "an event changed", sql: `UPDATE event SET seq = seq + 1 WHERE park_id = attack.park()`, want: "42501"},
	{name: "an event of its own", sql: `INSERT INTO event SELECT park_id, seq + 1, at, record_id, kind
		FROM event WHERE park_id = attack.park()`, want: "42501"},
	{name: "a record of its own", sql: `INSERT INTO record (park_id, seq, record_id, kind, at, reason, via)
		VALUES (attack.park(), 99, gen_random_uuid(), 'edit', now(), 'x', 'x')`, want: "42501"},
	{name: "a record changed", sql: `UPDATE record SET approved_by = NULL WHERE park_id = attack.park()`,
		want: "42501"},
	{name: "two records of one name", sql: `SELECT begin_record(attack.park(),
		(SELECT record_id FROM record WHERE park_id = attack.park()), 'edit', 'x', 'x')`, want: "record_park_id_record_id_key"},
	{name: "the clock put back", sql: `UPDATE park_clock SET at = '2020-01-01' WHERE park_id = attack.park()`,
		want: "42501"},
	{name: "a clock of its own", sql: `INSERT INTO park_clock (park_id, seq) VALUES (attack.park(), 9)`, want: "42501"},
	{name: "the clock held by a row lock", sql: `SELECT * FROM park_clock FOR UPDATE`, want: "42501"},
	{name: "a right's state after a gap", given: []string{`SELECT deed('hold'), hold('h', 'A')`,
		`SELECT deed('take_back'), uncover('h', 'A'), finish('h')`},
		sql:  `SELECT deed('hold'), state('h', 'hold'), cover('h', 'A')`,
		want: "allotment_version_park_id_allotment_id_prev_to_seq_fkey"},
	{name: "a project's revision left out", sql: `INSERT INTO project_version (district_id, project_id, revision,
		name_zh, name_en) SELECT district_id, project_id, 3, 'x', 'x' FROM project JOIN park USING (district_id)
		WHERE park.park_id = attack.park()`,
		want: "revision_follows"},
	{name: "a project's revision written again", sql: `INSERT INTO project_version (district_id, project_id,
		revision, name_zh, name_en, sys) SELECT district_id, project_id, 1, 'x', 'x', '[2020-01-01,2021-01-01)'
		FROM project JOIN park USING (district_id) WHERE park.park_id = attack.park()`,
		want: "revision_follows"},
	{name: "triggers turned off", sql: `ALTER TABLE parcel_version DISABLE TRIGGER ALL`, want: "42501"},
	{name: "triggers turned off for the session", sql: `SET session_replication_role = replica`, want: "42501"},
	{name: "a trigger dropped", sql: `DROP TRIGGER z_settle_record ON park_clock`, want: "42501"},
	{name: "a rule's function replaced", sql: `CREATE OR REPLACE FUNCTION public.refuse(p_rule text,
		p_text text) RETURNS void LANGUAGE sql AS ''`, want: "42501"},
	{name: "a table among ours", sql: `CREATE TABLE public.mine (x int)`, want: "42501"},
	{name: "the owner's role", sql: `SET ROLE luodi`, want: "42501"},
	{name: "the owner's session", sql: `SET SESSION AUTHORIZATION luodi`, want: "42501"},
	{name: "a public row of its own", sql: `UPDATE parcel_public SET code = 'Z'`, want: "42501"},
	{name: "a rewriting of public rows", sql: `SELECT publish_parcels(attack.park(), ARRAY[id('A')])`, want: "42501"},
	{name: "the checking of a record called by hand", sql: `SELECT refuse_overlap(attack.park(), seq())`,
		want: "42501"},
	{name: "a load that skips the log", sql: `COPY parcel_version FROM STDIN (FREEZE)`, want: "55000"},
	{name: "a transaction put aside", sql: `SELECT deed('edit'); PREPARE TRANSACTION 'later'`, want: "55000"},
}
