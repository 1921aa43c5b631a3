package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"luodi/api/problem"
)

// remote is a running server, and whose token asks it: what changes land is done by someone.
type remote struct {
	URL    string `help:"Address of the server." default:"http://127.0.0.1:8080" env:"LUODI_URL" name:"url"`
	Token  string `help:"API token, as luodi token create prints it; the environment keeps it out of lists of processes." env:"LUODI_TOKEN"`
	Output string `help:"table, or json: the server's own answer." enum:"table,json" default:"table" short:"o"`
}

// answerWait is longer than the server lets itself take.
const answerWait = 2 * time.Minute

// answered is what a server answered: a status below 400 and a document.
type answered struct {
	status int
	body   []byte
}

// ask sends a request and gives its answer. What the server refuses is a *problem.Problem in the user's language.
func (r remote) ask(ctx context.Context, e *env, method, path string, body any) (*answered, error) {
	if r.Token == "" {
		return nil, usageError{errors.New(e.text("cli.remote.no_token"))}
	}
	return r.send(ctx, e, method, path, body)
}

// send is ask for what anyone may ask: without a token it asks as the public.
func (r remote) send(ctx context.Context, e *env, method, path string, body any) (*answered, error) {
	address := strings.TrimRight(r.URL, "/") + path
	sent, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(sent))
	if err != nil {
		return nil, usageError{errors.New(e.text("cli.remote.away", "url", r.URL, "cause", err))}
	}
	if body == nil {
		request.Body, request.ContentLength = nil, 0
	} else {
		request.Header.Set("Content-Type", "application/json")
	}
	if r.Token != "" {
		request.Header.Set("Authorization", "Bearer "+r.Token)
	}
	request.Header.Set("Accept-Language", string(e.lang))
	request.Header.Set("Accept", "application/json")
	client := &http.Client{Timeout: answerWait}
	response, err := client.Do(request)
	if err != nil {
		return nil, errors.New(e.text("cli.remote.away", "url", r.URL, "cause", err))
	}
	defer func() { _ = response.Body.Close() }()
	got, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, errors.New(e.text("cli.remote.away", "url", r.URL, "cause", err))
	}
	if response.StatusCode < 300 {
		return &answered{response.StatusCode, got}, nil
	}
	return nil, r.refused(e, response, got)
}

// refused reads a problem; with --output json it is printed as it came too.
func (r remote) refused(e *env, response *http.Response, got []byte) error {
	var told problem.Problem
	if response.Header.Get("Content-Type") != problem.MediaType || json.Unmarshal(got, &told) != nil {
		return errors.New(e.text("cli.remote.strange", "url", r.URL, "status", response.Status))
	}
	if r.Output == "json" {
		_, _ = fmt.Fprintln(e.stdout, strings.TrimSpace(string(got)))
	}
	return &told
}

// problemText is a problem in the server's own words, and what its rule says besides.
func problemText(p *problem.Problem) string {
	text := p.Title + ": " + p.Detail
	if p.Said != "" {
		text += "\n  " + p.Said
	}
	for _, at := range p.At {
		text += fmt.Sprintf("\n  %.7f,%.7f", at[0], at[1])
	}
	return text
}

// read asks for a document.
func read[T any](ctx context.Context, e *env, r remote, path string) (T, *answered, error) {
	var into T
	got, err := r.ask(ctx, e, http.MethodGet, path, nil)
	if err != nil {
		return into, nil, err
	}
	return into, got, json.Unmarshal(got.body, &into)
}

// show prints an answer: as it came, or by table.
func (r remote) show(e *env, got *answered, table func() error) error {
	if r.Output == "json" {
		_, err := fmt.Fprintln(e.stdout, strings.TrimSpace(string(got.body)))
		return err
	}
	return table()
}

// ofPark is a park of a server.
type ofPark struct {
	remote
	Park string `help:"Code of the park." required:"" env:"LUODI_PARK"`
}

// path is one of the park's paths.
func (p ofPark) path(rest string, query ...string) string {
	values := url.Values{}
	for i := 0; i+1 < len(query); i += 2 {
		if query[i+1] != "" {
			values.Set(query[i], query[i+1])
		}
	}
	path := "/api/parks/" + url.PathEscape(p.Park) + rest
	if len(values) > 0 {
		path += "?" + values.Encode()
	}
	return path
}

// row prints cells of a table; what in them would command the terminal is escaped.
func row(w io.Writer, cells ...any) {
	texts := make([]string, len(cells))
	for i, cell := range cells {
		texts[i] = plain(fmt.Sprint(cell))
	}
	_, _ = fmt.Fprintln(w, strings.Join(texts, "\t"))
}
