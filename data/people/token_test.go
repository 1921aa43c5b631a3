package people_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"luodi/data/people"
	"luodi/data/store"
	"luodi/data/store/storetest"
)

func TestATokenActsForItsAccountUntil(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*testing.T, *storetest.DB, people.Token){
		"it expires": func(t *testing.T, db *storetest.DB, _ people.Token) {
			storetest.Alter(t, db,
				`UPDATE token SET created_at = created_at - interval '2 hours', expires_at = clock_timestamp()`)
		},
		"it is revoked": func(t *testing.T, db *storetest.DB, token people.Token) {
			if err := people.Of(db.Store).RevokeToken(t.Context(), token.ID, nil); err != nil {
				t.Error(err)
			}
			if err := people.Of(db.Store).RevokeToken(t.Context(), token.ID, nil); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("revoked twice: %v", err)
			}
		},
		"its account is disabled": func(t *testing.T, db *storetest.DB, _ people.Token) {
			storetest.Alter(t, db, `UPDATE account SET disabled_at = now()`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := storetest.New(t)
			id, _ := member(t, db, "gis")
			token, secret, err := people.Of(db.Store).CreateToken(t.Context(),
				people.TokenOrder{Account: id, Name: "QGIS", Scope: people.ScopeWrite, Unlocked: true, Life: time.Hour})
			if err != nil {
				t.Fatal(err)
			}
			who, err := people.Of(db.Store).WhoseToken(t.Context(), secret)
			if err != nil || who.Account.ID != id || who.Token.ID != token.ID || !who.Token.Unlocked ||
				who.Token.Scope != people.ScopeWrite || who.Session != nil {
				t.Fatalf("got %+v, %v", who, err)
			}
			end(t, db, token)
			if _, err := people.Of(db.Store).WhoseToken(t.Context(), secret); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("after: %v", err)
			}
		})
	}
}

func TestASecretIsKnownByItsFormAndKeptNowhere(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	id, session := member(t, db, "gis")
	_, secret, err := people.Of(db.Store).CreateToken(t.Context(),
		people.TokenOrder{Account: id, Name: "QGIS", Scope: people.ScopeRead, Life: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^luodi_[0-9A-Za-z]{36}$`).MatchString(secret) {
		t.Errorf("secret %q", secret)
	}
	wrong := []string{"", "luodi_", secret[:len(secret)-1], secret + "0", session,
		strings.TrimPrefix(secret, "luodi_"), strings.ToUpper(secret)}
	for i := range secret {
		other := byte('0')
		if secret[i] == other {
			other = '1'
		}
		wrong = append(wrong, secret[:i]+string(other)+secret[i+1:])
	}
	db.Store.Planner.Close() // a malformed secret is told without the database
	for _, text := range wrong {
		if _, err := people.Of(db.Store).WhoseToken(t.Context(), text); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%q: %v", text, err)
		}
	}
	var kept string
	const all = `SELECT string_agg(t::text, ' ') || (SELECT string_agg(s::text, ' ') FROM session s) FROM token t`
	if err := db.Owner.QueryRow(t.Context(), all).Scan(&kept); err != nil || strings.Contains(kept, secret) ||
		strings.Contains(kept, session) {
		t.Errorf("kept: %s, %v", kept, err)
	}
}

func TestATokenIsRefused(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	id, _ := member(t, db, "gis")
	good := people.TokenOrder{Account: id, Name: "QGIS", Scope: people.ScopeWrite, Life: time.Hour}
	for name, spoil := range map[string]func(*people.TokenOrder){
		"without a name":    func(o *people.TokenOrder) { o.Name = " " },
		"of no scope":       func(o *people.TokenOrder) { o.Scope = "admin" },
		"unlocked to read":  func(o *people.TokenOrder) { o.Scope, o.Unlocked = people.ScopeRead, true },
		"that has expired":  func(o *people.TokenOrder) { o.Life = -time.Hour },
		"beyond a year":     func(o *people.TokenOrder) { o.Life = people.MaxTokenLife + time.Second },
		"of nobody":         func(o *people.TokenOrder) { o.Account[15]++ },
		"of a control code": func(o *people.TokenOrder) { o.Name = "a\x1b[2J" },
	} {
		order := good
		spoil(&order)
		if _, _, err := people.Of(db.Store).CreateToken(t.Context(), order); err == nil {
			t.Errorf("%s: made", name)
		}
	}
	storetest.Alter(t, db, `INSERT INTO token (token_id, account_id, name, hash, scope, expires_at)
		SELECT gen_random_uuid(), $1, 'n', sha256(i::text::bytea), 'read', clock_timestamp() + interval '1 hour'
		  FROM generate_series(1, 100) i`, id)
	if _, _, err := people.Of(db.Store).CreateToken(t.Context(), good); err == nil {
		t.Error("the 101st valid token was made")
	}
	storetest.Alter(t, db, `UPDATE account SET disabled_at = now()`)
	storetest.Alter(t, db, `DELETE FROM token`)
	if _, _, err := people.Of(db.Store).CreateToken(t.Context(), good); err == nil {
		t.Error("a disabled account got a token")
	}
}
