package main

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/google/uuid"

	"luodi/api"
	"luodi/data/ledger"
	"luodi/data/people"
	"luodi/data/store/storetest"
)

// office is a server on a database of its own, with parcels A, B and C in reserve.
type office struct {
	*storetest.DB
	t       *testing.T
	url     string
	park    uuid.UUID
	parcels []uuid.UUID
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := serving(t)
	o.park = storetest.Park(t, o.DB, "desk")
	o.parcels = storetest.Parcels(t, o.DB, o.park, storetest.Square{Code: "A", Side: 0.001},
		storetest.Square{Code: "B", X: 0.11, Side: 0.001, Internal: true},
		storetest.Square{Code: "C", X: 0.22, Side: 0.001, Bank: "reserve"})
	return o
}

// serving is a server on a database without parks.
func serving(t *testing.T) *office {
	t.Helper()
	o := &office{DB: storetest.New(t), t: t}
	server := httptest.NewServer(api.New(api.Options{Store: o.Store,
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)), Version: "test", Ready: o.Store.Ping}))
	t.Cleanup(server.Close)
	o.url = server.URL
	return o
}

// clerk is someone who works from the command line.
type clerk struct {
	*office
	token string
}

func (o *office) clerk(login string, role people.Role) clerk {
	o.t.Helper()
	a, _, err := people.Of(o.Store).AddAccount(o.t.Context(),
		people.Newcomer{Login: login, Name: "Name of " + login, Roles: []people.Grant{{Role: role}}})
	if err != nil {
		o.t.Fatal(err)
	}
	_, secret, err := people.Of(o.Store).CreateToken(o.t.Context(),
		people.TokenOrder{Account: a.ID, Name: "test", Scope: people.ScopeWrite, Life: time.Hour})
	if err != nil {
		o.t.Fatal(err)
	}
	return clerk{o, secret}
}

// does runs a command on the server and fails the test unless it exits with code.
func (c clerk) does(want int, args ...string) (stdout, stderr string) {
	c.t.Helper()
	code, stdout, stderr := luodi(c.t, append([]string{"--lang", "en"},
		append(args, "--url", c.url, "--token", c.token)...)...)
	if code != want {
		c.t.Fatalf("luodi %s: exit %d, want %d:\n%s%s", strings.Join(args, " "), code, want, stdout, stderr)
	}
	return stdout, stderr
}

// records is does with the park and a reason.
func (c clerk) records(want int, args ...string) (stdout, stderr string) {
	c.t.Helper()
	return c.does(want, append(append([]string{"record"}, args...), "--park", "desk", "-m", "as agreed")...)
}

func says(t *testing.T, text, pattern string) []string {
	t.Helper()
	found := regexp.MustCompile("(?m)" + pattern).FindStringSubmatch(text)
	if found == nil {
		t.Errorf("no %s in:\n%s", pattern, text)
	}
	return found
}

func TestALotIsCutAndHeldFromTheCommandLine(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := o.clerk("planner", people.Planner)
	p.does(0, "party", "add", "--name-zh", "某公司", "--name-en", "A Company", "--named")
	p.does(0, "project", "add", "P-1", "--name-zh", "某项目", "--name-en", "A Project", "--party", "某公司", "--named")
	until := time.Now().AddDate(0, 0, 30).Format(time.DateOnly)
	p.records(2, "split", "A", "--parts", "2", "--hold", "A-1", "--project", "P-1")
	p.records(1, "split", "A", "--parts", "2", "--hold", "A-9", "--project", "P-1", "--until", until)
	cut, _ := p.records(0, "split", "A", "--parts", "2", "--hold", "A-1", "--project", "P-1", "--until", until)
	says(t, cut, `^done as change no\. 2$`)
	says(t, cut, `^done as change no\. 3$`)
	says(t, cut, `^A-1 +held `)
	kept, _ := p.records(0, "split", "C", "--parts", "2", "--release", "C-1")
	says(t, kept, `C-1`)
	waits, _ := p.does(0, "proposal", "list", "--park", "desk")
	says(t, waits, `C-1`)
}

func TestLandIsChangedFromTheCommandLine(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := o.clerk("planner", people.Planner)
	p.does(0, "party", "add", "--name-zh", "某公司", "--name-en", "A Company", "--named")
	p.does(0, "project", "add", "P-1", "--name-zh", "某项目", "--name-en", "A Project", "--party", "某公司", "--named")
	list, _ := p.does(0, "project", "list")
	says(t, list, `^P-1 +某项目 +A Project +某公司 `)

	hold := []string{"hold", "A", "B", "--project", "P-1", "--until",
		time.Now().AddDate(0, 0, 30).Format(time.DateOnly)}
	seen, _ := p.records(0, append(hold, "--preview")...)
	says(t, seen, `^a preview: nothing is changed$`)
	says(t, seen, `^B +held +1\d\.\d\d +`)
	if again, _ := p.does(0, "record", "list", "--park", "desk"); strings.Contains(again, "Hold") {
		t.Errorf("the preview was kept:\n%s", again)
	}
	held, _ := p.records(0, append(hold, "--document", "意向协议|2026-7|2026-07-01|https://land.example/7", "--document",
		"图")...)
	says(t, held, `^done as change no\. 2$`)
	says(t, held,
		`^right [0-9a-f-]{36}: hold, until 20\d\d-\d\d-\d\d 23:59 \+08:00$|^right [0-9a-f-]{36}: hold, until `)
	one, _ := p.does(0, "record", "show", "2", "--park", "desk")
	says(t, one, `^document: 意向协议 2026-7 2026-07-01 https://land\.example/7$`)
	says(t, one, `^document: 图$`)
	says(t, one, `^right after, [0-9a-f-]{36}: hold$`)

	p.records(0, "extend", "A", "--until", time.Now().AddDate(0, 0, 60).Format(time.RFC3339))
	p.records(0, "reserve", "B")
	p.records(0, "take-back", "A")
	p.records(0, "withdraw", "A", "B")
	p.records(0, "revert", "6")
	list, _ = p.does(0, "record", "list", "--park", "desk", "--limit", "3")
	says(t, list, `^7 .* Undo +A B +Name of planner +as agreed$`)
	says(t, list, `^5 .* Take back +A B +Name of planner`)
	back, _ := p.does(0, "record", "show", "6", "--park", "desk")
	says(t, back, `^reversed by change no\. 7$`)
	says(t, back, `^A +withdrawn +public `)
}

func TestGroundIsCutAndJoinedFromTheCommandLine(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := o.clerk("planner", people.Planner)
	cut, _ := p.records(0, "split", "A", "--area-mu", "5.5", "--bearing", "0", "--side", "left", "--codes", "A1,A2")
	says(t, cut, `^A1 +available +5\.50 +3666\.6667 `)
	says(t, cut, `^A +retired `)
	joined, _ := p.records(0, "merge", "A1", "A2", "--code", "A")
	says(t, joined, `^A2 +retired `)
	p.records(0, "split", "A", "--line", "122.0195,37.2405 122.0215,37.2405", "--codes", "S,N")
	moved, _ := p.records(0, "move", "S", "N", "--line", "122.02,37.2403 122.021,37.2403")
	says(t, moved, `^N +available `)
	parts, _ := p.records(0, "split", "B", "--parts", "3", "--bearing", "90")
	says(t, parts, `^B-3 +available `)
	file := filepath.Join(t.TempDir(), "c.json")
	const smaller = `{"type":"Polygon","coordinates":[[[122.0222,37.24],[122.0231,37.24],[122.0231,37.241],[122.0222,37.241],[122.0222,37.24]]]}`
	if err := os.WriteFile(file, []byte(smaller), 0o600); err != nil {
		t.Fatal(err)
	}
	right, _ := p.records(0, "correct", "C", "--geometry", file, "--legal-m2", "8000.5", "--document", "测绘成果")
	says(t, right, `^C +reserve +12\.00 +8000\.5000 `)
	// Refused: the server's words, the rule's and the place, and nothing on standard output.
	out, errs := p.records(1, "split", "C", "--line", "122.0220,37.2405 122.0225,37.2405")
	says(t, errs, `^luodi: Refused by a rule: the line ends inside the parcel`)
	says(t, errs, `^ +122\.0225\d*,37\.2405\d*$`)
	if out != "" {
		t.Errorf("standard output: %s", out)
	}
}

func TestASecondPersonDecidesFromTheCommandLine(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p, a := o.clerk("planner", people.Planner), o.clerk("approver", people.Approver)
	waits, _ := p.records(0, "release", "C")
	id := says(t, waits,
		`^proposed, waits for a second person: Release from reserve C \(proposal ([0-9a-f-]{36})\)$`)[1]
	list, _ := a.does(0, "proposal", "list", "--park", "desk")
	says(t, list, "^"+id+` +open +Release from reserve +C +Name of planner `)
	p.does(1, "proposal", "approve", id, "--park", "desk")
	done, _ := a.does(0, "proposal", "approve", id, "--park", "desk", "-m", "agreed")
	says(t, done, `^the proposal \(Release from reserve\) is approved$`)
	says(t, done, `^C +available `)
	a.does(1, "proposal", "reject", id, "--park", "desk")
	list, _ = a.does(0, "proposal", "list", "--park", "desk")
	if strings.Contains(list, id) {
		t.Errorf("still open:\n%s", list)
	}
	p.records(0, "hold", "C", "--project", storetest.Project(t, o.DB, o.park, "某项目", true).String(), "--until",
		time.Now().AddDate(0, 0, 9).Format(time.DateOnly))
	p.records(0, "reserve", "C")
	waits, _ = p.records(0, "supply", "C", "--mode", "listing", "--years", "50", "--commitments",
		`{"investment_per_mu": 300}`, "-o", "json")
	var proposal ledger.Proposal
	if err := json.Unmarshal([]byte(waits), &proposal); err != nil || proposal.Command.Terms.TermYears != 50 ||
		proposal.Command.Terms.Commitments["investment_per_mu"] != 300.0 {
		t.Errorf("%v in %s", err, waits)
	}
	withdrawn, _ := p.does(0, "proposal", "reject", proposal.ID.String(), "--park", "desk")
	says(t, withdrawn, `^the proposal \(Supply\) is withdrawn$`)
}

func TestACommandOfAnyKindIsSentAsJSON(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := o.clerk("planner", people.Planner)
	file := filepath.Join(t.TempDir(), "order.json")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(`{"kind": "publish", "parcels": ["B"], "reason": "shown from today"}`)
	out, _ := p.does(0, "record", "--park", "desk", "--json", file, "-o", "json")
	var told ledger.Outcome
	if err := json.Unmarshal([]byte(out), &told); err != nil || told.Seq != 2 || len(told.Parcels) != 1 ||
		told.Parcels[0].ID != o.parcels[1] {
		t.Errorf("%v in %s", err, out)
	}
	write(`{"kind": "unpublish", "parcels": [{"id": "` + o.parcels[1].String() + `", "version": 1}]}`)
	out, errs := p.does(1, "record", "--park", "desk", "--json", file, "-m", "r", "-o", "json")
	var refused struct{ Type, Detail string }
	if err := json.Unmarshal([]byte(out), &refused); err != nil || refused.Type != "/problems/stale" ||
		!strings.Contains(errs, refused.Detail) {
		t.Errorf("%v in %s; %s", err, out, errs)
	}
	write(`{"kind": `)
	p.does(2, "record", "--park", "desk", "--json", file)
	p.does(2, "record", "--park", "desk", "--json", file+".none")
}

func TestWhatIsRefusedOrWrongIsSaidSo(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := o.clerk("planner", people.Planner)
	for _, args := range [][]string{
		{"hold", "A"}, {"split", "A"}, {"split", "A", "--parts", "2", "--area-mu", "3"},
		{"split", "A", "--line", "1;2"}, {"split", "A", "--area-mu", "many"}, {"reserve"},
		{"reserve", "A", "--allotment", uuid.NewString()}, {"give", "A"},
		{"hold", "A", "--project", "P", "--until", "someday"}, {"withdraw", "A", "--document", "|n"}, {"withdraw"},
		{"revert", "x"},
		{"supply", "A", "--mode", "gift", "--years", "1"}, {"merge", "A", "B", "--code", "M", "--decision", "{"},
	} {
		p.records(2, args...)
	}
	for _, args := range [][]string{{"withdraw", "Z"}, {"reserve", "A"}, {"reserve", "--allotment", uuid.NewString()},
		{"hold", "A", "--project", "none", "--until", "2030-01-01"}, {"revert", "99"}} {
		if _, errs := p.records(1, args...); !strings.HasPrefix(errs, "luodi: ") {
			t.Errorf("%v: %s", args, errs)
		}
	}
	code, _, errs := luodi(t, "--lang", "zh", "record", "withdraw", "Z", "--park", "none", "-m", "r", "--url", o.url,
		"--token", p.token)
	if code != exitFailed || !strings.Contains(errs, "没有代码为“none”的园区") {
		t.Errorf("exit %d: %s", code, errs)
	}
	if code, _, errs := luodi(t, "--lang", "en", "record", "list", "--park", "desk", "--url", o.url, "--token",
		""); code != exitUsage || !strings.Contains(errs, "LUODI_TOKEN") {
		t.Errorf("without a token: exit %d: %s", code, errs)
	}
	o.clerk("viewer", people.Viewer).records(1, "withdraw", "A")
	clerk{o, "luodi_wrong"}.does(1, "record", "list", "--park", "desk")
}

func TestAServerThatIsNoneIsToldFromARefusal(t *testing.T) {
	t.Parallel()
	strange := httptest.NewServer(http.NotFoundHandler())
	code, _, errs := luodi(t, "--lang", "en", "project", "list", "--url", strange.URL, "--token", "t")
	if code != exitFailed || !strings.Contains(errs, "404 Not Found, and not as a luodi server does") {
		t.Errorf("exit %d: %s", code, errs)
	}
	strange.Close()
	if code, _, errs := luodi(t, "--lang", "en", "project", "list", "--url", strange.URL, "--token",
		"t"); code != exitFailed || !strings.Contains(errs, "no answer from http://127.0.0.1") {
		t.Errorf("exit %d: %s", code, errs)
	}
}

func TestABorderIsDrawnFromTheCommandLine(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := o.clerk("planner", people.Planner)
	file := filepath.Join(t.TempDir(), "border.json")
	const wide = `{"type":"Polygon","coordinates":[[[122.019,37.239],[122.035,37.239],[122.035,37.251],[122.019,37.251],[122.019,37.239]]]}`
	if err := os.WriteFile(file, []byte(wide), 0o600); err != nil {
		t.Fatal(err)
	}
	_, refused := p.records(1, "border", "--geometry", file)
	says(t, refused, `document`)
	done, _ := p.records(0, "border", "--geometry", file, "--document", "批复")
	says(t, done, `^done as change no\. 2$`)
	back, _ := p.records(0, "revert", "2")
	says(t, back, `^done as change no\. 3$`)
}

// TestEveryKindOfOrderHasItsCommand: `luodi record` has a command for each kind that can be ordered, and no other.
func TestEveryKindOfOrderHasItsCommand(t *testing.T) {
	t.Parallel()
	var commands, kinds []string
	parser, err := kong.New(&recordCmd{Plugins: plainKinds()}, collections())
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range parser.Model.Children {
		if !slices.Contains([]string{"send", "list", "show", "kinds"}, command.Name) {
			commands = append(commands, strings.ReplaceAll(command.Name, "-", "_"))
		}
		if command.Help == "" {
			t.Errorf("%s says nothing of itself", command.Name)
		}
	}
	for _, k := range ledger.Kinds() {
		if !k.Unordered {
			kinds = append(kinds, k.Name)
		}
	}
	slices.Sort(commands)
	slices.Sort(kinds)
	if !slices.Equal(commands, kinds) {
		t.Errorf("the commands are %v, the kinds %v", commands, kinds)
	}
}
