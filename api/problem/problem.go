// Package problem is the one table from errors to answers: an RFC 9457 problem with a stable type, in Chinese or
// English. The text of an unknown error is only logged.
package problem

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"luodi/data/store"
	"luodi/geo"
	"luodi/message"
)

// Challenge is the WWW-Authenticate header that goes with every 401 (RFC 9110, 15.5.2).
const Challenge = `Bearer realm="luodi"`

// MediaType is what problems are sent as.
const MediaType = "application/problem+json"

// Problem is the body of a failed answer (RFC 9457). Field, Expected and Got are set where one value was refused.
type Problem struct {
	Type     string `json:"type" doc:"Stable; the path of a page that explains it." example:"/problems/invalid-parameter"`
	Title    string `json:"title"`
	Status   int    `json:"status"`
	Detail   string `json:"detail,omitempty"`
	Field    string `json:"field,omitempty" doc:"The value that was refused."`
	Expected string `json:"expected,omitempty" doc:"What would have been accepted."`
	Got      string `json:"got,omitempty"`
	Report   any    `json:"report,omitempty" doc:"Of an import: the report, with every row that is refused and why."`
	Change
}

// Error and GetStatus make a Problem what huma sends as an error.
func (p *Problem) Error() string { return p.Title + ": " + p.Detail }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is application/problem+json, whatever was negotiated.
func (p *Problem) ContentType(string) string { return MediaType }

// Kind is one row of the table.
type Kind struct {
	Slug   string // the last segment of the type, and the key of its texts
	Status int
	retry  int // seconds after which to try again; 0: not at all
}

// The kinds of problems.
var (
	InvalidParameter   = Kind{Slug: "invalid-parameter", Status: http.StatusBadRequest}
	UnknownParameter   = Kind{Slug: "unknown-parameter", Status: http.StatusBadRequest}
	NotFound           = Kind{Slug: "not-found", Status: http.StatusNotFound}
	MethodNotAllowed   = Kind{Slug: "method-not-allowed", Status: http.StatusMethodNotAllowed}
	NotAcceptable      = Kind{Slug: "not-acceptable", Status: http.StatusNotAcceptable}
	TooLong            = Kind{Slug: "too-long", Status: http.StatusRequestURITooLong}
	Conflict           = Kind{Slug: "conflict", Status: http.StatusConflict}
	Refused            = Kind{Slug: "refused", Status: http.StatusConflict}
	Undecided          = Kind{Slug: "undecided", Status: http.StatusConflict}
	Stale              = Kind{Slug: "stale", Status: http.StatusPreconditionFailed}
	Unconditional      = Kind{Slug: "version-required", Status: http.StatusPreconditionRequired}
	InvalidRequirement = Kind{Slug: "invalid-requirement", Status: http.StatusUnprocessableEntity}
	ImportRefused      = Kind{Slug: "import-refused", Status: http.StatusUnprocessableEntity}
	TooLarge           = Kind{Slug: "too-large", Status: http.StatusRequestEntityTooLarge}
	KeyReused          = Kind{Slug: "key-reused", Status: http.StatusUnprocessableEntity}
	SignIn             = Kind{Slug: "sign-in", Status: http.StatusUnauthorized}
	WrongCredentials   = Kind{Slug: "wrong-credentials", Status: http.StatusUnauthorized}
	Forbidden          = Kind{Slug: "forbidden", Status: http.StatusForbidden}
	TooMany            = Kind{Slug: "too-many", Status: http.StatusTooManyRequests}
	Overtaken          = Kind{Slug: "overtaken", Status: http.StatusServiceUnavailable, retry: 1}
	Unavailable        = Kind{Slug: "unavailable", Status: http.StatusServiceUnavailable, retry: 2}
	Outdated           = Kind{Slug: "database-outdated", Status: http.StatusServiceUnavailable, retry: 5}
	// the same again would meet the same page: no retry
	Damaged   = Kind{Slug: "damaged", Status: http.StatusServiceUnavailable}
	TooCostly = Kind{Slug: "too-costly", Status: http.StatusServiceUnavailable, retry: 5}
	Full      = Kind{Slug: "full", Status: http.StatusInsufficientStorage}
	Internal  = Kind{Slug: "internal", Status: http.StatusInternalServerError}
)

// Kinds lists every kind, for the pages that explain them.
func Kinds() []Kind {
	return []Kind{InvalidParameter, UnknownParameter, NotFound, MethodNotAllowed, NotAcceptable, TooLong, Conflict, Refused,
		Undecided, Stale, Unconditional, InvalidRequirement, ImportRefused, TooLarge, KeyReused, SignIn, WrongCredentials, Forbidden, TooMany,
		Overtaken, Unavailable, Outdated, Damaged, TooCostly, Full, Internal}
}

// Title is the kind's name; About says when it arises and what to do.
func (k Kind) Title(lang message.Lang) string { return message.Text(lang, k.key()) }

// About explains the kind.
func (k Kind) About(lang message.Lang) string { return message.Text(lang, k.key()+".about") }

func (k Kind) key() string { return "api.problem." + k.Slug }

// table is asked from the top: the first error that matches decides.
var table = []struct {
	err  error
	kind Kind
}{
	{store.ErrKeyReused, KeyReused},
	{geo.ErrInvalid, InvalidParameter},
	{store.ErrInvalid, InvalidParameter},
	{store.ErrNotFound, NotFound},
	{store.ErrConflict, Conflict},
	{store.ErrRetry, Overtaken},
	{store.ErrRefused, Refused},
	{store.ErrForbidden, Forbidden},
	{store.ErrFull, Full},
	{store.ErrOutdated, Outdated},
	{store.ErrUnavailable, Unavailable},
	{store.ErrDamaged, Damaged},
	{context.DeadlineExceeded, Unavailable},
}

// Request is an error that only a request can have.
type Request struct {
	Kind     Kind
	Field    string
	Expected string // a key of the message table
	Args     []any  // of the message
	Got      string
	Say      string       // a key of the message table: what a person is told in sentences, with {expected} in its place
	Invalid  *geo.Invalid // the refusal of a value that this is; the other members are then empty
}

// Error implements error.
func (e *Request) Error() string {
	if e.Invalid != nil {
		return e.Kind.Slug + ": " + e.Invalid.Error()
	}
	return e.Kind.Slug + ": " + e.Field + " " + e.Got
}

// Unwrap gives the refusal of a value.
func (e *Request) Unwrap() error {
	if e.Invalid == nil {
		return nil
	}
	return e.Invalid
}

// Reported is an error that a whole report explains; its detail is in the reader's language already.
type Reported struct {
	Kind   Kind
	Detail string
	Report any
}

// Error implements error.
func (e *Reported) Error() string { return e.Kind.Slug + ": " + e.Detail }

// From finds the problem of an error.
func From(err error, lang message.Lang) *Problem {
	var ready *Problem
	if errors.As(err, &ready) {
		return ready
	}
	var told *Reported
	if errors.As(err, &told) {
		return &Problem{Type: "/problems/" + told.Kind.Slug, Title: told.Kind.Title(lang), Status: told.Kind.Status,
			Detail: told.Detail, Report: told.Report}
	}
	kind, change := changeOf(err, lang)
	if change == nil {
		kind, change = kindOf(err), &Change{}
	}
	p := &Problem{Type: "/problems/" + kind.Slug, Title: kind.Title(lang), Status: kind.Status, Detail: change.detail,
		Change: *change}
	var request *Request
	var invalid *geo.Invalid
	var missing *store.Missing
	switch {
	case p.Detail != "":
	case errors.As(err, &invalid):
		p.Field, p.Expected, p.Got = invalid.Field, Said(lang, invalid.Words), cut(Got(lang, invalid))
		if lang != message.EN {
			p.Said = Said(message.EN, invalid.Words)
		}
	case errors.As(err, &request):
		p.Field, p.Got = request.Field, cut(request.Got)
		p.Expected = message.Text(lang, request.Expected, request.Args...)
		if request.Say != "" {
			p.Detail = message.Text(lang, request.Say, "expected", p.Expected)
		}
	case errors.As(err, &missing):
		p.Field, p.Got = missing.Kind, cut(missing.Name)
		key := "api.missing." + missing.Kind
		p.Detail = message.Text(lang, key, "name", p.Got)
	}
	if p.Detail == "" {
		p.Detail = detail(p, kind, lang)
	}
	return p
}

// Said says a rule in a language.
func Said(lang message.Lang, words geo.Words) string {
	args := slices.Clone(words.Args)
	for i, arg := range args {
		if within, ok := arg.(geo.Words); ok {
			args[i] = Said(lang, within)
		}
	}
	return message.Text(lang, "rule."+string(words.Rule), args...)
}

// Got says in a language which value was received.
func Got(lang message.Lang, invalid *geo.Invalid) string {
	if invalid.Came != nil {
		return Said(lang, *invalid.Came)
	}
	return invalid.Got
}

func kindOf(err error) Kind {
	var request *Request
	if errors.As(err, &request) {
		return request.Kind
	}
	for _, known := range []error{err, store.KindOf(err)} {
		for _, row := range table {
			if errors.Is(known, row.err) {
				return row.kind
			}
		}
	}
	return Internal
}

func detail(p *Problem, kind Kind, lang message.Lang) string {
	if p.Field != "" && p.Expected != "" {
		return message.Text(lang, "api.problem.detail", "field", p.Field, "expected", p.Expected, "got", p.Got)
	}
	return kind.About(lang)
}

// cut bounds the echo of what a caller sent.
func cut(s string) string {
	const most = 120
	s = strings.ToValidUTF8(s, "\uFFFD")
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// Write answers a request with the problem of an error, and reports it.
func Write(w http.ResponseWriter, r *http.Request, err error) {
	Report(r.Context(), err)
	lang := Lang(r)
	p := From(err, lang)
	h := w.Header()
	for _, name := range []string{"ETag", "Content-Encoding", "Content-Length", "Content-Disposition",
		"Last-Modified"} {
		h.Del(name)
	}
	h.Set("Content-Type", MediaType)
	h.Set("Content-Language", string(lang))
	h.Set("Cache-Control", "no-store")
	if retry := RetryAfter(p.Status, p.Type); retry != "" {
		h.Set("Retry-After", retry)
	}
	if p.Status == http.StatusUnauthorized && h.Get("WWW-Authenticate") == "" {
		h.Set("WWW-Authenticate", Challenge)
	}
	w.WriteHeader(p.Status)
	if r.Method != http.MethodHead {
		_ = json.NewEncoder(w).Encode(p) // the status is out: a broken connection is all that can fail
	}
}

// RetryAfter is the header of a problem worth another try, "" for others.
func RetryAfter(status int, uri string) string {
	for _, kind := range Kinds() {
		if kind.retry > 0 && kind.Status == status && uri == "/problems/"+kind.Slug {
			return strconv.Itoa(kind.retry)
		}
	}
	return ""
}

// Lang is the language a request asks for: lang=zh|en, then Accept-Language, then Chinese.
func Lang(r *http.Request) message.Lang {
	switch r.URL.Query().Get("lang") {
	case "zh":
		return message.ZH
	case "en":
		return message.EN
	}
	return message.FromAcceptLanguage(r.Header.Get("Accept-Language"))
}
