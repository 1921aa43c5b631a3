package main

import (
	"context"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"

	"luodi/api/remind"
	"luodi/data/reminder"
	"luodi/data/store"
	"luodi/geo"
)

// mailServer are the settings of reminders by mail. Without a host none is sent, and nothing asked of any machine.
type mailServer struct {
	Host         string          `help:"Mail server for reminders; none are mailed without it." placeholder:"HOST" env:"LUODI_SMTP_HOST"`
	Port         uint16          `help:"Its port; by default 587, with TLS 465." env:"LUODI_SMTP_PORT"`
	TLS          remind.Security `help:"starttls, tls, or none for a server on this machine." enum:"starttls,tls,none" default:"starttls" env:"LUODI_SMTP_TLS" name:"tls"`
	User         string          `help:"Who signs in there; nobody without it." env:"LUODI_SMTP_USER"`
	PasswordFile string          `help:"File with the password, in its first line." placeholder:"FILE" env:"LUODI_SMTP_PASSWORD_FILE"`
	From         string          `help:"Address that the mails come from." placeholder:"ADDRESS" env:"LUODI_SMTP_FROM"`
	Patience     time.Duration   `help:"How long each answer of the mail server is awaited." default:"1m" env:"LUODI_SMTP_PATIENCE"`
}

// mails are the options of the sender of reminders; nil where no mail server is set.
func (s serveCmd) mails() (*remind.Options, error) {
	m := s.SMTP
	if m.Host == "" {
		return nil, nil
	}
	from, err := reminder.ParseAddress(m.From)
	if err != nil {
		return nil, geo.NewInvalid("smtp-from", "reminder.email", m.From)
	}
	if m.Patience < time.Second || m.Patience > 10*time.Minute {
		return nil, geo.NewInvalid("smtp-patience", "mail.patience", m.Patience.String())
	}
	o := &remind.Options{URL: s.PublicURL, Patience: m.Patience, Server: remind.Server{Host: m.Host, Port: int(m.Port),
		Security: m.TLS, User: m.User, From: from}}
	if m.Port == 0 {
		if o.Port = 587; m.TLS == remind.TLS {
			o.Port = 465
		}
	}
	if m.PasswordFile != "" {
		text, err := os.ReadFile(m.PasswordFile)
		if err != nil {
			return nil, err
		}
		o.Password, _, _ = strings.Cut(strings.ReplaceAll(string(text), "\r", ""), "\n")
	}
	return o, nil
}

// remindPeople sends reminders until ctx ends or stop is called, which waits for the mail under way.
func remindPeople(ctx context.Context, s *store.Store, o *remind.Options, log *slog.Logger) (stop func()) {
	if o == nil {
		return func() {}
	}
	o.Logger = log
	ctx, cancel := context.WithCancel(ctx)
	var group sync.WaitGroup
	group.Go(func() { remind.NewSender(s, *o).Run(ctx) })
	return func() { cancel(); group.Wait() }
}
