package remind

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Security is how the connection to the mail server is kept secret.
type Security string

// The ways: by STARTTLS, which must be offered; by TLS from the first byte; or not at all, for a server on this
// machine.
const (
	StartTLS Security = "starttls"
	TLS      Security = "tls"
	Plain    Security = "none"
)

// Server is where mails are handed over, and as whom.
type Server struct {
	Host     string // "": no mail is sent, and nothing asked of anyone
	Port     int
	Security Security
	User     string // "": without signing in
	Password string
	From     string         // the address of the sender
	Roots    *x509.CertPool // nil: the system's
}

// Errors of settings.
var (
	errNoTLS       = errors.New("the mail server offers no STARTTLS")
	errOpenSecret  = errors.New("a password is sent to another machine only over TLS")
	errNoMechanism = errors.New("the mail server takes neither PLAIN nor LOGIN")
)

// link is a connection to the mail server, used for one mail after another.
type link struct {
	*smtp.Client
}

// dial connects, and signs in where there is a user. Each answer is awaited for patience at the longest.
func (s Server) dial(ctx context.Context, patience time.Duration) (*link, error) {
	dialer := net.Dialer{Timeout: patience}
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(s.Host, strconv.Itoa(s.Port)))
	if err != nil {
		return nil, err
	}
	_ = conn.SetDeadline(time.Now().Add(2 * patience)) // of greeting and handshake; commands set their own
	config := &tls.Config{ServerName: s.Host, RootCAs: s.Roots, MinVersion: tls.VersionTLS12}
	var c *smtp.Client
	switch s.Security {
	case TLS:
		c = smtp.NewClient(tls.Client(conn, config))
	case Plain:
		c = smtp.NewClient(conn)
	default:
		if c, err = smtp.NewClientStartTLS(conn, config); err != nil {
			_ = conn.Close()
			return nil, fmt.Errorf("%w: %w", errNoTLS, err)
		}
	}
	c.CommandTimeout, c.SubmissionTimeout = patience, patience
	if err := s.signIn(c); err != nil {
		_ = c.Close()
		return nil, err
	}
	return &link{c}, nil
}

func (s Server) signIn(c *smtp.Client) error {
	if err := c.Hello(hostOf(s.From)); err != nil || s.User == "" {
		return err
	}
	if _, secure := c.TLSConnectionState(); !secure && !loopback(s.Host) {
		return errOpenSecret
	}
	switch {
	case c.SupportsAuth(sasl.Plain):
		return c.Auth(sasl.NewPlainClient("", s.User, s.Password))
	case c.SupportsAuth(sasl.Login):
		return c.Auth(sasl.NewLoginClient(s.User, s.Password))
	}
	return errNoMechanism
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// outcome is what became of a mail.
type outcome struct {
	reply int   // the server's code; 0: it said none
	err   error // nil: taken
	// The end of the mail may have reached the server: without a reply nobody knows whether it was taken.
	handed bool
}

// send hands a mail over. Just before the end of it is sent, hand is asked, which notes that from then on it may have
// been taken.
func (l *link) send(from, to string, body io.WriterTo, hand func() error) outcome {
	if err := l.Mail(from, nil); err != nil {
		return refusedBy(err)
	}
	if err := l.Rcpt(to, nil); err != nil {
		return refusedBy(err)
	}
	data, err := l.Data()
	if err != nil {
		return refusedBy(err)
	}
	if _, err := body.WriteTo(data); err != nil { // without its last line a mail is not taken (RFC 5321, 4.1.1.4)
		return outcome{err: err}
	}
	if err := hand(); err != nil {
		return outcome{err: err}
	}
	_, err = data.CloseWithResponse()
	out := refusedBy(err)
	out.handed = true
	if err == nil {
		out.reply = 250
	}
	return out
}

func refusedBy(err error) outcome {
	var said *smtp.SMTPError
	if errors.As(err, &said) {
		return outcome{reply: said.Code, err: err}
	}
	return outcome{err: err}
}
