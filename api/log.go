package api

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgconn"

	"luodi/api/problem"
	"luodi/message"
)

// Requests may hold personal data, and erasing a person does not reach the log. So a log line holds no value of a
// body or a query. A refused request is logged by its problem type; a failed one by its error without the quoted
// parts, because errors quote the input they could not read.

const (
	mostLine  = 4 << 10 // bytes of a line of the log
	mostError = 2 << 10
	mostPath  = 256
)

// Lines wraps a log writer and cuts lines at 4 KiB, so that no request can fill the disk. Each write is one line, as
// slog's handlers write.
func Lines(w io.Writer) io.Writer { return lines{w} }

type lines struct{ io.Writer }

func (l lines) Write(line []byte) (int, error) {
	if len(line) > mostLine {
		const cut = "…\n"
		kept := shortened(string(line), mostLine-len(cut))
		if _, err := io.WriteString(l.Writer, kept+cut); err != nil {
			return 0, err
		}
		return len(line), nil
	}
	return l.Writer.Write(line)
}

// shortened keeps at most n bytes of a text, in whole characters.
func shortened(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}

// failure is what the log says of the error that a request ended with.
func failure(err error, status int) []slog.Attr {
	if err == nil {
		return nil
	}
	told := problem.From(err, message.EN)
	if status >= http.StatusBadRequest && status < http.StatusInternalServerError ||
		told.Status < http.StatusInternalServerError {
		return []slog.Attr{slog.String("problem", told.Type)}
	}
	return []slog.Attr{slog.String("problem", told.Type), slog.String("error", errorText(err))}
}

var quoted = regexp.MustCompile(`"(\\.|[^"\\])*"?|'[^']*'?|“[^”]*”?`)

// errorText is an error without what it quotes. That the public would read a false word (data_corrupted) is told whole:
// all of it is ours.
func errorText(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "XX001" {
		return shortened(err.Error(), mostError)
	}
	return shortened(quoted.ReplaceAllLiteralString(err.Error(), `"…"`), mostError)
}
