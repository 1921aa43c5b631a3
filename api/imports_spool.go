package api

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"luodi/api/problem"
	"luodi/data/intake"
	"luodi/data/intake/file"
	"luodi/message"
)

// spoolName is what the files of requests are called while they are read.
const spoolName = "luodi-import-"

// spoolStale: a file this old is of a process that was killed.
const spoolStale = 24 * time.Hour

// spoolWithin bounds how long a file may take to come: at 256 MiB that is 150 kB/s.
const spoolWithin = 30 * time.Minute

// spooledFile is the body of a request as a file on the disk.
type spooledFile struct {
	path, checksum string
}

// spool writes a request's body into a temporary file and takes its SHA-256 on the way.
func spool(r *http.Request, most int64) (*spooledFile, error) {
	if r.ContentLength > most {
		return nil, tooLarge(r.ContentLength, most)
	}
	sweepSpool()
	lengthenBody(r.Context(), spoolWithin)
	out, err := os.CreateTemp("", spoolName+"*")
	if err != nil {
		return nil, fmt.Errorf("keep the file of a request: %w", err)
	}
	s, hash := &spooledFile{path: out.Name()}, sha256.New()
	n, err := io.Copy(io.MultiWriter(out, hash), io.LimitReader(r.Body, most+1))
	err = errors.Join(err, out.Close())
	switch {
	case n > most:
		err = tooLarge(n, most)
	case err != nil && errors.Is(err, os.ErrDeadlineExceeded):
		err = &problem.Request{Kind: problem.InvalidParameter, Field: "body", Expected: "api.value.body_in_time", Got: "-"}
	case err == nil && n == 0:
		err = &problem.Request{Kind: problem.InvalidParameter, Field: "body", Expected: "api.value.body", Got: "-"}
	}
	if err != nil {
		s.remove()
		return nil, err
	}
	s.checksum = hex.EncodeToString(hash.Sum(nil))
	return s, nil
}

func tooLarge(n, most int64) error {
	return &problem.Request{Kind: problem.TooLarge, Field: "body", Expected: "import.bytes",
		Args: []any{"n", most}, Got: strconv.FormatInt(n, 10)}
}

// remove takes the file away, and what SQLite may have left beside it.
func (s *spooledFile) remove() {
	for _, ending := range []string{"", "-journal", "-wal", "-shm"} {
		_ = os.Remove(s.path + ending)
	}
}

// hide takes the path on this server out of a fault: the sender knows the file by its name.
func (s *spooledFile) hide(fault *file.Fault, name string) {
	if fault.Field == s.path {
		fault.Field = name
	}
}

// sweepSpool removes what killed processes left.
func sweepSpool() {
	left, err := filepath.Glob(filepath.Join(os.TempDir(), spoolName+"*"))
	if err != nil {
		return
	}
	for _, path := range left {
		if stat, err := os.Lstat(path); err == nil && time.Since(stat.ModTime()) > spoolStale {
			_ = os.Remove(path)
		}
	}
}

// lineEvery is how often progress is told at most.
const lineEvery = 100 * time.Millisecond

// importLines is an answer in lines: {"step", "done", "total"} while it goes on, then {"report"} or {"problem"}.
type importLines struct {
	w       http.ResponseWriter
	control *http.ResponseController
	now     progressLine
	told    time.Time
}

type progressLine struct {
	Step  intake.ImportStep `json:"step"`
	Done  int64             `json:"done"`
	Total int64             `json:"total"`
}

func beginLines(w http.ResponseWriter) *importLines {
	h := w.Header()
	h.Set("Content-Type", ndjson)
	h.Set("X-Accel-Buffering", "no") // nginx would gather a stream
	h.Set(gzhttp.HeaderNoCompression, "1")
	w.WriteHeader(http.StatusOK)
	return &importLines{w: w, control: http.NewResponseController(w), now: progressLine{Step: "waits", Total: 1000}}
}

func (l *importLines) send(line any) {
	body, err := json.Marshal(line)
	if err != nil {
		return
	}
	_, _ = l.w.Write(append(body, '\n')) // who left is known by the request's context
	_ = l.control.Flush()
}

func (l *importLines) step(step intake.ImportStep) {
	l.now.Step, l.told = step, time.Now()
	l.send(l.now)
}

func (l *importLines) progress(done, total int64) {
	l.now.Done, l.now.Total = done, total
	if time.Since(l.told) >= lineEvery {
		l.told = time.Now()
		l.send(l.now)
	}
}

// end sends the last line. The status of the answer was sent long ago: what it would have been is in the line.
func (l *importLines) end(r *http.Request, lang message.Lang, status int, body any, err error) {
	if err == nil {
		l.send(map[string]any{"status": status, "report": body})
		return
	}
	problem.Report(r.Context(), err)
	p := problem.From(err, lang)
	l.send(map[string]any{"status": p.Status, "problem": p})
}
