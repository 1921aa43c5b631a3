package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"text/tabwriter"
	"time"

	"luodi/api/auth"
	"luodi/api/problem"
	"luodi/data/people"
	"luodi/data/store"
	"luodi/geo"
)

type userCmd struct {
	Add     userAddCmd     `cmd:"" help:"Make an account and print its one-time link."`
	List    userListCmd    `cmd:"" help:"List accounts and their roles."`
	Disable userDisableCmd `cmd:"" help:"Let an account sign in no more; its sessions and tokens stop at once."`
	Enable  userEnableCmd  `cmd:"" help:"Let a disabled account sign in again."`
	Role    userRoleCmd    `cmd:"" help:"Grant a role, or withdraw one."`
	Reset   userResetCmd   `cmd:"" help:"Print a one-time link to set a new password."`
	Erase   userEraseCmd   `cmd:"" help:"Erase a person's login, name, password and roles for good."`
}

// ofUser names an account of the database.
type ofUser struct {
	database
	Login string `arg:"" help:"The account's login."`
}

// linked is where a one-time link leads.
type linked struct {
	URL string `help:"Address of the server, for the link." default:"http://127.0.0.1:8080/" env:"LUODI_URL" name:"url"`
}

// say prints the link on a line of its own.
func (l linked) say(e *env, login string, made people.Invitation) {
	e.say("cli.user.link", "login", login, "until", localTime(made.ExpiresAt))
	_, _ = fmt.Fprintln(e.stdout, strings.TrimRight(l.URL, "/")+"/"+auth.Fragment(made))
}

func localTime(t time.Time) string { return t.Local().Format("2006-01-02 15:04 -07:00") }

// withStore opens the database, runs do, and prints a refusal in the user's language.
func (e *env) withStore(ctx context.Context, d database, do func(*store.Store) error) error {
	log := slog.New(slog.NewTextHandler(e.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	store, closeAll, err := e.openStore(ctx, d, log)
	if err != nil {
		return err
	}
	defer closeAll()
	return e.refusal(do(store))
}

// refusal puts what an account command is refused for into the user's language.
func (e *env) refusal(err error) error {
	var invalid *geo.Invalid
	var missing *store.Missing
	switch {
	case errors.Is(err, people.ErrLoginTaken):
		return errors.New(e.text("cli.user.login_taken"))
	case errors.As(err, &invalid):
		return errors.New(e.text("cli.user.invalid", "field", invalid.Field, "expected",
			problem.Said(e.lang, invalid.Words)))
	case errors.As(err, &missing):
		return errors.New(e.text("api.missing."+missing.Kind, "name", missing.Name))
	}
	return err
}

// withUser is withStore for one account.
func (u ofUser) withUser(ctx context.Context, e *env, do func(*store.Store, people.Account) error) error {
	return e.withStore(ctx, u.database, func(store *store.Store) error {
		a, err := people.Of(store).AccountByLogin(ctx, u.Login)
		if err != nil {
			return err
		}
		return do(store, a)
	})
}

type userAddCmd struct {
	ofUser
	linked
	Name string      `help:"The person's name." required:""`
	Role people.Role `help:"Role to grant: viewer, planner, approver, leader or admin." enum:"viewer,planner,approver,leader,admin," default:""`
	Park string      `help:"Code of the park of the role; without one, every park."`
}

// Run makes an account and prints its link.
func (c userAddCmd) Run(ctx context.Context, e *env) error {
	return e.withStore(ctx, c.database, func(store *store.Store) error {
		who := people.Newcomer{Login: c.Login, Name: c.Name}
		if c.Role != "" {
			who.Roles = []people.Grant{grantOf(c.Role, c.Park)}
		}
		made, link, err := people.Of(store).AddAccount(ctx, who)
		if err == nil {
			c.say(e, made.Login, link)
		}
		return err
	})
}

func grantOf(role people.Role, park string) people.Grant {
	g := people.Grant{Role: role}
	if park != "" {
		g.Park = &park
	}
	return g
}

type userListCmd struct{ database }

// Run lists accounts.
func (c userListCmd) Run(ctx context.Context, e *env) error {
	return e.withStore(ctx, c.database, func(store *store.Store) error {
		all, err := people.Of(store).Accounts(ctx)
		if err != nil {
			return err
		}
		return e.table("cli.user.head", len(all), func(w io.Writer, i int) {
			a := all[i]
			_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", a.Login, a.Name, e.stateOf(a), e.rolesOf(a))
		})
	})
}

// table prints rows in columns; head is a key whose text has a tab between columns.
func (e *env) table(head string, rows int, row func(io.Writer, int)) error {
	w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, e.text(head))
	for i := range rows {
		row(w, i)
	}
	return w.Flush()
}

func (e *env) stateOf(a people.Account) string {
	switch {
	case a.Erased:
		return e.text("cli.user.erased")
	case a.Disabled:
		return e.text("cli.user.disabled")
	case !a.Ready:
		return e.text("cli.user.invited")
	}
	return e.text("cli.user.ready")
}

func (e *env) rolesOf(a people.Account) string {
	texts := make([]string, len(a.Roles))
	for i, g := range a.Roles {
		texts[i] = string(g.Role) + "@" + e.parkOf(g)
	}
	return strings.Join(texts, ", ")
}

func (e *env) parkOf(g people.Grant) string {
	if g.Park == nil {
		return e.text("cli.user.everywhere")
	}
	return *g.Park
}

type userDisableCmd struct {
	ofUser
	Reason string `help:"Why, as it is kept with the account." default:"luodi user disable"`
}

// Run disables an account.
func (c userDisableCmd) Run(ctx context.Context, e *env) error {
	return c.setDisabled(ctx, e, true, c.Reason, "cli.user.was_disabled")
}

type userEnableCmd struct {
	ofUser
	Reason string `help:"Why, as it is kept with the account." default:"luodi user enable"`
}

// Run enables an account.
func (c userEnableCmd) Run(ctx context.Context, e *env) error {
	return c.setDisabled(ctx, e, false, c.Reason, "cli.user.was_enabled")
}

func (u ofUser) setDisabled(ctx context.Context, e *env, disabled bool, reason, done string) error {
	return u.withUser(ctx, e, func(store *store.Store, a people.Account) error {
		_, err := people.Of(store).ChangeAccount(ctx, a.ID, nil, people.AccountChange{Disabled: &disabled,
			Reason: reason})
		if err == nil {
			e.say(done, "login", a.Login)
		}
		return err
	})
}

type userRoleCmd struct {
	ofUser
	Role     people.Role `arg:"" help:"viewer, planner, approver, leader or admin." enum:"viewer,planner,approver,leader,admin"`
	Park     string      `help:"Code of the park; without one, every park."`
	Withdraw bool        `help:"Withdraw the role instead."`
}

// Run grants or withdraws a role.
func (c userRoleCmd) Run(ctx context.Context, e *env) error {
	return c.withUser(ctx, e, func(store *store.Store, a people.Account) error {
		grant := grantOf(c.Role, c.Park)
		change, done := people.AccountChange{Grant: []people.Grant{grant}}, "cli.user.role_given"
		if c.Withdraw {
			change, done = people.AccountChange{Withdraw: []people.Grant{grant}}, "cli.user.role_taken"
		}
		_, err := people.Of(store).ChangeAccount(ctx, a.ID, nil, change)
		if err == nil {
			e.say(done, "login", a.Login, "role", c.Role, "park", e.parkOf(grant))
		}
		return err
	})
}

type userResetCmd struct {
	ofUser
	linked
}

// Run prints a link to set a new password.
func (c userResetCmd) Run(ctx context.Context, e *env) error {
	return c.withUser(ctx, e, func(store *store.Store, a people.Account) error {
		link, err := people.Of(store).Invite(ctx, a.ID, nil)
		if err == nil {
			c.say(e, a.Login, link)
		}
		return err
	})
}

type userEraseCmd struct {
	ofUser
	Yes bool `help:"Do it: it can't be undone."`
}

// Run erases a person.
func (c userEraseCmd) Run(ctx context.Context, e *env) error {
	if !c.Yes {
		return usageError{errors.New(e.text("cli.user.erase_sure"))}
	}
	return c.withUser(ctx, e, func(store *store.Store, a people.Account) error {
		err := people.Of(store).EraseAccount(ctx, a.ID)
		if err == nil {
			e.say("cli.user.was_erased", "id", a.ID)
		}
		return err
	})
}
