package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"luodi/data/people"
	"luodi/data/store"
)

type tokenCmd struct {
	Create tokenCreateCmd `cmd:"" help:"Make an API token and print its secret once."`
	List   tokenListCmd   `cmd:"" help:"List API tokens."`
	Revoke tokenRevokeCmd `cmd:"" help:"End an API token at once."`
}

type tokenCreateCmd struct {
	database
	Login    string       `help:"Whom the token acts for." required:""`
	Name     string       `help:"What it is for, such as QGIS at the front desk." required:""`
	Scope    people.Scope `help:"read or write." enum:"read,write" required:""`
	Expires  string       `help:"How long it is valid: 90d, 12h; at most 366d." required:""`
	Unlocked bool         `help:"It may write without If-Match, for programs that can't send it; the record says so."`
}

// Run makes a token. The secret stands on a line of its own, the last.
func (c tokenCreateCmd) Run(ctx context.Context, e *env) error {
	life, err := parseLife(c.Expires)
	if err != nil {
		return usageError{errors.New(e.text("cli.token.expires"))}
	}
	who := ofUser{database: c.database, Login: c.Login}
	return who.withUser(ctx, e, func(store *store.Store, a people.Account) error {
		order := people.TokenOrder{Account: a.ID, Name: c.Name, Scope: c.Scope, Unlocked: c.Unlocked, Life: life}
		made, secret, err := people.Of(store).CreateToken(ctx, order)
		if err != nil {
			return err
		}
		e.note("cli.token.made", "name", made.Name, "scope", made.Scope, "until", localTime(made.ExpiresAt))
		_, _ = fmt.Fprintln(e.stdout, secret)
		return nil
	})
}

// parseLife reads days, as 90d, or a duration of Go, as 12h.
func parseLife(text string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 16)
		return time.Duration(n) * 24 * time.Hour, err
	}
	return time.ParseDuration(text)
}

type tokenListCmd struct {
	database
	Login string `help:"Only those of this account."`
}

// Run lists tokens.
func (c tokenListCmd) Run(ctx context.Context, e *env) error {
	return e.withStore(ctx, c.database, func(store *store.Store) error {
		var of *uuid.UUID
		if c.Login != "" {
			a, err := people.Of(store).AccountByLogin(ctx, c.Login)
			if err != nil {
				return err
			}
			of = &a.ID
		}
		all, err := people.Of(store).Tokens(ctx, of)
		if err != nil {
			return err
		}
		return e.table("cli.token.head", len(all), func(w io.Writer, i int) {
			t := all[i]
			scope := string(t.Scope)
			if t.Unlocked {
				scope += ", unlocked"
			}
			_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", t.ID, t.Login, t.Name, scope, localTime(t.ExpiresAt),
				e.tokenState(t))
		})
	})
}

func (e *env) tokenState(t people.Token) string {
	switch {
	case t.RevokedAt != nil:
		return e.text("cli.token.revoked")
	case !t.ExpiresAt.After(time.Now()):
		return e.text("cli.token.expired")
	}
	return e.text("cli.token.valid")
}

type tokenRevokeCmd struct {
	database
	ID uuid.UUID `arg:"" help:"The token's id, as luodi token list prints it."`
}

// Run ends a token.
func (c tokenRevokeCmd) Run(ctx context.Context, e *env) error {
	return e.withStore(ctx, c.database, func(store *store.Store) error {
		err := people.Of(store).RevokeToken(ctx, c.ID, nil)
		if err == nil {
			e.say("cli.token.was_revoked", "id", c.ID)
		}
		return err
	})
}
