package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"luodi/api/remind/mailtest"
	"luodi/data/people"
	"luodi/data/reminder"
	"luodi/data/store/storetest"
)

// serveForMails starts `luodi serve` as a process of its own, with a mail server, and waits for its address.
func serveForMails(t *testing.T, db *storetest.DB, port int) *exec.Cmd {
	t.Helper()
	command := exec.Command(os.Args[0], "serve", "--database", db.Source.URL, "--listen", "127.0.0.1:0",
		"--feed-memory", "0",
		"--smtp-host", "127.0.0.1", "--smtp-port", strconv.Itoa(port), "--smtp-tls", "none", "--smtp-from",
		"luodi@park.example",
		"--smtp-patience", "1s")
	command.Env = append(os.Environ(), asItself+"=1")
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	command.Stderr = t.Output()
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = command.Process.Kill(); _ = command.Wait() })
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "http://127.0.0.1:") {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return command
		}
	}
	t.Fatal("the server ended before it said where it listens")
	return nil
}

// TestRemindersAreSentOnceOverKills: twenty people (six in the short form) have fifty next steps each that are due
// today, and get a mail for each. The server is ended by kill -9 again and again while it sends. The mail server has
// each mail once. Where the end came while a mail was handed over, the database calls it unknown and it isn't sent
// again by itself; the test does then what an admin does, who looks into the mail server's log.
func TestRemindersAreSentOnceOverKills(t *testing.T) {
	t.Parallel()
	persons, each, kills := 6, 50, 4
	if os.Getenv("LUODI_SOAK") != "" {
		persons, kills = 20, 12
	}
	db := storetest.New(t)
	server := mailtest.New(t, "")
	server.Answer(nil, 2*time.Millisecond) // so that some ends fall between taking a mail and the word of it
	admin := fillWithSteps(t, db, persons, each)
	count := func(sql string) (n int) {
		t.Helper()
		if err := db.Owner.QueryRow(context.Background(), sql).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	await := func(what string, done func() bool) {
		t.Helper()
		for end := time.Now().Add(time.Minute); !done(); time.Sleep(2 * time.Millisecond) { // what is awaited is another process's
			if time.Now().After(end) {
				t.Fatalf("%s: not in a minute; %d taken", what, len(server.Taken()))
			}
		}
	}
	for range kills {
		command := serveForMails(t, db, server.Port)
		more := len(server.Taken()) + 20 + rand.IntN(60)
		await("a life of the server", func() bool { return len(server.Taken()) >= more })
		time.Sleep(time.Duration(rand.IntN(3000)) * time.Microsecond)
		_ = command.Process.Kill()
		_ = command.Wait()
	}
	serveForMails(t, db, server.Port)
	settled := func() bool {
		return count(`SELECT count(*) FROM mail WHERE state IN ('queued', 'claimed', 'handed')`) == 0
	}
	await("the rest", func() bool {
		return settled() && count(`SELECT count(*) FROM mail`) == persons*each
	})
	times := map[string]int{}
	for _, m := range server.Taken() {
		times[m.MessageID]++
	}
	reminders := reminder.Of(db.Store)
	doubtful, err := reminders.Undecided(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	lost := 0
	for _, m := range doubtful {
		decision := "sent"
		if times["<"+m.ID.String()+"@park.example>"] == 0 {
			decision = "again"
			lost++
		}
		if err := reminders.Decide(t.Context(), m.ID, admin, decision, "as the mail server's log has it"); err != nil {
			t.Fatal(err)
		}
	}
	await("what was decided", settled)
	steps := map[string]int{}
	clear(times)
	for _, m := range server.Taken() {
		times[m.MessageID]++
		steps[regexp.MustCompile(`step-\d+-\d+`).FindString(m.Text)]++
	}
	for id, n := range times {
		if n != 1 {
			t.Errorf("%s was sent %d times", id, n)
		}
	}
	if len(times) != persons*each || len(steps) != persons*each {
		t.Errorf("%d mails about %d things were taken, of %d", len(times), len(steps), persons*each)
	}
	t.Logf("%d kills: %d mails, each once; %d were in doubt, %d of them not taken", kills, len(times),
		len(doubtful), lost)
}

// fillWithSteps makes people with next steps that are due today, and returns an admin.
func fillWithSteps(t *testing.T, db *storetest.DB, persons, each int) (admin uuid.UUID) {
	t.Helper()
	east := storetest.Park(t, db, "east")
	project, code := storetest.Project(t, db, east, "P", false), "east"
	for i := range persons + 1 {
		who := people.Newcomer{Login: fmt.Sprint("p", i), Name: "P", Roles: []people.Grant{{Park: &code,
			Role: people.Planner}}}
		if i == persons {
			who.Roles = []people.Grant{{Role: people.Admin}}
		}
		a, _, err := people.Of(db.Store).AddAccount(t.Context(), who)
		if err != nil {
			t.Fatal(err)
		}
		if i == persons {
			return a.ID
		}
		for _, sql := range []string{
			`INSERT INTO reminder_setting (account_id, hour, digest, email, confirmed_at)
				VALUES ($1, 0, false, $2 || '@example.cn', now())`,
			`INSERT INTO project_visit (district_id, project_id, visited_on, note, next_step, due, noted_by)
				SELECT district_id, project_id, project_today(j), 'n', 'step-' || substr($2, 2) || '-' || n, project_today(j), $1
				  FROM project j, generate_series(1, $3::int) n WHERE project_id = $4`,
		} {
			args := []any{a.ID, who.Login, each, project}
			if strings.Contains(sql, "reminder_setting") {
				args = args[:2]
			}
			if _, err := db.Owner.Exec(t.Context(), sql, args...); err != nil {
				t.Fatal(err)
			}
		}
	}
	return admin
}
