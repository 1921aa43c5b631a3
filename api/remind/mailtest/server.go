// Package mailtest is a mail server on this machine, for tests: it takes mails by SMTP and keeps them.
package mailtest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"math/big"
	"mime"
	"net"
	"net/mail"
	"sync"
	"testing"
	"time"

	"encoding/base64"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Mail is a mail that was taken.
type Mail struct {
	From, To  string
	Header    mail.Header
	Subject   string
	Text      string
	Raw       []byte
	MessageID string
}

// Server keeps the mails that it takes. What it does with each of them may be set before it is sent one.
type Server struct {
	Port  int
	Roots *x509.CertPool

	mu       sync.Mutex
	taken    []Mail
	answer   func(Mail) error
	slow     time.Duration
	password string
	logins   int
}

// New starts a server on the loopback interface; the end of the test stops it. It offers STARTTLS, and takes who
// signs in with the password, or anybody where that is "".
func New(t testing.TB, password string) *Server {
	t.Helper()
	certificate, roots := certificate(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Port: listener.Addr().(*net.TCPAddr).Port, Roots: roots, password: password}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session,
		error) {
		return &session{server: s}, nil
	}))
	server.Domain, server.AllowInsecureAuth = "localhost", true
	server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}}
	done := make(chan struct{})
	go func() { _ = server.Serve(listener); close(done) }()
	t.Cleanup(func() { _ = server.Close(); <-done })
	return s
}

// Answer sets what is said to each mail, once it is read to its end; nil: it is taken.
func (s *Server) Answer(to func(Mail) error, slow time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer, s.slow = to, slow
}

// Taken are the mails taken so far.
func (s *Server) Taken() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail(nil), s.taken...)
}

// Logins counts who signed in.
func (s *Server) Logins() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.logins
}

type session struct {
	server   *Server
	from, to string
}

func (c *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (c *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, _, password string) error {
		if password != c.server.password {
			return smtp.ErrAuthFailed
		}
		c.server.mu.Lock()
		defer c.server.mu.Unlock()
		c.server.logins++
		return nil
	}), nil
}

func (c *session) Mail(from string, _ *smtp.MailOptions) error { c.from = from; return nil }
func (c *session) Rcpt(to string, _ *smtp.RcptOptions) error   { c.to = to; return nil }
func (c *session) Reset()                                      {}
func (c *session) Logout() error                               { return nil }

// Data takes a mail whose end has come; what breaks off before it is dropped.
func (c *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m := Mail{From: c.from, To: c.to, Raw: raw}
	read, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	m.Header, m.MessageID = read.Header, read.Header.Get("Message-ID")
	if m.Subject, err = new(mime.WordDecoder).DecodeHeader(read.Header.Get("Subject")); err != nil {
		return err
	}
	text, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, read.Body))
	if err != nil {
		return err
	}
	m.Text = string(text)
	s := c.server
	s.mu.Lock()
	if s.answer != nil {
		if err := s.answer(m); err != nil {
			s.mu.Unlock()
			return err
		}
	}
	s.taken = append(s.taken, m)
	slow := s.slow
	s.mu.Unlock()
	time.Sleep(slow) // between taking a mail and saying so
	return nil
}

func certificate(t testing.TB) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IsCA: true,
		BasicConstraintsValid: true, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"localhost"},
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}
