package schema

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

var (
	// ErrNewer: the database was migrated by a newer luodi than this one.
	ErrNewer = errors.New("the database is newer than this program")
	// ErrUnknown: what notes the version of the schema says what no luodi writes.
	ErrUnknown = errors.New("the version of the schema is not one that luodi writes")
)

// OlderError: the schema is older than OldestKept. The luodi of OldestKeptAt takes it there.
type OlderError struct {
	Version int
}

func (e *OlderError) Error() string {
	return fmt.Sprintf("the schema is at %d: run the luodi of commit %s first, which takes it to %d", e.Version,
		OldestKeptAt, OldestKept)
}

// State is how far a database is brought and how far this program can take it. 0 is an empty database.
type State struct {
	Current, Target int
	Pending         []string // what is still to do, in order: files of tables, then the rules
	old             bool     // its version is one of before the fold
}

// querier is a connection or a transaction.
type querier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

const (
	sqlNoted = `
SELECT EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = 'schema_version'),
       EXISTS (SELECT FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                WHERE c.relnamespace = 'public'::regnamespace AND c.relname = 'schema_version'
                  AND a.attname = 'rules' AND NOT a.attisdropped)`
	sqlOldVersion = `SELECT version, '' FROM public.schema_version`
	sqlVersion    = `SELECT version, rules FROM public.schema_version`
)

// Read returns the version of the database's schema. It writes nothing and takes only the locks of reads.
func Read(ctx context.Context, db querier) (State, error) {
	files, err := tables()
	if err != nil {
		return State{}, err
	}
	s := State{Target: files[len(files)-1].version}
	var noted, folded bool
	if err := db.QueryRow(ctx, sqlNoted).Scan(&noted, &folded); err != nil {
		return State{}, err
	}
	sum := "" // what is noted of the rules
	if noted {
		sql := sqlOldVersion
		if folded {
			sql = sqlVersion
		}
		err := db.QueryRow(ctx, sql).Scan(&s.Current, &sum)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return State{}, err
		}
	}
	s.old = noted && !folded && s.Current > 0
	if s.old != (s.Current > 0 && s.Current <= maxOld) {
		return s, fmt.Errorf("%w: %d", ErrUnknown, s.Current)
	}
	if err := Known(s.Current); err != nil {
		return s, err
	}
	from := s.Current
	if s.old {
		older, err := before()
		if err != nil {
			return s, err
		}
		for _, f := range older {
			if f.version > from {
				s.Pending = append(s.Pending, f.name)
			}
		}
		from = Baseline
		s.Pending = append(s.Pending, adoption)
	}
	for _, f := range files {
		if f.version > from {
			s.Pending = append(s.Pending, f.name)
		}
	}
	rules, err := newRules(sum)
	if err != nil {
		return s, err
	}
	if sum != rules || len(s.Pending) > 0 { // table files are applied without the rules, so these are made anew
		s.Pending = append(s.Pending, "rules "+rules[:strings.Index(rules, " ")+9])
	}
	return s, nil
}

// maxOld bounds the versions of before the fold: the tables' begin above it.
const maxOld = 100

// adoption is how the step from the old numbers to the new ones is called.
var adoption = fmt.Sprintf("%04d = %04d", LastOld, Baseline)

// newRules returns the note that a database with this program's rules keeps: their edition and their checksum. It
// refuses a database whose note has a newer edition.
func newRules(noted string) (string, error) {
	edition, _, err := Edition()
	if err != nil {
		return "", err
	}
	newest := 0
	if noted != "" {
		if _, err := fmt.Sscanf(noted, "%d ", &newest); err != nil {
			return "", fmt.Errorf("%w: rules %q", ErrUnknown, noted)
		}
	}
	if newest > edition {
		return "", fmt.Errorf("%w: its rules are of edition %d, this program's of %d", ErrNewer, newest, edition)
	}
	return fmt.Sprintf("%d %s", edition, RulesSum()), nil
}

// Known refuses a version from which this program can't go on: a newer one with ErrNewer, one older than OldestKept
// with OlderError.
func Known(version int) error {
	target, err := Target()
	switch {
	case err != nil:
		return err
	case version > 0 && version < OldestKept:
		return &OlderError{version}
	case version > target || version > LastOld && version <= maxOld:
		return fmt.Errorf("%w: it is at %d, this program knows %d", ErrNewer, version, target)
	case version > maxOld && version < Baseline:
		return fmt.Errorf("%w: %d", ErrUnknown, version)
	}
	return nil
}

// migrateLock is the advisory lock under which a database is migrated. Programs of before the fold take the same
// one, through the library tern.
const migrateLock = 9628173550095224

const (
	sqlPath = `SET LOCAL search_path = public`
	sqlLock = `SELECT pg_advisory_xact_lock($1)`
	sqlNote = `
CREATE TABLE IF NOT EXISTS public.schema_version (version int4 NOT NULL);
ALTER TABLE public.schema_version ADD COLUMN IF NOT EXISTS rules text NOT NULL DEFAULT '';
COMMENT ON TABLE public.schema_version IS 'One row: the version of the tables, and edition and sum of the rules in force.';
INSERT INTO public.schema_version (version) SELECT 0 WHERE NOT EXISTS (SELECT FROM public.schema_version)`
	sqlNow = `UPDATE public.schema_version SET version = $1, rules = $2`
	// Pending deferred checks would prevent CREATE TRIGGER.
	sqlChecked  = `SET CONSTRAINTS ALL IMMEDIATE`
	sqlDeferred = `SET CONSTRAINTS ALL DEFERRED`
)

// Migrate brings the database to this program's schema in one transaction, calling applied before each step:
//
//  1. a database of before the fold is taken to LastOld, by migrations that run under the rules of then,
//  2. the rules in force are taken away: triggers, views, functions,
//  3. the table files that the database lacks are applied; no rule fires meanwhile,
//  4. the rules are made anew, the grants among them; functions that tables kept and no file names are taken away.
//
// A current database is only read. Of several programs that start at once, one migrates and the others wait. It needs
// the schema's owner, who may create roles and extensions.
func Migrate(ctx context.Context, conn *pgx.Conn, applied func(name string)) (State, error) {
	s, err := Read(ctx, conn)
	if err != nil || len(s.Pending) == 0 {
		return s, err
	}
	err = pgx.BeginTxFunc(ctx, conn, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sqlPath); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlLock, int64(migrateLock)); err != nil {
			return err
		}
		if s, err = Read(ctx, tx); err != nil || len(s.Pending) == 0 {
			return err
		}
		return migrate(ctx, tx, s, applied)
	})
	if err != nil {
		return s, err
	}
	s.Current, s.Pending, s.old = s.Target, nil, false
	return s, nil
}

func migrate(ctx context.Context, tx pgx.Tx, s State, applied func(name string)) error {
	if applied == nil {
		applied = func(string) {}
	}
	if _, err := tx.Exec(ctx, sqlNote); err != nil {
		return err
	}
	if err := catchUp(ctx, tx, &s, applied); err != nil {
		return err
	}
	// In a transaction within: a row of pg_proc that says it was written by the outer one was written by a file.
	if err := pgx.BeginFunc(ctx, tx, func(tx pgx.Tx) error {
		return run(ctx, tx, sqlDropTriggers, sqlDropViews, sqlDropFunctions)
	}); err != nil {
		return fmt.Errorf("take the rules away: %w", err)
	}
	files, err := tables()
	if err != nil {
		return err
	}
	for _, f := range files {
		if f.version <= s.Current {
			continue
		}
		applied(f.name)
		if _, err := tx.Exec(ctx, f.sql); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	applied(s.Pending[len(s.Pending)-1])
	if _, err := tx.Exec(ctx, sqlChecked); err != nil {
		return err
	}
	for _, f := range rules() {
		if _, err := tx.Exec(ctx, f.sql); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	if err := run(ctx, tx, sqlDropLeft); err != nil {
		return fmt.Errorf("take away what no rule names: %w", err)
	}
	noted, err := newRules("")
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, sqlNow, s.Target, noted)
	return err
}

// catchUp takes a database of before the fold to LastOld, which is the Baseline.
func catchUp(ctx context.Context, tx pgx.Tx, s *State, applied func(name string)) error {
	if !s.old {
		return nil
	}
	files, err := before()
	if err != nil {
		return err
	}
	for _, f := range files {
		if f.version <= s.Current {
			continue
		}
		applied(f.name)
		for _, sql := range []string{f.sql, sqlChecked, sqlDeferred} {
			if _, err := tx.Exec(ctx, sql); err != nil {
				return fmt.Errorf("%s: %w", f.name, err)
			}
		}
	}
	applied(adoption)
	s.Current = Baseline
	return nil
}

// Each gives statements. What belongs to an extension stays. The schema public is luodi's: a function, view or trigger
// that another put there goes too.
const (
	sqlDropTriggers = `
SELECT format('DROP TRIGGER %I ON public.%I', t.tgname, c.relname)
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
 WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal AND t.tgparentid = 0
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
     AND d.deptype = 'e')
 ORDER BY c.relname, t.tgname`
	sqlDropViews = `
SELECT 'DROP VIEW ' || string_agg(format('public.%I', c.relname), ', ')
  FROM pg_class c
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'v'
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
     AND d.deptype = 'e')
HAVING count(*) > 0`
	// A function on which a table depends, by an index, a check or a default, is replaced by its file and not dropped;
	// its rights are set back to those of a new one.
	sqlDropFunctions = `
SELECT CASE WHEN EXISTS (SELECT FROM pg_depend d WHERE d.refclassid = 'pg_proc'::regclass AND d.refobjid = p.oid)
       THEN format('REVOKE ALL ON ROUTINE %1$s FROM ` + PlannerRole + `, ` + PublicRole + `; GRANT EXECUTE ON ROUTINE %1$s TO PUBLIC',
              p.oid::regprocedure)
       ELSE format('DROP ROUTINE %s', p.oid::regprocedure) END
  FROM pg_proc p
 WHERE p.pronamespace = 'public'::regnamespace
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
     AND d.deptype = 'e')
 ORDER BY p.oid DESC`
	// A file that names a function writes its row in the transaction that asks.
	sqlDropLeft = `
SELECT format('DROP ROUTINE %s', p.oid::regprocedure)
  FROM pg_proc p
 WHERE p.pronamespace = 'public'::regnamespace AND p.xmin <> pg_current_xact_id()::xid
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
     AND d.deptype = 'e')
 ORDER BY p.oid DESC`
)

// run runs the statements that each query gives, one query after the other.
func run(ctx context.Context, tx pgx.Tx, queries ...string) error {
	for _, sql := range queries {
		rows, err := tx.Query(ctx, sql)
		if err != nil {
			return err
		}
		statements, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return err
		}
		if len(statements) == 0 {
			continue
		}
		if _, err := tx.Exec(ctx, strings.Join(statements, ";\n")); err != nil {
			return err
		}
	}
	return nil
}

// MakeRoles makes the roles that a dump's grants name, for a server where no database was ever migrated.
func MakeRoles(ctx context.Context, conn *pgx.Conn) error {
	text, err := Text(rolesFile)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, text)
	return err
}
