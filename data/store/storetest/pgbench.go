package storetest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// pgbenchHold is the bare SQL of a hold: the statements an order of one writes with, and none of those it looks with.
const pgbenchHold = `BEGIN;
SELECT seq, gen_random_uuid() AS holding, (SELECT parcel_id FROM bench_parcel
       WHERE n = (SELECT nextval('bench_next'))) AS parcel
       FROM begin_record('%[1]s', gen_random_uuid(), 'hold', 'bench', 'pgbench', '[]', '%[2]s') \gset
INSERT INTO allotment (park_id, allotment_id, district_id, project_id)
       SELECT park_id, :holding, district_id, '%[3]s' FROM park WHERE park_id = '%[1]s';
INSERT INTO allotment_version (park_id, allotment_id, from_seq, state, expires_at)
       VALUES ('%[1]s', :holding, :seq, 'hold', now() + interval '30 days');
INSERT INTO allotment_parcel (park_id, allotment_id, parcel_id, from_seq) VALUES ('%[1]s', :holding, :parcel, :seq);
COMMIT;
`

// Pgbench holds parcels one after the other by bare SQL.
type Pgbench struct {
	db     *DB
	script string
}

// NewPgbench writes the script that holds these parcels for a project, in the planner's name.
func NewPgbench(t testing.TB, db *DB, park, planner, project uuid.UUID, parcels []uuid.UUID) *Pgbench {
	t.Helper()
	const sql = `CREATE TABLE bench_parcel (n bigint PRIMARY KEY,
		parcel_id uuid); CREATE SEQUENCE bench_next; GRANT
		SELECT ON bench_parcel TO luodi_planner; GRANT USAGE ON bench_next TO luodi_planner`
	if _, err := db.Owner.Exec(context.Background(), sql); err != nil {
		t.Fatal(err)
	}
	const sqlFill = `INSERT INTO bench_parcel SELECT n, id FROM unnest($1::uuid[]) WITH ORDINALITY x (id, n)`
	if _, err := db.Owner.Exec(context.Background(), sqlFill, parcels); err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(t.TempDir(), "hold.sql")
	if err := os.WriteFile(script, fmt.Appendf(nil, pgbenchHold, park, planner, project), 0o600); err != nil {
		t.Fatal(err)
	}
	return &Pgbench{db, script}
}

// Run runs the script so many times with each client and returns transactions a second.
func (p *Pgbench) Run(t testing.TB, clients, times int) float64 {
	t.Helper()
	bin := "/usr/lib/postgresql/15/bin/pgbench"
	if _, err := os.Stat(bin); err != nil {
		t.Skip("pgbench is not here:", err)
	}
	u, err := url.Parse(p.db.Source.URL)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(bin, "-n", "-M", "prepared", "-c", strconv.Itoa(clients), "-j", "2", "-t", strconv.Itoa(times),
		"-f", p.script,
		"-h", u.Query().Get("host"), "-p", u.Query().Get("port"), "-U", "luodi_planner",
		strings.TrimPrefix(u.Path, "/"))
	out, err := cmd.CombinedOutput()
	found := regexp.MustCompile(`tps = ([0-9.]+)`).FindSubmatch(out)
	if err != nil || found == nil || !strings.Contains(string(out),
		fmt.Sprintf("%d/%d", clients*times, clients*times)) {
		t.Fatalf("pgbench: %v\n%s", err, out)
	}
	tps, err := strconv.ParseFloat(string(found[1]), 64)
	if err != nil {
		t.Fatal(err)
	}
	return tps
}
