package api

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/go-chi/cors"
	"github.com/google/uuid"

	"luodi/api/ogc"
	"luodi/api/problem"
	"luodi/api/request"
	"luodi/message"
)

// requestName is what a caller may name its request, so that its log and ours can be laid side by side.
var requestName = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// observe names each request, keeps a panic from ending more than it, counts and logs it once at its end, together with
// the error its caller was not told.
func observe(log *slog.Logger, m *metrics) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Context().Value(withinKey{}) != nil {
				next.ServeHTTP(w, r)
				return
			}
			id := r.Header.Get("X-Request-Id")
			if !requestName.MatchString(id) {
				id = uuid.Must(uuid.NewV7()).String()
			}
			w.Header().Set("X-Request-Id", id)
			var failed error
			r = r.WithContext(problem.WithReport(r.Context(), func(err error) { failed = err }))
			out := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
			start := time.Now()
			m.flying.Inc()
			defer func() {
				m.flying.Dec()
				abort := recovered(recover(), out, r, &failed)
				route, took := chi.RouteContext(r.Context()).RoutePattern(), time.Since(start)
				status := ended(r, out.Status())
				m.took.WithLabelValues(route, methodLabel(r.Method), statusClass(status)).Observe(took.Seconds())
				logRequest(r, log, []slog.Attr{slog.String("request", id), slog.Duration("took", took)}, out,
					status, failed)
				if abort {
					panic(http.ErrAbortHandler)
				}
			}()
			next.ServeHTTP(out, r)
		})
	}
}

// recovered answers a panic with 500 where nothing was sent yet. It reports whether the connection is to be cut
// instead.
func recovered(panicked any, out middleware.WrapResponseWriter, r *http.Request, failed *error) (abort bool) {
	switch {
	case panicked == nil:
		return false
	case panicked == http.ErrAbortHandler:
		return true
	}
	err := fmt.Errorf("panic: %v\n%s", panicked, debug.Stack())
	if out.Status() == 0 {
		problem.Write(out, r, err)
	}
	*failed = err
	return out.Status() == 0 || out.BytesWritten() > 0 &&
		!strings.HasPrefix(out.Header().Get("Content-Type"), problem.MediaType)
}

// methodLabel keeps the names that callers make up out of the metrics, which remember every one for ever.
func methodLabel(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete,
		http.MethodOptions:
		return method
	}
	return "other"
}

func statusClass(status int) string { return strconv.Itoa(status/100) + "xx" }

// statusLeft is the status of a request whose caller left before its answer: nobody reads it but the log and the
// metrics, in which it is no failure of ours.
const statusLeft = 499

// ended is the status with which a request counts.
func ended(r *http.Request, status int) int {
	if status >= http.StatusInternalServerError && errors.Is(r.Context().Err(), context.Canceled) {
		return statusLeft
	}
	return max(status, http.StatusOK)
}

func logRequest(r *http.Request, log *slog.Logger, fields []slog.Attr, out middleware.WrapResponseWriter,
	status int, failed error) {
	fields = append(fields, slog.String("method", r.Method), slog.String("path", shortened(r.URL.Path, mostPath)),
		slog.Int("status", status), slog.Int("bytes", out.BytesWritten()), slog.String("from", r.RemoteAddr))
	fields = append(fields, failure(failed, status)...)
	switch {
	case failed != nil && ours(failed, status) && r.Context().Err() == nil:
		log.LogAttrs(r.Context(), slog.LevelError, "request failed", fields...)
	default:
		log.LogAttrs(r.Context(), slog.LevelInfo, "request", fields...)
	}
}

// ours reports a failure that the operator should look at: an answer of 500 and above, or one broken off for such a
// reason. A stream that ends because its reader may no longer have it began with 200, and nothing failed.
func ours(failed error, status int) bool {
	if status >= http.StatusBadRequest {
		return status >= http.StatusInternalServerError
	}
	return problem.From(failed, message.EN).Status >= http.StatusInternalServerError
}

// policy lets the page use what MapLibre needs, its worker and images made in memory, and nothing of other origins.
const policy = "default-src 'self'; worker-src 'self' blob:; img-src 'self' data: blob:; style-src 'self' " +
	"'unsafe-inline'; " +
	"object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"

// policyFor is the policy of the map's page, which fetches backgrounds from those origins too.
func policyFor(hosts []string) string {
	if len(hosts) == 0 {
		return policy
	}
	return policy + "; connect-src 'self' " + strings.Join(hosts, " ")
}

// always are headers of every answer, with names in their canonical form. A header that is set replaces its values and
// never changes them, so all answers share these.
var always = []struct {
	name   string
	values []string
}{
	{"Content-Security-Policy", []string{policy}},
	{"X-Content-Type-Options", []string{"nosniff"}},
	{"Referrer-Policy", []string{"same-origin"}},
	{"Cross-Origin-Opener-Policy", []string{"same-origin"}},
}

func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		for _, header := range always {
			h[header.name] = header.values
		}
		if strings.HasPrefix(r.URL.Path, firmPath) {
			h.Set("Referrer-Policy", "no-referrer")
		}
		if request.OverTLS(r) { // over plain http browsers ignore it, and a machine of one's own has no certificate
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// crossOrigin lets other web maps read the feeds: without a cookie, which no browser sends to an answer for every
// origin, but with a token that the map's own page holds.
func crossOrigin(next http.Handler) http.Handler {
	open := cors.Handler(cors.Options{
		AllowedOrigins: []string{"*"},
		AllowedMethods: []string{http.MethodGet, http.MethodHead, http.MethodOptions},
		AllowedHeaders: []string{"Accept", "Accept-Language", "Authorization", "Content-Type", "If-None-Match",
			"X-Request-Id"},
		ExposedHeaders: []string{"ETag", "Link", "Content-Crs", "Content-Language", "WWW-Authenticate", "Retry-After",
			"X-Request-Id"},
		MaxAge: 86400,
	})(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, ogc.Prefix) || strings.HasPrefix(r.URL.Path, ogc.XYZPrefix+"/") ||
			strings.HasPrefix(r.URL.Path, "/api") {
			open.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func boundLength(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.RequestURI) > request.MaxQuery {
			problem.Write(w, r, &problem.Request{Kind: problem.TooLong, Field: "query", Expected: "api.expected.short",
				Args: []any{"n", request.MaxQuery}, Got: fmt.Sprint(len(r.RequestURI))})
			return
		}
		next.ServeHTTP(w, r)
	})
}

// stallChunk is how much of an answer must be taken within the stall limit.
const stallChunk = 256 << 10

// bodyStalls is how many times the stall limit a body may take in all: at the usual 30 s a megabyte may come at 9 kB/s,
// and the largest that is taken, a record with a file of 8 MiB, at 100 kB/s.
const bodyStalls = 4

// guardStalls cuts off a reader who takes nothing for a while, without limiting how long it may take in all, and a
// sender who announces a body and sends nothing of it for a while, or takes too long for the whole: a body holds a
// request that others could have.
func guardStalls(limit time.Duration) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			control := http.NewResponseController(w)
			if r.Body != nil && r.Body != http.NoBody {
				body := &bodyGuard{ReadCloser: r.Body, control: control, limit: limit,
					until: time.Now().Add(bodyStalls * limit)}
				body.extend() // the server itself waits for a body that no handler reads
				r = r.WithContext(context.WithValue(r.Context(), bodyKey{}, body))
				r.Body = body
			}
			next.ServeHTTP(&stallGuard{ResponseWriter: w, control: control, limit: limit}, r)
		})
	}
}

type bodyGuard struct {
	io.ReadCloser
	control *http.ResponseController
	limit   time.Duration
	until   time.Time
}

type bodyKey struct{}

// lengthenBody lets the body of a request take so long in all, from now on. Each piece of it is still waited for no
// longer than a stall.
func lengthenBody(ctx context.Context, within time.Duration) {
	if g, ok := ctx.Value(bodyKey{}).(*bodyGuard); ok {
		g.until = time.Now().Add(within)
		g.extend()
	}
}

// Read gives the sender time for the next piece. After the last the server listens for the caller's leaving, without a
// limit.
func (g *bodyGuard) Read(b []byte) (int, error) {
	n, err := g.ReadCloser.Read(b)
	if err == nil {
		g.extend()
	} else {
		_ = g.control.SetReadDeadline(time.Time{}) // a broken connection has no use for one
	}
	return n, err
}

func (g *bodyGuard) extend() {
	next := time.Now().Add(g.limit)
	if g.until.Before(next) {
		next = g.until
	}
	_ = g.control.SetReadDeadline(next) // as in tests, a reader may know no deadlines
}

type stallGuard struct {
	http.ResponseWriter
	control *http.ResponseController
	limit   time.Duration
}

func (g *stallGuard) Write(b []byte) (int, error) {
	written := 0
	for {
		piece := b[written:min(len(b), written+stallChunk)]
		if err := g.extend(); err != nil {
			return written, err
		}
		n, err := g.ResponseWriter.Write(piece)
		written += n
		if err != nil || written == len(b) {
			return written, err
		}
	}
}

func (g *stallGuard) WriteHeader(status int) {
	if g.extend() == nil {
		g.ResponseWriter.WriteHeader(status)
	}
}

// extend gives the reader time for the next piece. A writer that knows no deadlines, as in tests, has none.
func (g *stallGuard) extend() error {
	err := g.control.SetWriteDeadline(time.Now().Add(g.limit))
	if errors.Is(err, http.ErrNotSupported) {
		return nil
	}
	return err
}

// Flush sends the buffered bytes.
func (g *stallGuard) Flush() {
	if g.extend() == nil {
		_ = g.control.Flush() // the next write meets the same broken connection
	}
}

// Hijack hands the connection to a socket, which watches its writes itself. What stands above this writer looks for the
// method, not below it.
func (g *stallGuard) Hijack() (net.Conn, *bufio.ReadWriter, error) { return g.control.Hijack() }

// Unwrap gives http.ResponseController the writer below.
func (g *stallGuard) Unwrap() http.ResponseWriter { return g.ResponseWriter }
