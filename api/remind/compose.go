package remind

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"mime"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"luodi/data/registry"
	"luodi/data/reminder"
	"luodi/message"
)

// errNothing says that there is nothing left to tell, or nowhere to tell it.
var errNothing = errors.New("nothing to tell")

// compose writes a mail of what its person may see now. told keeps the tasks of those whose mails are sent together.
func (s *Sender) compose(ctx context.Context, m reminder.Mail, told map[uuid.UUID][]registry.Task) (*bytes.Buffer,
	error) {
	if m.Email == nil {
		return nil, errNothing
	}
	lang := message.Lang(m.Lang)
	if m.Kind == "confirm" {
		code, err := s.reminders.NewCode(ctx, m.Account)
		if err != nil {
			return nil, err
		}
		return s.write(m, lang, message.Text(lang, "remind.confirm.subject"), message.Text(lang,
			"remind.confirm", "code", code)), nil
	}
	tasks, known := told[m.Account]
	if !known {
		var err error
		if tasks, err = Tasks(ctx, s.people, s.registry, m.Account); err != nil {
			return nil, err
		}
		told[m.Account] = tasks
	}
	still := map[reminder.Fact]bool{}
	for _, f := range m.Facts {
		still[f] = true
	}
	var lines []string
	for _, t := range tasks {
		if still[fact(t)] {
			lines = append(lines, Line(lang, t))
		}
	}
	if len(lines) == 0 {
		return nil, errNothing
	}
	subject := message.Text(lang, "remind.subject", "n", len(lines))
	if len(lines) == 1 {
		subject = message.Text(lang, "remind.subject.one", "what", lines[0])
	}
	body := "• " + strings.Join(lines, "\n• ") + "\n\n"
	if s.URL != "" {
		body += message.Text(lang, "remind.open", "url", s.taskPage()) + "\n"
	}
	return s.write(m, lang, subject, body+message.Text(lang, "remind.stop")+"\n"), nil
}

func (s *Sender) taskPage() string { return strings.TrimRight(s.URL, "/") + "/?tasks" }

// Line tells a task in a line.
func Line(lang message.Lang, t registry.Task) string {
	name, what := orEmpty(t.NameZH), t.WhatZH
	if lang == message.EN {
		name, what = orEmpty(t.NameEN), t.WhatEN
	}
	args := []any{"project", oneLine(name), "code", oneLine(orEmpty(t.Code)), "what", oneLine(what), "park",
		orEmpty(t.Park)}
	line := message.Text(lang, "remind.line."+t.Kind, args...)
	switch {
	case t.Due == nil || t.Kind == "turn":
		return line
	case *t.Days < 0:
		return line + message.Text(lang, "remind.overdue", "day", *t.Due, "n", -*t.Days)
	}
	return line + message.Text(lang, "remind.due", "day", *t.Due)
}

func orEmpty(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// oneLine leaves no character in a text that could end a line or turn its direction.
func oneLine(text string) string {
	return strings.Map(func(c rune) rune {
		if unicode.In(c, unicode.Cc, unicode.Zl, unicode.Zp, unicode.Bidi_Control) {
			return ' '
		}
		return c
	}, text)
}

const mostSubject = 120 // characters

// write writes a mail as RFC 5322 has it: text in UTF-8, as base64 in lines of 76. Its Message-ID is the row's, the
// same at each try.
func (s *Sender) write(m reminder.Mail, lang message.Lang, subject, body string) *bytes.Buffer {
	if short := []rune(oneLine(subject)); len(short) > mostSubject {
		subject = string(short[:mostSubject-1]) + "…"
	}
	var b bytes.Buffer
	head := func(name, value string) { _, _ = fmt.Fprintf(&b, "%s: %s\r\n", name, value) }
	head("From", s.From)
	head("To", *m.Email)
	head("Subject", encoded(oneLine(subject)))
	head("Date", time.Now().Format(time.RFC1123Z))
	head("Message-ID", messageID(m.ID, s.From))
	head("Auto-Submitted", "auto-generated")
	if m.Kind == "reminders" && s.URL != "" {
		head("List-Unsubscribe", "<"+strings.TrimRight(s.URL, "/")+"/?account>")
	}
	head("MIME-Version", "1.0")
	head("Content-Language", string(lang))
	head("Content-Type", "text/plain; charset=utf-8")
	head("Content-Transfer-Encoding", "base64")
	b.WriteString("\r\n")
	text := base64.StdEncoding.EncodeToString([]byte(strings.ReplaceAll(body, "\n", "\r\n")))
	for len(text) > 76 {
		b.WriteString(text[:76] + "\r\n")
		text = text[76:]
	}
	b.WriteString(text + "\r\n")
	return &b
}

// encoded is a header's text in words of at most 75 characters, each in a line of its own.
func encoded(text string) string {
	word := mime.BEncoding.Encode("utf-8", text)
	if !strings.HasPrefix(word, "=?") {
		return word
	}
	return "\r\n " + strings.ReplaceAll(word, "?= =?", "?=\r\n =?")
}

func messageID(id uuid.UUID, from string) string { return "<" + id.String() + "@" + hostOf(from) + ">" }

func hostOf(from string) string { return from[strings.LastIndexByte(from, '@')+1:] }
