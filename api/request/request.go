// Package request parses and validates requests strictly: an unknown, repeated or malformed parameter is refused by
// name.
package request

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"luodi/api/problem"
	"luodi/geo"
	"luodi/message"
)

// Format is a form of an answer.
type Format string

// The formats.
const (
	JSON Format = "json"
	HTML Format = "html"
)

// MaxQuery is how long a query string may be, in bytes.
const MaxQuery = 16 << 10

// Query is a request's parameters, each at most once.
type Query map[string]string

// ParseQuery reads the parameters of a request. It refuses a parameter that is unknown, repeated, badly escaped or
// not UTF-8.
func ParseQuery(r *http.Request, allowed ...string) (Query, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, &problem.Request{Kind: problem.InvalidParameter, Field: "query", Expected: "api.expected.query",
			Got: r.URL.RawQuery}
	}
	q := Query{}
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		switch texts := values[name]; {
		case !slices.Contains(allowed, name):
			return nil, &problem.Request{Kind: problem.UnknownParameter, Field: name, Expected: "api.expected.one_of",
				Args: []any{"values", strings.Join(allowed, ", ")}, Got: name}
		case len(texts) > 1:
			return nil, &problem.Request{Kind: problem.InvalidParameter, Field: name, Expected: "api.expected.once",
				Got: strings.Join(texts, " & ")}
		case !utf8.ValidString(texts[0]) || strings.ContainsRune(texts[0], 0):
			return nil, &problem.Request{Kind: problem.InvalidParameter, Field: name, Expected: "api.expected.utf8",
				Got: strconv.QuoteToASCII(texts[0])}
		default:
			q[name] = texts[0]
		}
	}
	return q, nil
}

// Valued refuses named parameters that are present but empty, such as "project=" for an id. Read as absent,
// "project=" would not filter, and "preview=" would carry out the order that the caller meant to preview.
func (q Query) Valued(names ...string) error {
	for _, name := range names {
		if text, given := q[name]; given && text == "" {
			return &problem.Request{Kind: problem.InvalidParameter, Field: name, Expected: "api.expected.blank", Got: `""`}
		}
	}
	return nil
}

// Lang is the language of the answer; a lang that is neither zh nor en is refused.
func (q Query) Lang(r *http.Request) (message.Lang, error) {
	switch lang, given := q["lang"]; {
	case !given:
		return message.FromAcceptLanguage(r.Header.Get("Accept-Language")), nil
	case lang == string(message.ZH) || lang == string(message.EN):
		return message.Lang(lang), nil
	default:
		return "", geo.NewInvalid("lang", "one_of", lang, "values", "zh, en")
	}
}

// Limit reads a positive whole number: absent gives fallback, more than most gives most.
func (q Query) Limit(fallback, most int) (int, error) {
	text, given := q["limit"]
	if !given {
		return fallback, nil
	}
	if text == "" || strings.Trim(text, "0123456789") != "" || strings.Trim(text, "0") == "" {
		return 0, geo.NewInvalid("limit", "number.whole_from_1", text)
	}
	n, err := strconv.Atoi(text)
	if err != nil || n > most { // only too many digits can fail here
		return most, nil
	}
	return n, nil
}

// Base is the scheme and host that the request came to, and the path under which a proxy serves this server, for
// absolute links.
func Base(r *http.Request) string {
	scheme := "http"
	if OverTLS(r) {
		scheme = "https"
	}
	return scheme + "://" + r.Host + PathPrefix(r)
}

// OverTLS reports whether the caller speaks https: to this server, or to the proxy in front. What a caller writes of a
// proxy that isn't there never comes so far: see Forwarded.
func OverTLS(r *http.Request) bool {
	all := strings.Join(r.Header.Values("X-Forwarded-Proto"), ",")
	return r.TLS != nil || strings.EqualFold(strings.TrimSpace(all[strings.LastIndexByte(all, ',')+1:]), "https")
}

// Forwarded takes away, unless every request comes through a proxy, the headers in which proxies name whom they speak
// for: anybody can write them.
func Forwarded(behindProxy bool) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		if behindProxy {
			return next
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for name := range r.Header {
				if name == "Forwarded" || strings.HasPrefix(name, "X-Forwarded-") || name == "X-Real-Ip" {
					r.Header.Del(name)
				}
			}
			next.ServeHTTP(w, r)
		})
	}
}

// Encode writes the parameters in a fixed order.
func (q Query) Encode() string {
	values := url.Values{}
	for name, text := range q {
		values.Set(name, text)
	}
	return values.Encode()
}
