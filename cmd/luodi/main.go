// Command luodi is the land desk of an industrial park. This folder is the only place that wires the parts together.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"unicode"

	"github.com/alecthomas/kong"

	"luodi/data/ledger"
	"luodi/geo"
	"luodi/message"
)

// Exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// version is set at build time from the tag or commit.
var version = "dev"

type commands struct {
	Lang string `help:"Language of messages: zh or en; by default that of the locale." env:"LUODI_LANG" enum:"zh,en,auto" default:"auto"`

	Serve  serveCmd  `cmd:"" help:"Serve the map, the OGC API and the domain API."`
	Import importCmd `cmd:"" help:"Bring a file of parcels, zones, plan units or networks into a park."`
	Export exportCmd `cmd:"" help:"Write parcels, zones, plan units or networks of a park into a file."`
	User   userCmd   `cmd:"" help:"Keep the accounts of those who may sign in."`
	Token  tokenCmd  `cmd:"" help:"Keep the API tokens of programs."`

	Record   recordCmd   `cmd:"" help:"Change land on a running server, and look at its changes."`
	Proposal proposalCmd `cmd:"" help:"Decide what waits for a second person on a running server."`
	Match    matchCmd    `cmd:"" help:"Rank the free ground of a running server's park for what a project needs."`
	Heat     heatCmd     `cmd:"" help:"Spread the scores of a park's or a district's free ground over a honeycomb."`
	Chain    chainCmd    `cmd:"" help:"Put an edition of an industry chain in force in a district."`
	Project  projectCmd  `cmd:"" help:"Keep the projects of a running server."`
	Party    partyCmd    `cmd:"" help:"Keep the companies and public bodies of a running server."`

	Backup  backupCmd  `cmd:"" help:"Make a backup of the database, also while it is written, and prove it by restoring it."`
	Restore restoreCmd `cmd:"" help:"Restore a backup into an empty data folder, or an empty database that is named."`

	Migrate migrateCmd `cmd:"" help:"Show and apply changes of the database's schema."`
	Doctor  doctorCmd  `cmd:"" help:"Check what luodi needs on this machine and say what is missing."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

// env is what a command may use of the outside.
type env struct {
	stdout, stderr io.Writer
	lang           message.Lang
}

// say prints one line of the table to standard output.
func (e *env) say(key string, args ...any) {
	_, _ = fmt.Fprintln(e.stdout, plain(e.text(key, args...)))
}

// plain escapes what in a file's texts would command the terminal that a line is printed on, end the line or turn its
// direction.
func plain(line string) string {
	var b strings.Builder
	for _, r := range line {
		if unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp, unicode.Bidi_Control) {
			fmt.Fprintf(&b, `\u%04x`, r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

func (e *env) text(key string, args ...any) string { return message.Text(e.lang, key, args...) }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// exitPanic carries kong's wish to exit (after --help) out of its parser.
type exitPanic int

func run(ctx context.Context, args []string, stdout, stderr io.Writer) (code int) {
	defer func() {
		if r := recover(); r != nil {
			exit, ok := r.(exitPanic)
			if !ok {
				panic(r)
			}
			code = int(exit)
		}
	}()
	cmds := commands{Record: recordCmd{Plugins: plainKinds()}}
	parser, err := kong.New(&cmds,
		kong.Name("luodi"),
		kong.Description("Luodi 落地: the land desk of an industrial park, over PostgreSQL and PostGIS."),
		kong.Writers(stdout, stderr),
		kong.UsageOnError(),
		collections(),
		fileFormats(),
		kong.Exit(func(code int) { panic(exitPanic(code)) }),
	)
	if err != nil {
		_, _ = fmt.Fprintln(stderr, err)
		return exitFailed
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	e := &env{stdout: stdout, stderr: stderr, lang: language(cmp.Or(cmds.Lang, "auto"))}
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "luodi: %s\n", e.misread(err))
		_, _ = fmt.Fprintln(stderr, "luodi --help")
		return exitUsage
	}
	parsed.BindTo(ctx, (*context.Context)(nil))
	if err := parsed.Run(e); err != nil {
		return e.fail(err)
	}
	return exitDone
}

// collections are what the tags of commands say of the collections that rows and things belong to.
func collections() kong.Vars {
	all := ledger.Subjects()
	last := len(all) - 1
	return kong.Vars{"collections": strings.Join(all, ","),
		"one_of_them": strings.Join(all[:last], ", ") + " or " + all[last]}
}

// misread says why the command line can't be read: of a value that is refused, under the name of its flag.
func (e *env) misread(err error) string {
	var invalid *geo.Invalid
	if !errors.As(err, &invalid) {
		return err.Error()
	}
	if flag, _, found := strings.Cut(err.Error(), ": "); found && strings.HasPrefix(flag, "-") {
		invalid = invalid.Under(flag)
	}
	return e.explain(invalid)
}

// usageError is a mistake in the command line that only the command could see.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// errReported says that the command has already printed why it failed.
var errReported = errors.New("reported")

func (e *env) fail(err error) int {
	var usage usageError
	switch {
	case errors.Is(err, errReported):
		return exitFailed
	case errors.Is(err, context.Canceled):
		e.note("cli.cancelled")
		return exitFailed
	case errors.As(err, &usage):
		_, _ = fmt.Fprintf(e.stderr, "luodi: %s\n", e.explain(err))
		return exitUsage
	}
	_, _ = fmt.Fprintf(e.stderr, "luodi: %s\n", e.explain(err))
	return exitFailed
}

func language(flag string) message.Lang {
	if flag != "auto" {
		return message.Lang(flag)
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := os.Getenv(name); value != "" {
			return message.FromLocale(value)
		}
	}
	return message.FromLocale("")
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(e *env) error {
	e.say("cli.version", "version", version)
	return nil
}
