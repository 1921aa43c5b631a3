package ledger_test

import (
	"strings"
	"testing"

	"luodi/data/store/storetest"
)

func TestNoPaperIsWhatItIsNotByWritingSQL(t *testing.T) {
	t.Parallel()
	refuse(t, paperWrongs)
}

const (
	pdf     = `convert_to('%PDF-1.7 %%EOF', 'UTF8')`
	png     = `decode('89504e470d0a1a0a', 'hex')`
	keepPDF = `INSERT INTO file (park_id, hash, media_type, bytes) VALUES (attack.park(), sha256(` + pdf + `),
		'application/pdf', ` + pdf + `)`
	// put is a paper of a parcel: put it in front of kind and title
	put = `INSERT INTO paper_version (park_id, paper_id, parcel_id, from_seq, hash, kind, title_zh) `
	one = put + `VALUES (attack.park(), id('p'), id('A'), seq(), sha256(` + pdf + `), 'document', '甲')`
	end = `UPDATE paper_version SET to_seq = seq() WHERE park_id = attack.park() AND to_seq IS NULL`
	// again begins the paper's next version of another parcel or file
	again = `SELECT deed('paper'); ` + end + `; INSERT INTO paper_version (park_id, paper_id, parcel_id, from_seq, prev_to_seq,
		hash, kind, title_zh) VALUES (attack.park(), id('p'), $parcel, seq(), seq(), $hash, $kind, '甲')`
	kept    = `SELECT deed('paper'); ` + keepPDF + `; ` + one
	keepPNG = `INSERT INTO file (park_id, hash, media_type, bytes, width, height) VALUES (attack.park(), sha256(` + png + `),
		'image/png', ` + png + `, 1, 1)`
)

func repapered(parcel, hash, kind string) string {
	return strings.NewReplacer("$parcel", parcel, "$hash", hash, "$kind", kind).Replace(again)
}

// twenty are as many papers as a parcel may have, on one file.
const twenty = `SELECT deed('paper'); ` + keepPDF + `; ` + put + `SELECT attack.park(), id('p' || n), id('A'), seq(),
	sha256(` + pdf + `), 'document', '甲' FROM generate_series(1, 20) n`

var paperWrongs = []wrong{
	{name: "a file under another's hash", sql: `INSERT INTO file (park_id, hash, media_type, bytes) VALUES (attack.park(),
		sha256('x'), 'application/pdf', ` + pdf + `)`, want: "file_is_its_content"},
	{name: "a page called a PDF", sql: `INSERT INTO file (park_id, hash, media_type, bytes) VALUES (attack.park(),
		sha256('<script>'), 'application/pdf', '<script>')`, want: "file_is_its_type"},
	{name: "a page called what it is", sql: `INSERT INTO file (park_id, hash, media_type, bytes, width, height) VALUES
		(attack.park(), sha256('<script>'), 'text/html', '<script>', 1, 1)`, want: "file_is_its_type"},
	{name: "a file above 8 MiB", sql: `INSERT INTO file (park_id, hash, media_type, bytes) SELECT attack.park(), sha256(b),
		'application/pdf', b FROM convert_to('%PDF-' || repeat('a', 8388604), 'UTF8') b`, want: "file_is_small"},
	{name: "a picture of no size", sql: `INSERT INTO file (park_id, hash, media_type, bytes) VALUES (attack.park(),
		sha256(` + png + `), 'image/png', ` + png + `)`, want: "file_has_its_sides"},
	{name: "bytes that change", given: []string{kept}, sql: `UPDATE file SET bytes = ` + png, want: "42501"},
	{name: "bytes that go", given: []string{kept}, sql: `DELETE FROM file`, want: "42501"},
	{name: "a paper without a record", given: []string{`SELECT deed('paper'); ` + keepPDF}, sql: one,
		want: "version_has_record"},
	{name: "a paper of a file that isn't there", sql: `SELECT deed('paper'); ` + one,
		want: "paper_version_park_id_hash_fkey"},
	{name: "a paper of another park's parcel", given: []string{`SELECT deed('paper'); ` + keepPDF},
		sql: `SELECT deed('paper'); ` +
			put + `VALUES (attack.park(), id('p'), md5('elsewhere')::uuid, seq(), sha256(` + pdf + `), 'document', '甲')`,
		want: "paper_of_live_parcel"},
	{name: "a paper without a title", given: []string{`SELECT deed('paper'); ` + keepPDF},
		sql: `SELECT deed('paper'); ` +
			put + `VALUES (attack.park(), id('p'), id('A'), seq(), sha256(` + pdf + `), 'document', NULL)`,
		want: "paper_has_a_title"},
	{name: "a photo that is a PDF", given: []string{`SELECT deed('paper'); ` + keepPDF},
		sql: `SELECT deed('paper'); ` + put +
			`VALUES (attack.park(), id('p'), id('A'), seq(), sha256(` + pdf + `), 'photo', '甲')`,
		want: "photo_is_a_picture"},
	{name: "a twenty-first paper", given: []string{twenty}, sql: `SELECT deed('paper'); ` + one,
		want: "papers_are_few"},
	{name: "twenty-one papers at once", given: []string{`SELECT deed('paper'); ` + keepPDF},
		sql:  `SELECT deed('paper'); ` + strings.ReplaceAll(strings.SplitN(twenty, "; ", 3)[2], "20", "21"),
		want: "papers_are_few"},
	{name: "a paper that becomes another parcel's", given: []string{kept},
		sql: repapered(`id('B')`, `sha256(`+pdf+`)`, `'document'`), want: "paper_stays_what_it_is"},
	{name: "a paper that becomes another file", given: []string{kept, `SELECT deed('paper'); ` + keepPNG},
		sql: repapered(`id('A')`, `sha256(`+png+`)`, `'document'`), want: "paper_stays_what_it_is"},
	{name: "a paper that comes back", given: []string{kept, `SELECT deed('paper'); ` + end},
		sql: `SELECT deed('paper'); ` + one, want: "paper_version_first"},
	{name: "a paper that was never what it is", given: []string{kept}, sql: `UPDATE paper_version SET title_zh = '乙'`,
		want: "42501"},
	{name: "a paper told to the public by hand", given: []string{kept}, sql: `INSERT INTO paper_public SELECT park_id, paper_id,
		parcel_id, now(), hash, 'application/pdf', 1, NULL, NULL, kind, title_zh FROM paper_version`, want: "42501"},
}

// papered is secretGround with three papers, of which one is public and of a public parcel.
func papered(t *testing.T, rule string) *storetest.DB {
	t.Helper()
	db := secretGround(t)
	if _, err := db.Owner.Exec(t.Context(), rule); err != nil {
		t.Fatal(err)
	}
	change(t, db, `CREATE TEMP TABLE f (n, parcel, publication) AS VALUES ('OPEN-TOLD', 'OPEN', 'public'),
		('OPEN-SECRET', 'OPEN', 'internal'), ('HID-SECRET', 'SECRET', 'public');
		CREATE TEMP TABLE b AS SELECT *, convert_to('%PDF-' || n || '%%EOF', 'UTF8') AS bytes FROM f;
		INSERT INTO file (park_id, hash, media_type, bytes) SELECT k.park_id, sha256(bytes), 'application/pdf', bytes FROM b, park k;
		INSERT INTO paper_version (park_id, paper_id, parcel_id, from_seq, hash, kind, title_zh, publication)
		SELECT v.park_id, gen_random_uuid(), v.parcel_id, c.seq, sha256(bytes), 'document', n, b.publication
		  FROM b JOIN parcel_version v ON v.code = b.parcel AND v.to_seq IS NULL JOIN park_clock c USING (park_id);
		DROP TABLE f, b`)
	return db
}

// TestOnlyToldPapersAreThePublics: the public's role reads the paper that is public and of a public parcel, and no byte
// of the others. With a right granted back, or without the trigger that withdraws, it reads more.
func TestOnlyToldPapersAreThePublics(t *testing.T) {
	t.Parallel()
	const told = "OPEN-TOLD %PDF-OPEN-TOLD%%EOF"
	const withhold = `UPDATE paper_version SET to_seq = (SELECT seq FROM park_clock) WHERE to_seq IS NULL AND title_zh = 'OPEN-TOLD'`
	read := func(db *storetest.DB, when, want string) {
		t.Helper()
		code, said := prying(t, db, `SELECT title_zh || ' ' || encode(bytes, 'escape') FROM paper_public
			FULL JOIN file_public USING (park_id, paper_id)`)
		if code != storetest.Taken || strings.TrimSpace(said) != want {
			t.Errorf("%s the public reads %s %q, wanted %q", when, code, said, want)
		}
	}
	db := papered(t, "")
	read(db, "first", told)
	for _, sql := range []string{`TABLE file`, `TABLE paper_version`, `SELECT hash FROM file`,
		`UPDATE paper_public SET title_zh = ''`, `SELECT * FROM file_public WHERE 1 / (octet_length(bytes) - 20) > 5`} {
		if code, said := prying(t, db, sql); code != "42501" && code != storetest.Taken ||
			strings.Contains(said, "SECRET") {
			t.Errorf("%s: %s %s", sql, code, said)
		}
	}
	for grant, sql := range map[string]string{`GRANT SELECT ON file TO luodi_public`: `SELECT encode(bytes, 'escape') FROM file`,
		`GRANT SELECT ON paper_version TO luodi_public`: `TABLE paper_version`} {
		if _, err := db.Owner.Exec(t.Context(), grant); err != nil {
			t.Fatal(err)
		}
		if code, said := prying(t, db, sql); code != storetest.Taken || !strings.Contains(said, "OPEN-SECRET") {
			t.Errorf("%s: %s %s", grant, code, said)
		}
	}
	change(t, db, republished("internal"))
	read(db, "of a withdrawn parcel", "")
	change(t, db, republished("public"))
	read(db, "of the parcel that is public again", told)
	change(t, db, withhold)
	read(db, "of a paper that is withheld", "")

	db = papered(t, `DROP TRIGGER publish_updated ON paper_version`)
	change(t, db, withhold)
	read(db, "without the trigger of papers,", told)
	db = papered(t, "")
	if _, err := db.Owner.Exec(t.Context(), `CREATE OR REPLACE FUNCTION publish_papers(p_park uuid, p_parcels uuid[])
		RETURNS void LANGUAGE sql AS ''`); err != nil {
		t.Fatal(err)
	}
	change(t, db, republished("internal"))
	read(db, "without the rule that papers go with their parcel,", told)
}

// republished begins the open parcel's next version with another publication.
func republished(publication string) string {
	return `UPDATE parcel_version SET to_seq = (SELECT seq FROM park_clock) WHERE code = 'OPEN' AND to_seq IS NULL;
		INSERT INTO parcel_version (park_id, parcel_id, from_seq, prev_to_seq, code, bank_status, legal_m2, publication, geom)
		SELECT v.park_id, v.parcel_id, c.seq, c.seq, v.code, v.bank_status, v.legal_m2, '` + publication + `', v.geom
		  FROM parcel_version v JOIN park_clock c ON (c.park_id, c.seq) = (v.park_id, v.to_seq) WHERE v.code = 'OPEN'`
}

// change carries out a script in a record.
func change(t *testing.T, db *storetest.DB, sql string) {
	t.Helper()
	if _, err := db.Owner.Exec(t.Context(),
		`SELECT begin_record(park_id, gen_random_uuid(), 'paper', 'r', 't') FROM park;`+
			sql); err != nil {
		t.Fatal(err)
	}
}
