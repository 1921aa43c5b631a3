package remind_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/uuid"

	"luodi/api/remind"
	"luodi/api/remind/mailtest"
	"luodi/data/people"
	"luodi/data/reminder"
	"luodi/data/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// bureau is a park with people who have next steps, and a mail server.
type bureau struct {
	*storetest.DB
	t         *testing.T
	server    *mailtest.Server
	reminders reminder.Reminders
	park      uuid.UUID
	made      int
}

func newBureau(t *testing.T, password string) *bureau {
	t.Helper()
	db := storetest.New(t)
	return &bureau{DB: db, t: t, server: mailtest.New(t, password), reminders: reminder.Of(db.Store),
		park: storetest.Park(t, db, "east")}
}

func (b *bureau) exec(sql string, args ...any) {
	b.t.Helper()
	if _, err := b.Owner.Exec(context.Background(), sql, args...); err != nil {
		b.t.Fatalf("%s: %v", sql, err)
	}
}

// planner is someone who plans in the park, with a confirmed address; each is reminded from midnight on.
func (b *bureau) planner(digest bool) uuid.UUID {
	b.t.Helper()
	b.made++
	east := "east"
	a, _, err := people.Of(b.Store).AddAccount(b.t.Context(), people.Newcomer{Login: fmt.Sprint("p", b.made), Name: "P",
		Roles: []people.Grant{{Park: &east, Role: people.Planner}}})
	if err != nil {
		b.t.Fatal(err)
	}
	b.exec(`INSERT INTO reminder_setting (account_id, hour, digest, lang, email, confirmed_at)
		VALUES ($1, 0, $2, 'zh', $3, now())`, a.ID, digest, fmt.Sprintf("p%d@example.cn", b.made))
	return a.ID
}

// step notes a visit with a next step that is due in some days.
func (b *bureau) step(project, by uuid.UUID, what string, days int) {
	b.t.Helper()
	b.exec(`INSERT INTO project_visit (district_id, project_id, visited_on, note, next_step, due, noted_by)
		SELECT district_id, $1, project_today(j) - 100, 'n', $3, project_today(j) + $4::int, $2 FROM project j WHERE project_id = $1`,
		project, by, what, days)
}

func (b *bureau) project(name string) uuid.UUID {
	return storetest.Project(b.t, b.DB, b.park, name, false)
}

func (b *bureau) options() remind.Options {
	return remind.Options{Server: remind.Server{Host: "127.0.0.1", Port: b.server.Port, Security: remind.StartTLS,
		From: "luodi@park.example", Roots: b.server.Roots}, Logger: slog.New(slog.NewTextHandler(b.t.Output(),
		nil)), Patience: time.Second,
		Looks: 10 * time.Millisecond, URL: "https://land.example"}
}

// run sends until done, which is asked again and again.
func (b *bureau) run(o remind.Options, done func() bool) {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.t.Context(), 30*time.Second)
	defer stop()
	ended := make(chan struct{})
	go func() { remind.NewSender(b.Store, o).Run(ctx); close(ended) }()
	for !done() && ctx.Err() == nil {
		time.Sleep(5 * time.Millisecond) // the condition is the database's and the server's
	}
	if ctx.Err() != nil {
		b.t.Error("it was not done in 30 s")
	}
	stop()
	<-ended
}

// states counts the mails by state.
func (b *bureau) states() string {
	b.t.Helper()
	var text string
	if err := b.Owner.QueryRow(context.Background(), `SELECT coalesce(string_agg(state || ' ' || n, ', ' ORDER BY state), '')
		FROM (SELECT state, count(*) n FROM mail GROUP BY state) s`).Scan(&text); err != nil {
		b.t.Fatal(err)
	}
	return text
}

func TestEachIsToldOnceWhatIsDue(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "secret")
	o := b.options()
	o.User, o.Password = "luodi", "secret"
	digest, single, muted := b.planner(true), b.planner(false), b.planner(true)
	project := b.project("甲厂")
	for _, who := range []uuid.UUID{digest, single, muted} {
		b.step(project, who, "送方案", 0)
		b.step(project, who, "约谈", -2)
		b.step(project, who, "later", 2) // its lead is a day
	}
	if _, err := b.reminders.Choose(t.Context(), muted,
		reminder.Choosing{Kinds: []reminder.Choice{{Kind: "visit"}}}); err != nil {
		t.Fatal(err)
	}
	b.run(o, func() bool { return b.states() == "sent 3" })
	for range 3 { // another day's look finds the same
		b.exec(`UPDATE reminder_setting SET looked_on = NULL`)
		looks := 0
		b.run(o, func() bool { looks++; return looks > 20 })
	}
	taken := b.server.Taken()
	if len(taken) != 3 || b.states() != "sent 3" || b.server.Logins() == 0 {
		t.Fatalf("%d mails, %s, %d logins", len(taken), b.states(), b.server.Logins())
	}
	for _, m := range taken {
		if m.Header.Get("Bcc") != "" || m.Header.Get("X-Bad") != "" || strings.Contains(m.Text, "later") ||
			!strings.Contains(m.Text, "“提醒”") || !strings.Contains(m.Text, "https://land.example/?tasks") ||
			m.Header.Get("List-Unsubscribe") != "<https://land.example/?account>" || m.From != "luodi@park.example" {
			t.Errorf("%v\n%s", m.Header, m.Text)
		}
		if to, err := mail.ParseAddress(m.Header.Get("To")); err != nil || to.Address != m.To {
			t.Errorf("%v %v", to, err)
		}
		both := strings.Contains(m.Text, "送方案") && strings.Contains(m.Text, "已逾期 2 天")
		if both != (m.To == "p1@example.cn") || both && m.Subject != "落地：2 项事项待办" {
			t.Errorf("%s: %s\n%s", m.To, m.Subject, m.Text)
		}
		for line := range strings.SplitSeq(string(m.Raw), "\r\n") {
			if len(line) > 78 {
				t.Errorf("a line of %d: %s", len(line), line)
			}
		}
	}
}

// TestAMailObeysTheRightsOfItsMoment: what is queued is not told any more to who has lost the role, whose lead it no
// longer is, who is disabled, and of what is done.
func TestAMailObeysTheRightsOfItsMoment(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "")
	lost, hidden, disabled, done, stays := b.planner(true), b.planner(true), b.planner(true), b.planner(true), b.planner(true)
	lead := b.project("LEAD")
	for _, who := range []uuid.UUID{lost, disabled, done, stays} {
		b.step(b.project(fmt.Sprint("P", who)), who, "step", 0)
	}
	b.step(lead, hidden, "SECRET", 0)
	down := b.options()
	down.Port = 1 // nobody is there
	b.run(down, func() bool { return b.states() == "queued 5" })
	b.exec(`DELETE FROM membership WHERE account_id = $1`, lost)
	b.exec(`UPDATE account SET disabled_at = now() WHERE account_id = $1`, disabled)
	b.exec(`UPDATE project_visit SET done_at = now(), done_by = noted_by WHERE noted_by = $1`, done)
	b.exec(`WITH t AS (INSERT INTO team (district_id, team_id, kind, number, name_zh, name_en)
		SELECT district_id, gen_random_uuid(), 'promotion', 1, 't', 't' FROM district RETURNING *)
		INSERT INTO first_contact (district_id, first_contact_id, project_id, party_id, team_id, made_on, noted_by, firm)
		SELECT t.district_id, t.team_id, $1, p.party_id, t.team_id, '2026-01-01', $2, 'f' FROM t, project p
		 WHERE p.project_id = $1`, lead, hidden)
	b.run(b.options(), func() bool { return b.states() == "sent 1, void 4" })
	if taken := b.server.Taken(); len(taken) != 1 || taken[0].To != "p5@example.cn" {
		t.Errorf("%v", taken)
	}
}

func TestWhatTheServerRefusesIsTriedAgainOrToldToAdmins(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "")
	project := b.project("P")
	b.step(project, b.planner(true), "soon", 0)
	b.step(project, b.planner(true), "never", 0)
	later := 2
	b.server.Answer(func(m mailtest.Mail) error {
		switch {
		case m.To == "p2@example.cn":
			return &smtp.SMTPError{Code: 550, Message: "no such mailbox"}
		case later > 0:
			later--
			return &smtp.SMTPError{Code: 451, Message: "later"}
		}
		return nil
	}, 0)
	o := b.options()
	o.Pauses = []time.Duration{time.Millisecond, time.Millisecond, time.Millisecond}
	b.run(o, func() bool { return b.states() == "refused 1, sent 1" })
	open, err := b.reminders.Undecided(t.Context())
	if err != nil || len(open) != 1 || *open[0].Reply != 550 || open[0].State != "refused" || open[0].Reminders != 1 {
		t.Errorf("%+v %v", open, err)
	}
}

// TestWhatMayHaveBeenTakenIsNotSentAgain: the server takes a mail and says nothing; nobody knows, so an admin decides.
func TestWhatMayHaveBeenTakenIsNotSentAgain(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "")
	who := b.planner(true)
	b.step(b.project("P"), who, "step", 0)
	b.server.Answer(nil, 3*time.Second) // longer than the sender's patience
	b.run(b.options(), func() bool { return b.states() == "unknown 1" })
	b.server.Answer(nil, 0)
	looks := 0
	b.run(b.options(), func() bool { looks++; return looks > 40 })
	open, err := b.reminders.Undecided(t.Context())
	if err != nil || len(open) != 1 || len(b.server.Taken()) != 1 {
		t.Fatalf("%v %v: sent %d times", open, err, len(b.server.Taken()))
	}
	first := b.server.Taken()[0].MessageID
	// nobody makes it "queued" but by a decision that says why
	for _, sql := range []string{`UPDATE mail SET state = 'queued'`, `UPDATE mail SET state = 'sent', lease = gen_random_uuid()`,
		`UPDATE mail SET state = 'void'`} {
		if _, err := b.Planner.Exec(t.Context(), sql); err == nil {
			t.Errorf("%s was taken", sql)
		}
	}
	if err := b.reminders.Decide(t.Context(), open[0].ID, who, "again", "the server's log has no such mail"); err != nil {
		t.Fatal(err)
	}
	b.run(b.options(), func() bool { return b.states() == "sent 1" })
	if again := b.server.Taken(); len(again) != 2 || again[1].MessageID != first {
		t.Errorf("%v", again)
	}
	if err := b.reminders.Decide(t.Context(), open[0].ID, who, "again", "once more"); err == nil {
		t.Error("what is sent was queued again")
	}
}

// TestAClaimThatWasLostIsNotHandedOver: another sender has taken the mail over meanwhile; this one cuts the connection
// before the end of the mail, and the server drops it.
func TestAClaimThatWasLostIsNotHandedOver(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "")
	b.step(b.project("P"), b.planner(true), "step", 0)
	b.exec(`CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
		IF NEW.state = 'handed' AND OLD.tries = 0 THEN RETURN NULL; END IF; RETURN NEW; END $$`)
	b.exec(`CREATE TRIGGER lose BEFORE UPDATE ON mail FOR EACH ROW EXECUTE FUNCTION lose()`)
	looks := 0
	b.run(b.options(), func() bool { looks++; return looks > 60 })
	if n := len(b.server.Taken()); n != 0 {
		t.Errorf("%d mails were taken", n)
	}
	b.exec(`DROP TRIGGER lose ON mail`)
	b.run(b.options(), func() bool { return b.states() == "sent 1" })
	if n := len(b.server.Taken()); n != 1 {
		t.Errorf("%d mails were taken", n)
	}
}

func TestAnAddressIsProvedByItsCode(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "")
	who := b.planner(true)
	if _, err := b.reminders.SetAddress(t.Context(), who, " New@Example.cn "); err != nil {
		t.Fatal(err)
	}
	b.step(b.project("P"), who, "step", 0)
	b.run(b.options(), func() bool { return b.states() == "sent 1" })
	taken := b.server.Taken()
	if len(taken) != 1 || taken[0].To != "New@Example.cn" {
		t.Fatalf("%v", taken)
	}
	_, rest, _ := strings.Cut(taken[0].Text, "确认码：")
	code := rest[:8]
	wrong := "0" + code[1:]
	if wrong == code {
		wrong = "1" + code[1:]
	}
	for range 3 {
		if _, err := b.reminders.Confirm(t.Context(), who, wrong); err == nil {
			t.Fatal("a wrong code was taken")
		}
	}
	got, err := b.reminders.Confirm(t.Context(), who, code)
	if err != nil || !got.Confirmed {
		t.Fatalf("%+v %v", got, err)
	}
	b.run(b.options(), func() bool { return b.states() == "sent 2" })
	for range 4 {
		if _, err := b.reminders.SetAddress(t.Context(), who, "other@example.cn"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.reminders.SetAddress(t.Context(), who, "other@example.cn"); err == nil {
		t.Error("a sixth mail with a code")
	}
	for _, text := range []string{"", "a", "a@b", "a b@c.de", "a@c.de\r\nBcc: x@y.z", "<a@c.de>",
		"a@c.de,b@c.de", "甲@c.de",
		"a@-c.de", strings.Repeat("a", 65) + "@c.de", `"a"@c.de`, "a@c..de"} {
		if got, err := reminder.ParseAddress(text); err == nil {
			t.Errorf("%q was taken as %q", text, got)
		}
	}
}

// TestTwoSendersSendNothingTwice over one database.
func TestTwoSendersSendNothingTwice(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "")
	project := b.project("P")
	const n = 60
	for range 3 {
		who := b.planner(false)
		for i := range n / 3 {
			b.step(project, who, fmt.Sprint("step", i), 0)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	for range 3 {
		go func() { remind.NewSender(b.Store, b.options()).Run(ctx); ended <- struct{}{} }()
	}
	b.run(b.options(), func() bool { return b.states() == fmt.Sprint("sent ", n) })
	stop()
	for range 3 {
		<-ended
	}
	times := map[string]int{}
	for _, m := range b.server.Taken() {
		times[m.MessageID]++
	}
	if len(times) != n || len(b.server.Taken()) != n {
		t.Errorf("%d mails of %d ids", len(b.server.Taken()), len(times))
	}
}

func TestASecretIsNotSentInTheOpen(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "secret")
	b.step(b.project("P"), b.planner(true), "step", 0)
	o := b.options()
	o.User, o.Password, o.Roots = "luodi", "secret", nil // a certificate that nobody vouches for
	looks := 0
	b.run(o, func() bool {
		if b.states() == "queued 1" {
			looks++
		}
		return looks > 40
	})
	if b.states() != "queued 1" || b.server.Logins() != 0 {
		t.Errorf("%s, %d logins", b.states(), b.server.Logins())
	}
}
