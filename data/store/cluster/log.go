package cluster

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// PostgreSQL's own log files in the log folder are called logPrefix, a time, logSuffix.
const (
	logPrefix = "postgresql-"
	logSuffix = ".log"
	keepLogs  = 10 // newest files kept, of 10 MB each
)

// tailBytes is how much of what was logged since the start is searched for the reason of an end.
const tailBytes = 64 << 10

// logFiles lists PostgreSQL's log files, oldest first: their names hold the time they were begun.
func logFiles(dir string) []string {
	files, err := filepath.Glob(filepath.Join(escapeGlob(dir), logPrefix+"*"+logSuffix))
	if err != nil {
		return nil
	}
	slices.Sort(files)
	return files
}

func escapeGlob(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// pruneLogs removes all log files but the newest. PostgreSQL begins new ones but never removes any.
func pruneLogs(dir string) {
	files := logFiles(dir)
	for len(files) > keepLogs {
		os.Remove(files[0])
		files = files[1:]
	}
}

// logMark remembers how far the log had come, so that only what a life added is read.
type logMark map[string]int64

func markLog(dir string) logMark {
	mark := logMark{}
	for _, path := range logFiles(dir) {
		if info, err := os.Stat(path); err == nil {
			mark[path] = info.Size()
		}
	}
	return mark
}

// cause is the reason PostgreSQL gave for its end since the mark, with the file it stands in; empty if it gave none, as
// when it was killed.
func (m logMark) cause(f folder) (text, path string) {
	candidates := append([]string{f.startLog()}, logFiles(f.log())...)
	slices.Reverse(candidates)
	for _, path := range candidates {
		if text := causeIn(readTail(path, m[path])); text != "" {
			return text, path
		}
	}
	return plainCause(readTail(f.startLog(), 0)), f.startLog()
}

// plainCause is what was said with no severity at all, as before the server can log: "could not find the database
// system".
func plainCause(text string) string {
	var said []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.Contains(line, "LOG:  ") &&
			!strings.Contains(line, "HINT:  ") {
			said = append(said, line)
		}
	}
	return lastLines(strings.Join(said, "\n"), 6)
}

func readTail(path string, from int64) string {
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return ""
	}
	from = max(from, info.Size()-tailBytes)
	text, err := io.ReadAll(io.NewSectionReader(file, from, info.Size()-from))
	if err != nil {
		return ""
	}
	return string(text)
}

// refusals are FATAL lines that tell a client to wait or that it is being sent off: results of an end, not its reason.
var refusals = []string{
	"the database system is", "terminating connection", "terminating background worker", "terminating walreceiver",
	"role \"", "Peer authentication", "no pg_hba.conf entry", "database \"", "sorry, too many clients",
}

// causeIn finds the last PANIC in text, or else the last FATAL that is no mere refusal, with its HINT or DETAIL if one
// follows.
func causeIn(text string) string {
	lines := strings.Split(text, "\n")
	for _, severity := range []string{"PANIC:  ", "FATAL:  "} {
		for i := len(lines) - 1; i >= 0; i-- {
			_, message, found := strings.Cut(lines[i], severity)
			if !found || severity == "FATAL:  " && startsWithAny(message, refusals) {
				continue
			}
			if i+1 < len(lines) {
				for _, more := range []string{"DETAIL:  ", "HINT:  "} {
					if _, rest, found := strings.Cut(lines[i+1], more); found {
						message += "; " + rest
					}
				}
			}
			return message
		}
	}
	return ""
}

func startsWithAny(s string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(s, p) })
}
