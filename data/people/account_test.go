package people_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"luodi/data/people"
	"luodi/data/store"
	"luodi/data/store/storetest"
)

// phc stands for the hash of a password: data keeps it and never looks inside.
const phc = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$a2V5"

// member makes an account that has used its link, and returns its id and the secret of its session.
func member(t *testing.T, db *storetest.DB, login string, roles ...people.Grant) (uuid.UUID, string) {
	t.Helper()
	a, link, err := people.Of(db.Store).AddAccount(t.Context(), people.Newcomer{Login: login, Name: "Somebody",
		Roles: roles})
	if err != nil {
		t.Fatal(err)
	}
	session, err := people.Of(db.Store).AcceptInvitation(t.Context(), link.Secret, "", "", phc)
	if err != nil {
		t.Fatal(err)
	}
	return a.ID, session
}

func TestTheFirstLinkMakesOneAdminAndOnlyWhileThereIsNoAccount(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	old, ok, err := people.Of(db.Store).FirstInvitation(t.Context())
	if err != nil || !ok {
		t.Fatalf("no first link: %v", err)
	}
	link, _, err := people.Of(db.Store).FirstInvitation(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = people.Of(db.Store).LookInvitation(t.Context(), old.Secret)
	if !errors.Is(err, people.ErrInvitationReplaced) {
		t.Errorf("the link that was replaced: %v", err)
	}
	if left := time.Until(link.ExpiresAt); left < 23*time.Hour || left > 25*time.Hour {
		t.Errorf("the link holds for %v", left)
	}
	session, err := people.Of(db.Store).AcceptInvitation(t.Context(), link.Secret, " Wang.Li ", "王丽", phc)
	if err != nil {
		t.Fatal(err)
	}
	who, err := people.Of(db.Store).WhoseSession(t.Context(), session)
	if err != nil {
		t.Fatal(err)
	}
	if who.Account.Login != "wang.li" || len(who.Account.Roles) != 1 || who.Account.Roles[0].Role != people.Admin ||
		who.Account.Roles[0].Park != nil {
		t.Errorf("the first account: %+v", who.Account)
	}
	if _, ok, err := people.Of(db.Store).FirstInvitation(t.Context()); ok || err != nil {
		t.Errorf("a first link beside an account: %v, %v", ok, err)
	}
}

func TestAFirstLinkDiesWithAnAccountMadeOtherwise(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	link, _, err := people.Of(db.Store).FirstInvitation(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	member(t, db, "planner")
	if _, err := people.Of(db.Store).AcceptInvitation(t.Context(), link.Secret, "intruder", "Intruder",
		phc); !errors.Is(err,
		people.ErrInvitation) {
		t.Errorf("got %v", err)
	}
	var left int
	if err := db.Owner.QueryRow(t.Context(), `SELECT count(*) FROM invitation`).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d links are left, %v", left, err)
	}
	storetest.Alter(t, db, `DELETE FROM session`)
	storetest.Alter(t, db, `UPDATE account SET disabled_at = now()`)
	if _, ok, err := people.Of(db.Store).FirstInvitation(t.Context()); ok || err != nil {
		t.Errorf("a first link beside a disabled account: %v, %v", ok, err)
	}
}

func TestAFirstLinkThatWasMadeWhileAnAccountWasDoesNothing(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	first, _, err := people.Of(db.Store).FirstInvitation(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	storetest.Alter(t, db, `INSERT INTO account (account_id, login, name) VALUES (gen_random_uuid(), 'earlier', 'E')`)
	if _, err := people.Of(db.Store).AcceptInvitation(t.Context(), first.Secret, "intruder", "Intruder",
		phc); !errors.Is(err,
		people.ErrInvitation) {
		t.Errorf("got %v", err)
	}
	if _, err := people.Of(db.Store).LookInvitation(t.Context(), first.Secret); !errors.Is(err, people.ErrInvitation) {
		t.Errorf("looking at it: %v", err)
	}
}

func TestOfSixteenWhoUseALinkAtOnceOneWins(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	first, _, err := people.Of(db.Store).FirstInvitation(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	race(t, db, first.Secret)
	_, link, err := people.Of(db.Store).AddAccount(t.Context(), people.Newcomer{Login: "planner", Name: "P"})
	if err != nil {
		t.Fatal(err)
	}
	race(t, db, link.Secret)
}

func race(t *testing.T, db *storetest.DB, secret string) {
	t.Helper()
	const racers = 16
	errs := make([]error, racers)
	start := make(chan struct{})
	var group sync.WaitGroup
	for i := range racers {
		group.Go(func() {
			<-start
			_, errs[i] = people.Of(db.Store).AcceptInvitation(t.Context(), secret, fmt.Sprintf("racer%d", i), "Racer",
				phc)
		})
	}
	close(start)
	group.Wait()
	won := 0
	for _, err := range errs {
		switch {
		case err == nil:
			won++
		case !errors.Is(err, people.ErrInvitation):
			t.Errorf("a loser got %v", err)
		}
	}
	if won != 1 {
		t.Errorf("%d of %d used one link", won, racers)
	}
}

func TestALinkThatWorksNoLongerTellsWhy(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	p := people.Of(db.Store)
	why := func(secret string, want error) {
		t.Helper()
		if _, err := p.LookInvitation(t.Context(), secret); !errors.Is(err, want) || !errors.Is(err,
			people.ErrInvitation) {
			t.Errorf("looking: got %v, want %v", err, want)
		}
		if _, err := p.AcceptInvitation(t.Context(), secret, "", "", phc); !errors.Is(err, want) {
			t.Errorf("using: got %v, want %v", err, want)
		}
	}
	a, first, err := p.AddAccount(t.Context(), people.Newcomer{Login: "forgetful", Name: "F"})
	if err != nil {
		t.Fatal(err)
	}
	second, err := p.Invite(t.Context(), a.ID, nil)
	if err != nil {
		t.Fatal(err)
	}
	why(first.Secret, people.ErrInvitationReplaced)
	if _, err := p.AcceptInvitation(t.Context(), second.Secret, "", "", phc); err != nil {
		t.Fatal(err)
	}
	why(second.Secret, people.ErrInvitationUsed)
	third, err := p.Invite(t.Context(), a.ID, nil)
	if err != nil {
		t.Fatal(err)
	}
	storetest.Alter(t, db, `UPDATE invitation SET expires_at = clock_timestamp()`)
	why(third.Secret, people.ErrInvitationEnded)

	never := first.Secret[1:] + first.Secret[:1]
	for _, unknown := range []string{never, "", "none"} {
		if _, err := p.LookInvitation(t.Context(), unknown); err != people.ErrInvitation {
			t.Errorf("a link that was never made: %v", err)
		}
	}
	storetest.Alter(t, db, `UPDATE spent_invitation SET at = at - interval '91 days'`)
	if _, err := p.Invite(t.Context(), a.ID, nil); err != nil {
		t.Fatal(err)
	}
	why(third.Secret, people.ErrInvitationReplaced)
	if _, err := p.LookInvitation(t.Context(), second.Secret); err != people.ErrInvitation {
		t.Errorf("after 91 days: %v", err)
	}
}

func TestALinkEndsAfterADayAndWithItsAccount(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	a, link, err := people.Of(db.Store).AddAccount(t.Context(), people.Newcomer{Login: "late", Name: "L"})
	if err != nil {
		t.Fatal(err)
	}
	storetest.Alter(t, db, `UPDATE invitation SET expires_at = clock_timestamp()`)
	if _, err := people.Of(db.Store).AcceptInvitation(t.Context(), link.Secret, "", "", phc); !errors.Is(err,
		people.ErrInvitation) {
		t.Errorf("a link that has ended: %v", err)
	}
	if link, err = people.Of(db.Store).Invite(t.Context(), a.ID, nil); err != nil {
		t.Fatal(err)
	}
	storetest.Alter(t, db, `UPDATE account SET disabled_at = now()`)
	if _, err := people.Of(db.Store).AcceptInvitation(t.Context(), link.Secret, "", "", phc); !errors.Is(err,
		people.ErrInvitation) {
		t.Errorf("a disabled account's link: %v", err)
	}
	if _, err := people.Of(db.Store).Invite(t.Context(), a.ID, nil); err == nil {
		t.Error("a disabled account was invited")
	}
}

func TestASessionEndsBy(t *testing.T) {
	t.Parallel()
	yes := true
	for name, end := range map[string]func(*testing.T, *storetest.DB, uuid.UUID){
		"12 idle hours": func(t *testing.T, db *storetest.DB, _ uuid.UUID) {
			storetest.Alter(t, db, `UPDATE session SET seen_at = seen_at - interval '12 hours'`)
		},
		"seven days": func(t *testing.T, db *storetest.DB, _ uuid.UUID) {
			storetest.Alter(t, db, `UPDATE session SET created_at = created_at - interval '7 days'`)
		},
		"another's word": func(t *testing.T, db *storetest.DB, id uuid.UUID) {
			storetest.Alter(t, db, `UPDATE account SET disabled_at = now()`)
		},
		"disabling": func(t *testing.T, db *storetest.DB, id uuid.UUID) {
			if _, err := people.Of(db.Store).ChangeAccount(t.Context(), id, nil,
				people.AccountChange{Disabled: &yes, Reason: "r"}); err != nil {
				t.Error(err)
			}
			no := false
			if _, err := people.Of(db.Store).ChangeAccount(t.Context(), id, nil,
				people.AccountChange{Disabled: &no, Reason: "r"}); err != nil {
				t.Error(err)
			}
		},
		"a new password": func(t *testing.T, db *storetest.DB, id uuid.UUID) {
			if _, err := people.Of(db.Store).SetPassword(t.Context(), id, phc, phc+"x"); err != nil {
				t.Error(err)
			}
		},
		"a used link": func(t *testing.T, db *storetest.DB, id uuid.UUID) {
			link, err := people.Of(db.Store).Invite(t.Context(), id, nil)
			if err == nil {
				_, err = people.Of(db.Store).AcceptInvitation(t.Context(), link.Secret, "", "", phc+"x")
			}
			if err != nil {
				t.Error(err)
			}
		},
		"erasure": func(t *testing.T, db *storetest.DB, id uuid.UUID) {
			if err := people.Of(db.Store).EraseAccount(t.Context(), id); err != nil {
				t.Error(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := storetest.New(t)
			id, session := member(t, db, "planner")
			if _, err := people.Of(db.Store).WhoseSession(t.Context(), session); err != nil {
				t.Fatalf("before: %v", err)
			}
			end(t, db, id)
			if _, err := people.Of(db.Store).WhoseSession(t.Context(), session); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("after: %v", err)
			}
		})
	}
}

func TestASessionIsWrittenSeldomAndSweptWhenItHasEnded(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	id, session := member(t, db, "planner")
	seen := func() (at time.Time) {
		if err := db.Owner.QueryRow(t.Context(), `SELECT seen_at FROM session`).Scan(&at); err != nil {
			t.Fatal(err)
		}
		return at
	}
	before := seen()
	if _, err := people.Of(db.Store).WhoseSession(t.Context(), session); err != nil || !seen().Equal(before) {
		t.Errorf("a read wrote, or failed: %v", err)
	}
	storetest.Alter(t, db, `UPDATE session SET seen_at = seen_at - interval '6 minutes'`)
	if _, err := people.Of(db.Store).WhoseSession(t.Context(), session); err != nil || seen().Before(before) {
		t.Errorf("a session in use was not touched: %v", err)
	}
	storetest.Alter(t, db, `UPDATE session SET seen_at = seen_at - interval '13 hours'`)
	if _, err := people.Of(db.Store).OpenSession(t.Context(), id, phc); err != nil {
		t.Fatal(err)
	}
	var left int
	if err := db.Owner.QueryRow(t.Context(), `SELECT count(*) FROM session`).Scan(&left); err != nil || left != 1 {
		t.Errorf("%d sessions are kept, want the new one: %v", left, err)
	}
}

func TestSigningInLosesToAPasswordChangedMeanwhile(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	id, _ := member(t, db, "planner")
	tx, err := db.Planner.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(context.Background()) }()
	if _, err := tx.Exec(t.Context(), `UPDATE account SET password = $2 WHERE account_id = $1`, id,
		phc+"x"); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := people.Of(db.Store).OpenSession(t.Context(), id, phc)
		done <- err
	}()
	waits := `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
	for n := 0; n == 0; {
		if err := db.Owner.QueryRow(t.Context(), waits).Scan(&n); err != nil {
			t.Fatal(err)
		}
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-done; !errors.Is(err, store.ErrRetry) {
		t.Errorf("got %v", err)
	}
}

func TestErasingRemovesThePersonAndKeepsTheRow(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	id, _ := member(t, db, "zhang.wei", people.Grant{Role: people.Planner})
	_, secret, err := people.Of(db.Store).CreateToken(t.Context(),
		people.TokenOrder{Account: id, Name: "Zhang Wei's laptop", Scope: people.ScopeWrite, Life: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	if err := people.Of(db.Store).EraseAccount(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if _, err := people.Of(db.Store).WhoseToken(t.Context(), secret); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the token: %v", err)
	}
	var text string
	const all = `SELECT (SELECT string_agg(a::text, ' ') FROM account a) || (SELECT string_agg(t::text, ' ')
		FROM token t) || (SELECT count(*) FROM membership) || (SELECT count(*) FROM session)`
	if err := db.Owner.QueryRow(t.Context(), all).Scan(&text); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(strings.ToLower(text), "zhang") || strings.Contains(text, "argon") ||
		strings.Contains(text, "Somebody") || !strings.Contains(text, id.String()) {
		t.Errorf("what is left: %s", text)
	}
	no := false
	if _, err := people.Of(db.Store).ChangeAccount(t.Context(), id, nil,
		people.AccountChange{Disabled: &no, Reason: "r"}); !errors.Is(err,
		store.ErrNotFound) {
		t.Errorf("an erased account was brought back: %v", err)
	}
}

func TestRolesAreGivenByParkAndTwiceIsOnce(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	park, code, unknown := storetest.Park(t, db, "east"), "east", "west"
	id, session := member(t, db, "planner", people.Grant{Park: &code, Role: people.Planner})
	change := people.AccountChange{Grant: []people.Grant{{Park: &code, Role: people.Planner},
		{Park: &code, Role: people.Approver}, {Role: people.Viewer}, {Role: people.Viewer}}}
	if _, err := people.Of(db.Store).ChangeAccount(t.Context(), id, nil, change); err != nil {
		t.Fatal(err)
	}
	who, err := people.Of(db.Store).WhoseSession(t.Context(), session)
	if err != nil {
		t.Fatal(err)
	}
	if len(who.Account.Roles) != 3 || who.Account.Roles[0].Park != nil || *who.Account.Roles[1].ParkID != park {
		t.Errorf("roles %+v", who.Account.Roles)
	}
	if _, err := people.Of(db.Store).ChangeAccount(t.Context(), id, nil,
		people.AccountChange{Grant: []people.Grant{{Park: &unknown, Role: people.Viewer}}}); !errors.Is(err,
		store.ErrNotFound) {
		t.Errorf("a role in a park that does not exist: %v", err)
	}
	withdrawn, err := people.Of(db.Store).ChangeAccount(t.Context(), id, nil,
		people.AccountChange{Withdraw: []people.Grant{{Park: &code, Role: people.Planner}, {Role: people.Viewer}}})
	if err != nil || len(withdrawn.Roles) != 1 || withdrawn.Roles[0].Role != people.Approver {
		t.Errorf("roles %+v, %v", withdrawn.Roles, err)
	}
}

func TestALoginIsOneAccounts(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	member(t, db, "planner")
	if _, _, err := people.Of(db.Store).AddAccount(t.Context(), people.Newcomer{Login: "PLANNER",
		Name: "Second"}); !errors.Is(err,
		people.ErrLoginTaken) {
		t.Errorf("got %v", err)
	}
	for _, login := range []string{"", " ", "a b", "-a", "王丽", strings.Repeat("a", 129), "a\x00"} {
		if _, _, err := people.Of(db.Store).AddAccount(t.Context(), people.Newcomer{Login: login,
			Name: "N"}); err == nil ||
			strings.TrimSpace(login) != "" && strings.Contains(err.Error(), login) {
			t.Errorf("login %q: %v", login, err)
		}
	}
}

func TestThePublicRoleSeesNothingOfAccounts(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	for _, table := range []string{"account", "membership", "session", "token", "invitation"} {
		if _, err := db.Public.Exec(t.Context(), `SELECT count(*) FROM `+table); err == nil ||
			!strings.Contains(err.Error(), "42501") {
			t.Errorf("%s: %v", table, err)
		}
	}
}

// TestAnAdminStays: of two admins who are taken away at once, 32 times over, one stays; disabled, demoted or erased.
func TestAnAdminStays(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	s := people.Of(db.Store)
	ctx := t.Context()
	admin := people.Grant{Role: people.Admin}
	var pair [2]uuid.UUID
	for i := range pair {
		a, link, err := s.AddAccount(ctx, people.Newcomer{Login: fmt.Sprint("admin", i), Name: "A",
			Roles: []people.Grant{admin}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.AcceptInvitation(ctx, link.Secret, "", "",
			"$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$a2V5"); err != nil {
			t.Fatal(err)
		}
		pair[i] = a.ID
	}
	yes, no := true, false
	ways := []people.AccountChange{{Disabled: &yes, Reason: "r"}, {Withdraw: []people.Grant{admin}}}
	for round := range 32 {
		var group sync.WaitGroup
		errs := [2]error{}
		for i, id := range pair {
			group.Go(func() { _, errs[i] = s.ChangeAccount(ctx, id, nil, ways[(round+i)%2]) })
		}
		group.Wait()
		lost := 0
		for _, err := range errs {
			var denial *store.Denial
			if errors.As(err, &denial) && denial.Rule == "an_admin_stays" {
				lost++
			} else if err != nil && !errors.Is(err, store.ErrRetry) {
				t.Fatal(err)
			}
		}
		if lost != 1 {
			t.Fatalf("round %d: %v", round, errs)
		}
		for _, id := range pair {
			back := people.AccountChange{Disabled: &no, Reason: "r", Grant: []people.Grant{admin}}
			if _, err := s.ChangeAccount(ctx, id, nil, back); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := s.EraseAccount(ctx, pair[0]); err != nil {
		t.Fatal(err)
	}
	var denial *store.Denial
	if err := s.EraseAccount(ctx, pair[1]); !errors.As(err, &denial) || denial.Rule != "an_admin_stays" {
		t.Errorf("%v", err)
	}
}
