package people

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
	"luodi/geo/land"
)

// Role is what an account may do in a park. What each allows stands in api/auth and docs/accounts.md.
type Role string

// The roles.
const (
	Viewer   Role = "viewer"
	Planner  Role = "planner"
	Approver Role = "approver"
	Leader   Role = "leader"
	Admin    Role = "admin"
)

// Grant is a role in one park, or in every park where Park is nil. To give or withdraw one, name the park by its code
// alone.
type Grant struct {
	Park   *string    `json:"park" doc:"The park's code; null: every park." nullable:"true"`
	ParkID *uuid.UUID `json:"park_id,omitempty" format:"uuid" readOnly:"true"`
	Role   Role       `json:"role" enum:"viewer,planner,approver,leader,admin"`
}

// Account is someone who may sign in. An erased one keeps its row, because records carry its id.
type Account struct {
	ID        uuid.UUID `json:"id" format:"uuid" db:"account_id"`
	Login     string    `json:"login" db:"login"`
	Name      string    `json:"name" db:"name"`
	Roles     []Grant   `json:"roles" db:"roles"`
	CreatedAt time.Time `json:"created_at" db:"created_at"`
	Disabled  bool      `json:"disabled" db:"disabled"`
	Erased    bool      `json:"erased" db:"erased" doc:"Login and name were removed on the person's wish."`
	Ready     bool      `json:"ready" db:"ready" doc:"A password is set: the one-time link was used."`

	SignedInAt *time.Time `json:"signed_in_at,omitempty" db:"signed_in_at" doc:"When it last signed in; absent: never, or before that was kept."`
	Turned     *Turned    `json:"turned,omitempty" db:"turned" doc:"When it was last disabled or enabled; absent: never, or before that was kept."`
}

// Turned is when an account was disabled or enabled.
type Turned struct {
	Turn   string        `json:"turn" enum:"disabled,enabled"`
	At     time.Time     `json:"at"`
	By     *store.Person `json:"by" doc:"Null: by the command line."`
	Reason string        `json:"reason"`
}

// ErrLoginTaken says that another account has the login. It matches ErrConflict.
var ErrLoginTaken = fmt.Errorf("%w: the login is taken", store.ErrConflict)

const (
	maxName    = 200 // characters, as the schema says
	sqlAccount = `a.account_id, a.login, a.name, a.created_at, a.disabled_at IS NOT NULL AS disabled, a.erased_at IS NOT NULL AS erased, a.password IS NOT NULL AS ready, a.signed_in_at,
       (SELECT jsonb_build_object('turn', t.turn, 'at', t.at, 'reason', t.reason, 'by', (SELECT jsonb_build_object('id', b.account_id,
          'name', b.name) FROM account b WHERE b.account_id = t.by)) FROM account_turn t
            WHERE t.account_id = a.account_id
         ORDER BY t.n DESC LIMIT 1) AS turned,
       coalesce((SELECT jsonb_agg(jsonb_build_object('park', p.code, 'park_id', m.park_id, 'role', m.role)
         ORDER BY p.code NULLS FIRST, m.role)
                   FROM membership m LEFT JOIN park p USING (park_id) WHERE m.account_id = a.account_id), '[]') AS roles`
	sqlAccounts       = `SELECT ` + sqlAccount + ` FROM account a`
	sqlAccountList    = sqlAccounts + ` WHERE NOT a.placeholder ORDER BY a.erased_at IS NOT NULL, a.login`
	sqlAccountByLogin = sqlAccounts + ` WHERE a.login = $1 AND NOT a.placeholder`
	sqlAccountByID    = sqlAccounts + ` WHERE a.account_id = $1 AND NOT a.placeholder`
)

var loginForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._@+-]{0,127}$`)

// ParseLogin normalises a login: lower case, no surrounding spaces. The error never repeats the input, which may be a
// password typed into the wrong field.
func ParseLogin(text string) (string, error) {
	login := strings.ToLower(strings.TrimSpace(text))
	if !loginForm.MatchString(login) {
		return "", geo.NewInvalid("login", "account.login", nil).Withheld("…")
	}
	return login, nil
}

// ParseName brings a name of a person or a token to its normal form.
func ParseName(text string) (string, error) {
	name, err := land.ParseLine("name", text, maxName)
	var invalid *geo.Invalid
	if errors.As(err, &invalid) {
		err = invalid.Withheld("…")
	}
	return name, err
}

// Accounts lists every account by login, erased ones last.
func (s People) Accounts(ctx context.Context) ([]Account, error) {
	rows, err := s.Planner.Query(ctx, sqlAccountList)
	if err != nil {
		return nil, store.Translate("list accounts", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Account])
	return all, store.Translate("list accounts", err)
}

// AccountByLogin gives one account; an error that matches ErrNotFound when there is none.
func (s People) AccountByLogin(ctx context.Context, login string) (Account, error) {
	a, err := account(ctx, s.Planner, sqlAccountByLogin, strings.ToLower(strings.TrimSpace(login)))
	if errors.Is(err, store.ErrNotFound) {
		return a, &store.Missing{Kind: "account", Name: login}
	}
	return a, err
}

// Account gives one account by its id; an error that matches ErrNotFound when there is none.
func (s People) Account(ctx context.Context, id uuid.UUID) (Account, error) {
	return account(ctx, s.Planner, sqlAccountByID, id)
}

func account(ctx context.Context, q store.Querier, sql string, key any) (Account, error) {
	rows, err := q.Query(ctx, sql, key)
	if err != nil {
		return Account{}, store.Translate("read an account", err)
	}
	a, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Account])
	return a, store.Translate("read an account", err)
}

// Credentials is what a sign-in is checked against.
type Credentials struct {
	Account  uuid.UUID `db:"account_id"`
	Password *string   `db:"password"` // a PHC string; nil before the one-time link was used
	Disabled bool      `db:"disabled"`
}

const sqlCredentials = `SELECT account_id, password, disabled_at IS NOT NULL AS disabled FROM account WHERE login = $1`

// CredentialsOf gives the zero value for a login that no account has: the caller does the same work for it.
func (s People) CredentialsOf(ctx context.Context, login string) (Credentials, error) {
	rows, err := s.Planner.Query(ctx, sqlCredentials, strings.ToLower(strings.TrimSpace(login)))
	if err != nil {
		return Credentials{}, store.Translate("read credentials", err)
	}
	c, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Credentials])
	if errors.Is(err, pgx.ErrNoRows) {
		return Credentials{}, nil
	}
	return c, store.Translate("read credentials", err)
}

const (
	sqlReplacePassword = `UPDATE account SET password = $3 WHERE account_id = $1 AND password = $2
		AND disabled_at IS NULL`
	sqlEndSessions = `DELETE FROM session WHERE account_id = $1`
)

// SetPassword replaces a password that was just verified. It ends every session of the account and opens a new one,
// whose secret it returns. Both passwords are PHC strings. It returns ErrRetry if the stored password is no longer
// the verified one.
func (s People) SetPassword(ctx context.Context, id uuid.UUID, verified, next string) (secret string, err error) {
	secret = newSecret("")
	err = pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		done, err := tx.Exec(ctx, sqlReplacePassword, id, verified, next)
		if err != nil {
			return err
		}
		if done.RowsAffected() == 0 {
			return store.ErrRetry
		}
		if _, err := tx.Exec(ctx, sqlEndSessions, id); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, sqlOpenSession, hashOf(secret), id)
		return err
	})
	return secret, store.Translate("set a password", err)
}

// RehashPassword keeps the same password under newer parameters, unless it has changed since. Sessions stay.
func (s People) RehashPassword(ctx context.Context, id uuid.UUID, verified, next string) error {
	_, err := s.Planner.Exec(ctx, sqlReplacePassword, id, verified, next)
	return store.Translate("rehash a password", err)
}
