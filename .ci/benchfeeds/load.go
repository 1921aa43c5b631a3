package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// serving is a server under load.
type serving struct {
	url     string
	command *exec.Cmd
}

// serve starts the program over a database and waits for its address.
func (b *bench) serve(dsn string, args ...string) (*serving, error) {
	s := &serving{command: exec.Command(b.binary, append([]string{"serve", "--listen", "127.0.0.1:0", "--database", dsn},
		args...)...)}
	log, err := os.Create(filepath.Join(b.folder, "serve.log"))
	if err != nil {
		return nil, err
	}
	s.command.Stderr = log
	out, err := s.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.command.Start(); err != nil {
		return nil, err
	}
	address := regexp.MustCompile(`http://[0-9.:]+`)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if s.url = address.FindString(lines.Text()); s.url != "" {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return s, nil
		}
	}
	return nil, fmt.Errorf("%s ended before it said where it listens", b.binary)
}

func (s *serving) stop() {
	_ = s.command.Process.Signal(os.Interrupt)
	_ = s.command.Wait()
}

// warm asks for parcels until they are kept in memory.
func (s *serving) warm() error {
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if _, err := get(s.url + parcels + "?limit=1"); err != nil {
			return err
		}
		if s.metric("luodi_feed_features") >= 1_000_000 {
			return nil
		}
	}
	return fmt.Errorf("parcels were not kept in memory in two minutes")
}

// kept is how many MB of features are kept.
func (s *serving) kept() float64 { return s.metric("luodi_feed_bytes") / 1e6 }

// metric is a figure of /metrics; 0 where it can't be read.
func (s *serving) metric(name string) (value float64) {
	metrics, err := get(s.url + "/metrics")
	if found := regexp.MustCompile(`(?m)^` + name + ` ([0-9.e+]+)$`).FindSubmatch(metrics); err == nil && found != nil {
		value, _ = strconv.ParseFloat(string(found[1]), 64)
	}
	return value
}

// memory is a line of /proc/PID/status in MB.
func (s *serving) memory(line string) float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.command.Process.Pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), line+":")
	var kb float64
	_, _ = fmt.Sscan(rest, &kb)
	return kb * 1024 / 1e6
}

func get(url string) ([]byte, error) {
	response, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %.300s", url, response.Status, body)
	}
	return body, err
}

// load asks for URLs over so many connections, each round from where the last one ended, and returns answers a second:
// the median of the rounds. Nothing is compressed: a peer doesn't either.
func (b *bench) load(urls []string, connections, status int, headers ...string) (float64, error) {
	headers = append(headers, "Accept-Encoding: identity")
	if err := expect(urls[0], status, headers); err != nil {
		return 0, err
	}
	var each []float64
	per := len(urls) / b.rounds
	for round := range b.rounds {
		mine := urls
		if len(urls) > 1 {
			mine = urls[round*per : (round+1)*per]
		}
		rate, err := b.attack(mine, connections, headers)
		if err != nil {
			return 0, err
		}
		each = append(each, rate)
	}
	slices.Sort(each)
	return each[len(each)/2], nil
}

// expect looks at one answer's status: the load tool only tells answers of 400 and above from others.
func expect(url string, status int, headers []string) error {
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	_ = response.Body.Close()
	if response.StatusCode != status {
		return fmt.Errorf("%s: %s where %d is expected", url, response.Status, status)
	}
	return nil
}

// script has the load tool ask for the lines of a file, one after another, and print what came of it as JSON.
const script = `
local paths, asked = {}, 0
function init(args)
  for line in io.lines(args[1]) do paths[#paths + 1] = line end
end
function request()
  asked = asked + 1
  return wrk.format("GET", paths[(asked - 1) % #paths + 1])
end
function done(summary)
  local e = summary.errors
  io.write(string.format('{"Requests":%d,"Microseconds":%d,"Refused":%d,"Broken":%d}\n', summary.requests,
    summary.duration, e.status, e.connect + e.read + e.write + e.timeout))
end
`

// attack asks for URLs of one server, each at most once unless there is only one.
func (b *bench) attack(urls []string, connections int, headers []string) (float64, error) {
	server, _, _ := strings.Cut(strings.TrimPrefix(urls[0], "http://"), "/")
	server = "http://" + server
	paths, lua := filepath.Join(b.folder, "paths.txt"), filepath.Join(b.folder, "load.lua")
	text := strings.ReplaceAll(strings.Join(urls, "\n"), server, "") + "\n"
	if err := errors.Join(os.WriteFile(paths, []byte(text), 0o644), os.WriteFile(lua, []byte(script), 0o644)); err != nil {
		return 0, err
	}
	args := []string{"-t", "1", "-c", strconv.Itoa(connections), "-d", b.lasts.String(), "--timeout", "20s", "-s", lua}
	for _, h := range headers {
		args = append(args, "-H", h)
	}
	out, err := exec.CommandContext(b.ctx, "wrk", append(args, server, "--", paths)...).CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("wrk, which apt-get install wrk brings: %w: %.300s", err, out)
	}
	var told struct{ Requests, Microseconds, Refused, Broken int }
	if at := bytes.LastIndexByte(out, '{'); at < 0 || json.Unmarshal(out[at:], &told) != nil {
		return 0, fmt.Errorf("wrk: %.300s", out)
	}
	switch {
	case told.Requests == 0 || told.Refused > 0 || told.Broken > 0:
		return 0, fmt.Errorf("of %d answers %d were refusals, and %d broke off", told.Requests, told.Refused, told.Broken)
	case len(urls) > 1 && told.Requests > len(urls):
		return 0, fmt.Errorf("%d requests for %d distinct URLs", told.Requests, len(urls))
	}
	return float64(told.Requests) / (float64(told.Microseconds) / 1e6), nil
}

// table is what is printed.
type table [][]string

func (t *table) row(cells ...string) {
	*t = append(*t, cells)
	fmt.Fprintln(os.Stderr, strings.Join(cells, " | "))
}

func (t table) print(w io.Writer) {
	widths := make([]int, len(t[0]))
	for _, cells := range t {
		for i, c := range cells {
			widths[i] = max(widths[i], len([]rune(c)))
		}
	}
	for k, cells := range t {
		for i, c := range cells {
			fmt.Fprintf(w, "| %s%s ", c, strings.Repeat(" ", widths[i]-len([]rune(c))))
		}
		fmt.Fprintln(w, "|")
		if k == 0 {
			for _, n := range widths {
				fmt.Fprintf(w, "|%s", strings.Repeat("-", n+2))
			}
			fmt.Fprintln(w, "|")
		}
	}
}
