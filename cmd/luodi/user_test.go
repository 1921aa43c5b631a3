package main

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"luodi/data/people"
	"luodi/data/store"
	"luodi/data/store/storetest"
)

// exits runs a command on a test's database and fails the test unless it exits with code.
func exits(t *testing.T, db *storetest.DB, want int, args ...string) (stdout, stderr string) {
	t.Helper()
	code, stdout, stderr := luodi(t, append(append([]string{"--lang", "en"}, args...), "--database", db.Source.URL)...)
	if code != want {
		t.Errorf("luodi %s: exit %d, want %d: %s%s", strings.Join(args, " "), code, want, stdout, stderr)
	}
	return stdout, stderr
}

func TestAnAccountIsKeptFromTheCommandLine(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	storetest.Park(t, db, "east")
	out, _ := exits(t, db, 0, "user", "add", "Wang.Li", "--name", "王丽", "--role", "planner", "--park", "east", "--url",
		"https://land.example")
	link := regexp.MustCompile(`(?m)^https://land\.example/#invite=([0-9A-Za-z]{36})$`).FindStringSubmatch(out)
	if link == nil {
		t.Fatalf("no link: %s", out)
	}
	exits(t, db, 1, "user", "add", "wang.li", "--name", "Second")
	exits(t, db, 1, "user", "add", "other", "--name", "Other", "--role", "planner", "--park", "west")
	exits(t, db, 2, "user", "add", "other", "--name", "Other", "--role", "king")
	session, err := people.Of(db.Store).AcceptInvitation(t.Context(), link[1], "", "",
		"$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5a2V5a2U")
	if err != nil {
		t.Fatal(err)
	}
	exits(t, db, 0, "user", "role", "wang.li", "approver")
	exits(t, db, 0, "user", "role", "wang.li", "planner", "--park", "east", "--withdraw")
	if out, _ := exits(t, db, 0, "user",
		"list"); !regexp.MustCompile(`(?m)^wang\.li +王丽 +ready +approver@every park$`).MatchString(out) {
		t.Errorf("the list: %s", out)
	}
	exits(t, db, 0, "user", "disable", "wang.li")
	if _, err := people.Of(db.Store).WhoseSession(t.Context(), session); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the session of the disabled: %v", err)
	}
	exits(t, db, 1, "user", "reset", "wang.li")
	exits(t, db, 0, "user", "enable", "wang.li")
	if out, _ := exits(t, db, 0, "user", "reset", "wang.li"); !strings.Contains(out, "/#invite=") {
		t.Errorf("no link: %s", out)
	}
	exits(t, db, 2, "user", "erase", "wang.li")
	exits(t, db, 0, "user", "erase", "wang.li", "--yes")
	exits(t, db, 1, "user", "enable", "wang.li")
}

func TestATokenIsKeptFromTheCommandLine(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	exits(t, db, 0, "user", "add", "gis", "--name", "GIS", "--role", "viewer")
	secret, about := exits(t, db, 0, "token", "create", "--login", "gis", "--name", "QGIS", "--scope", "write",
		"--unlocked", "--expires", "90d")
	secret = strings.TrimSpace(secret)
	if strings.Contains(about, secret) {
		t.Errorf("the secret stands twice: %s", about)
	}
	who, err := people.Of(db.Store).WhoseToken(t.Context(), secret)
	if err != nil || who.Account.Login != "gis" || !who.Token.Unlocked {
		t.Fatalf("standard output is not the secret alone: %q, %v", secret, err)
	}
	if days := who.Token.ExpiresAt.Sub(who.Token.CreatedAt).Hours() / 24; days < 89.9 || days > 90.1 {
		t.Errorf("valid for %.2f days", days)
	}
	for _, expires := range []string{"90", "d", "-1d", "367d", "0d", "99999d", "forever"} {
		code, out, _ := luodi(t, "token", "create", "--login", "gis", "--name", "n", "--scope", "read",
			"--expires="+expires, "--database", db.Source.URL)
		if code == exitDone || strings.Contains(out, "luodi_") {
			t.Errorf("--expires %s: exit %d, %s", expires, code, out)
		}
	}
	exits(t, db, 1, "token", "create", "--login", "nobody", "--name", "n", "--scope", "read", "--expires", "1d")
	exits(t, db, 1, "token", "list", "--login", "nobody")
	list, _ := exits(t, db, 0, "token", "list", "--login", "gis")
	if strings.Contains(list, secret) ||
		!regexp.MustCompile(`(?m)gis +QGIS +write, unlocked .* valid$`).MatchString(list) {
		t.Errorf("the list: %s", list)
	}
	exits(t, db, 0, "token", "revoke", who.Token.ID.String())
	exits(t, db, 1, "token", "revoke", who.Token.ID.String())
	exits(t, db, 2, "token", "revoke", "not-an-id")
	if _, err := people.Of(db.Store).WhoseToken(t.Context(), secret); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("after: %v", err)
	}
}

// What lay double or astray before the database refused it is listed by migrate and by doctor, which calls it wrong.
func TestGroundThatLaysDoubleIsListed(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	east, west := storetest.Park(t, db, "east"), storetest.Park(t, db, "west")
	storetest.Parcels(t, db, east, storetest.Square{Code: "E", Side: 0.001})
	storetest.Parcels(t, db, west, storetest.Square{Code: "W", Side: 0.001})
	for _, sql := range []string{
		`CREATE TABLE moved AS SELECT geom FROM parcel_version
			WHERE code = 'E'; ALTER TABLE parcel_version DISABLE TRIGGER ALL; UPDATE parcel_version v
			SET geom = m.geom FROM moved m WHERE code = 'W'; ALTER TABLE parcel_version ENABLE TRIGGER ALL`,
		`INSERT INTO double_ground SELECT a.park_id, a.parcel_id, a.from_seq, b.park_id, b.parcel_id, b.from_seq,
			a.geom FROM parcel_version a, parcel_version b WHERE a.park_id < b.park_id`,
		`INSERT INTO stray_ground SELECT park_id, parcel_id, geom FROM parcel_version WHERE code = 'W'`,
	} {
		if _, err := db.Owner.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	for command, want := range map[string]int{"migrate": 0, "doctor": 1} {
		code, out, errs := luodi(t, "--lang", "en", command, "--database", db.Source.URL)
		for _, line := range []string{`parcel [EW] of the park (east|west) and parcel [EW] of the park (east|west) share \d+\.\d{4} m²`, `parcel W of the park west lies with \d+\.\d{4} m² outside its border`} {
			says(t, out, line)
		}
		if code != want {
			t.Errorf("luodi %s: exit %d, want %d: %s%s", command, code, want, out, errs)
		}
	}
}
