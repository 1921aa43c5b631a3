package problem

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"luodi/data/store"
	"luodi/message"
)

// machinery is what only the log may hold: SQL, names of constraints, of Go types, and words of the driver.
var machinery = regexp.MustCompile(`violates|constraint|relation "|SQLSTATE|SELECT|INSERT|UPDATE|pgx|pgconn|json:|Go struct|\*?(geo|store|ledger|orb|lot)\.[A-Z]|_check|_fkey|_pkey|_key\b|hunter2`)

// TestNoWordsOfTheDatabaseReachACaller refuses by every constraint of the schema, as the database would, and by every
// sort of error it sends.
func TestNoWordsOfTheDatabaseReachACaller(t *testing.T) {
	t.Parallel()
	schema, err := os.ReadFile("../../data/schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`(?:CONSTRAINT|CREATE UNIQUE INDEX) ([a-z_0-9]+) `)
	var all []error
	for _, match := range named.FindAllStringSubmatch(string(schema), -1) {
		for _, kind := range []string{"unique", "reference", "check", ""} {
			all = append(all, &store.Denial{Rule: match[1], Kind: kind,
				Detail: `new row for relation "parcel" violates check constraint "` + match[1] + `"`})
		}
	}
	if len(all) < 1000 {
		t.Fatalf("only %d constraints read", len(all)/4)
	}
	for _, code := range []string{"22P02", "22003", "23502", "23503", "23505", "23514", "23P01", "25006", "40001",
		"42501", "42P01", "42601", "53100", "57014", "58030", "P0001", "XX000", "XX001"} {
		said := &pgconn.PgError{Code: code, Message: `violates hunter2 of relation "parcel"`, Detail: "SELECT hunter2",
			ConstraintName: "parcel_check", TableName: "parcel"}
		all = append(all, said, fmt.Errorf("make: %w", said), errors.Join(store.ErrInvalid, said))
	}
	all = append(all, pgx.ErrNoRows,
		fmt.Errorf("json: cannot unmarshal into Go struct field data.Order.kind of type geo.Area"))
	for _, err := range all {
		for _, lang := range []message.Lang{message.ZH, message.EN} {
			p := From(err, lang)
			text := strings.Join([]string{p.Title, p.Detail, p.Expected, p.Got, p.Said}, "\n")
			if found := machinery.FindString(text); found != "" {
				t.Errorf("%v in %s: %q in\n%s", err, lang, found, text)
			}
			if p.Detail == "" {
				t.Errorf("%v in %s says nothing", err, lang)
			}
		}
	}
}
