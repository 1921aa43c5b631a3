package people

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
)

// Scope is what a token may be used for, within what its account may do.
type Scope string

// The scopes.
const (
	ScopeRead  Scope = "read"
	ScopeWrite Scope = "write"
)

const (
	tokenPrefix = "luodi_"
	// MaxTokenLife is the longest validity of a token. Older tokens would be forgotten by their owners.
	MaxTokenLife = 366 * 24 * time.Hour
	// maxTokens bounds the live tokens of an account.
	maxTokens = 100
)

// Token lets a program act for an account. Its secret is shown once, when it is made.
type Token struct {
	ID        uuid.UUID  `json:"id" format:"uuid" db:"token_id"`
	Login     string     `json:"login" db:"login"`
	Name      string     `json:"name" db:"name"`
	Scope     Scope      `json:"scope" enum:"read,write" db:"scope"`
	Unlocked  bool       `json:"unlocked" db:"unlocked" doc:"May write without If-Match."`
	AsAdmin   bool       `json:"as_admin" db:"as_admin" doc:"Unlocked only in parks of which its account is admin."`
	CreatedAt time.Time  `json:"created_at" db:"created_at"`
	ExpiresAt time.Time  `json:"expires_at" db:"expires_at"`
	RevokedAt *time.Time `json:"revoked_at,omitempty" db:"revoked_at"`
}

// TokenOrder is a token to make.
type TokenOrder struct {
	Account  uuid.UUID
	Name     string
	Scope    Scope
	Unlocked bool
	AsAdmin  bool // unlocked only in parks of which the account is admin: what an account may give itself
	Life     time.Duration
}

const (
	sqlTokens = `SELECT t.token_id, a.login, t.name, t.scope, t.unlocked, t.as_admin, t.created_at,
		t.expires_at, t.revoked_at FROM token t JOIN account a USING (account_id)`
	sqlTokenList = sqlTokens +
		` WHERE $1::uuid IS NULL OR t.account_id = $1 ORDER BY a.login, t.created_at, t.token_id`
	sqlTokenByID  = sqlTokens + ` WHERE t.token_id = $1`
	sqlLiveTokens = `SELECT count(*) FROM token WHERE account_id = $1 AND revoked_at IS NULL
		AND expires_at > clock_timestamp()`
	sqlMakeToken = `INSERT INTO token (token_id, account_id, name, hash, scope, unlocked, as_admin,
		expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, clock_timestamp() + $8::interval)`
	sqlRevoke = `UPDATE token SET revoked_at = clock_timestamp() WHERE token_id = $1 AND revoked_at IS NULL
		AND ($2::uuid IS NULL OR account_id = $2)`
	sqlWhoseToken = `SELECT ` + sqlAccount + `, t.token_id, t.name AS token, t.scope, t.unlocked, t.as_admin, t.created_at AS made_at, t.expires_at
  FROM token t JOIN account a USING (account_id)
 WHERE t.hash = $1 AND t.revoked_at IS NULL AND t.expires_at > clock_timestamp() AND a.disabled_at IS NULL`
)

func (o TokenOrder) check() (name string, err error) {
	if name, err = ParseName(o.Name); err != nil {
		return "", err
	}
	if o.Scope != ScopeRead && o.Scope != ScopeWrite {
		return "", geo.NewInvalid("scope", "one_of", string(o.Scope), "values", "read, write")
	}
	if o.Unlocked && o.Scope != ScopeWrite {
		return "", geo.NewInvalid("unlocked", "token.unlocked", string(o.Scope))
	}
	if o.Life < time.Minute || o.Life > MaxTokenLife {
		return "", geo.NewInvalid("expires", "token.life", o.Life)
	}
	return name, nil
}

// CreateToken makes a token of a live account and returns it with its secret: luodi_, 30 base-62 digits of chance, 6 of
// a checksum.
func (s People) CreateToken(ctx context.Context, o TokenOrder) (Token, string, error) {
	name, err := o.check()
	if err != nil {
		return Token{}, "", err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Token{}, "", err
	}
	secret := newSecret(tokenPrefix)
	var made Token
	live := func(a Account) error {
		if a.Disabled {
			return geo.NewInvalid("account", "account.enabled", geo.Say("came.disabled"))
		}
		return nil
	}
	err = s.lockedAccount(ctx, o.Account, live, func(tx pgx.Tx) error {
		var n int
		if err := tx.QueryRow(ctx, sqlLiveTokens, o.Account).Scan(&n); err != nil {
			return err
		}
		if n >= maxTokens {
			return geo.NewInvalid("tokens", "token.most", n)
		}
		if _, err := tx.Exec(ctx, sqlMakeToken, id, o.Account, name, hashOf(secret), o.Scope, o.Unlocked, o.AsAdmin,
			o.Life); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, sqlTokenByID, id)
		if err != nil {
			return err
		}
		made, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Token])
		return err
	})
	return made, secret, store.Translate("make a token", err)
}

// Tokens lists the tokens of an account, or of all where it is nil, ended ones too.
func (s People) Tokens(ctx context.Context, of *uuid.UUID) ([]Token, error) {
	rows, err := s.Planner.Query(ctx, sqlTokenList, of)
	if err != nil {
		return nil, store.Translate("list tokens", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Token])
	return all, store.Translate("list tokens", err)
}

// RevokeToken revokes a token; with an account, only a token of that account. It returns a Missing if there is no
// valid token of that id.
func (s People) RevokeToken(ctx context.Context, id uuid.UUID, of *uuid.UUID) error {
	done, err := s.Planner.Exec(ctx, sqlRevoke, id, of)
	if err == nil && done.RowsAffected() == 0 {
		return &store.Missing{Kind: "token", Name: id.String()}
	}
	return store.Translate("revoke a token", err)
}

// WhoseToken finds who a token's secret acts for: ErrNotFound when it is malformed, unknown, expired or revoked, or its
// account is disabled. It is asked at each request, so that revoking takes effect at the next; nothing is written.
func (s People) WhoseToken(ctx context.Context, secret string) (*Who, error) {
	if !wellFormed(tokenPrefix, secret) {
		return nil, store.ErrNotFound
	}
	rows, err := s.Planner.Query(ctx, sqlWhoseToken, hashOf(secret))
	if err != nil {
		return nil, store.Translate("read a token", err)
	}
	found, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[struct {
		Account
		TokenID   uuid.UUID
		Token     string
		Scope     Scope
		Unlocked  bool
		AsAdmin   bool
		MadeAt    time.Time
		ExpiresAt time.Time
	}])
	if err != nil {
		return nil, store.Translate("read a token", err)
	}
	return &Who{Account: found.Account, Token: &Token{
		ID: found.TokenID, Login: found.Login, Name: found.Token, Scope: found.Scope, Unlocked: found.Unlocked,
		AsAdmin: found.AsAdmin, CreatedAt: found.MadeAt, ExpiresAt: found.ExpiresAt,
	}}, nil
}
