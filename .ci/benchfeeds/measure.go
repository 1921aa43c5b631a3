package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// parcels is where the collection is read.
const parcels = "/ogc/collections/parcels/items"

// boxes are URLs' worth of a round's requests, three times over: more than any round gets through.
const distinct = 450_000

// box is a random window of so many parcels a side, anywhere in a district.
func (of district) box(r *rand.Rand, side int) [4]float64 {
	cols := of.side * of.across
	rows := of.side * ((of.parks + of.across - 1) / of.across)
	if of.parks%of.across != 0 { // the last row of parks is not full
		rows -= of.side
	}
	x := west + float64(r.IntN(cols-side))*step - step/2 + r.Float64()*step/10
	y := south + float64(r.IntN(rows-side))*step - step/2 + r.Float64()*step/10
	return [4]float64{x, y, x + float64(side)*step, y + float64(side)*step}
}

// id is that of the i-th parcel, as sqlPark makes it.
func id(i int) string {
	return fmt.Sprintf("01900000-%04x-7000-8000-%012x", i>>16, i)
}

// question is a row of the table: how to ask it of the program, of the peer and of the database.
type question struct {
	name        string
	connections int
	url         func(r *rand.Rand, of district) string
	peer        func(r *rand.Rand, of district) string
	pgbench     string
	check       string // SQL of the ids that the answer to bbox $1…$4 must have, in order
	goal        string
}

func boxText(b [4]float64) string { return fmt.Sprintf("%.9f,%.9f,%.9f,%.9f", b[0], b[1], b[2], b[3]) }

func boxOf(side int, more string) func(r *rand.Rand, of district) string {
	return func(r *rand.Rand, of district) string { return "?bbox=" + boxText(of.box(r, side)) + more }
}

func questions() []question {
	item := func(r *rand.Rand, of district) string { return "/" + id(r.IntN(of.parks*of.parcels)) }
	return []question{
		{"1,000 features of a box", 8, boxOf(33, "&limit=1000"), boxOf(33, "&limit=1000"), pgPage("", 1001),
			checkPage("", 1000), "12 × peer"},
		{"10 features of a box of 1,000", 8, boxOf(33, "&limit=10"), boxOf(33, "&limit=10"), pgPage("", 11),
			checkPage("", 10), "4 × peer"},
		{"one by id", 32, item, item, pgItem, "", "2 × peer"},
		{"status and box of 1,000", 8, boxOf(33, "&status=held"), boxOf(33, "&status=held&limit=1000"),
			pgPage(" AND f.status = 'held'", 1001), checkPage(" AND status = 'held'", 1000), "15 × peer"},
	}
}

func (b *bench) wants(name string) bool { return strings.Contains(name, b.only) }

// measure measures every row. The figure of a row without an answer of the peer's or a limit is "–".
func (b *bench) measure(d *data) error {
	b.table.row("work", "connections", "luodi, a second", "RSS, MB", "peer (plain table), a second", "limit, a second", "× peer", "× limit",
		"goal")
	rates := map[string]float64{}
	for _, of := range []district{few, many} {
		s, err := b.serve(d.url("luodi", of), "--feed-memory", "2048")
		if err != nil {
			return err
		}
		begun := time.Now()
		if err = s.warm(); err == nil {
			b.table.row(fmt.Sprintf("%d parks: until all is kept", of.parks), "1", fmt.Sprintf("%.1f s",
				time.Since(begun).Seconds()), fmt.Sprintf("%.0f, %.0f of them features", s.memory("VmRSS"), s.kept()), "–", "–",
				"–", "–", "–")
			err = b.district(d, s, of, rates)
		}
		s.stop()
		if err != nil {
			return fmt.Errorf("%d parks: %w", of.parks, err)
		}
	}
	b.table.print(os.Stdout)
	return nil
}

func (b *bench) district(d *data, s *serving, of district, rates map[string]float64) error {
	var peer *peer
	if of.name == few.name {
		var err error
		if peer, err = b.peerOf(d, of); err != nil {
			return err
		}
		defer peer.stop()
	}
	for _, q := range questions() {
		if !b.wants(q.name) {
			continue
		}
		if err := b.ask(d, s, peer, of, q, rates); err != nil {
			return fmt.Errorf("%s: %w", q.name, err)
		}
	}
	if of.name != few.name {
		return nil
	}
	for _, rest := range []func(*data, *serving, district) error{b.again, b.dump, b.past, b.tile} {
		if err := rest(d, s, of); err != nil {
			return err
		}
	}
	return nil
}

// ask measures a row of distinct URLs.
func (b *bench) ask(d *data, s *serving, peer *peer, of district, q question, rates map[string]float64) error {
	r := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 12))
	urls := make([]string, distinct)
	for i := range urls {
		urls[i] = s.url + parcels + q.url(r, of)
	}
	if err := d.check(b.ctx, of, q, urls[:5]); err != nil {
		return err
	}
	rate, err := b.load(urls, q.connections, http.StatusOK)
	if err != nil {
		return err
	}
	resident := s.memory("VmRSS")
	rates[of.name+q.name] = rate
	if of.name == many.name {
		ratio := rate / rates[few.name+q.name]
		b.table.row(fmt.Sprintf("%d parks: %s", of.parks, q.name), fmt.Sprint(q.connections), fmt.Sprintf("%.0f", rate),
			fmt.Sprintf("%.0f", resident), "–", "–", "–", fmt.Sprintf("%.2f of 12 parks", ratio), "0.8 of 12 parks")
		return nil
	}
	for i := range urls {
		urls[i] = peer.url + q.peer(r, of)
	}
	theirs, err := b.load(urls, q.connections, http.StatusOK)
	if err != nil {
		return err
	}
	limit, err := b.pgbench(d, of, q.pgbench, q.connections)
	if err != nil {
		return err
	}
	b.table.row(q.name, fmt.Sprint(q.connections), fmt.Sprintf("%.0f", rate), fmt.Sprintf("%.0f", resident),
		fmt.Sprintf("%.0f", theirs), fmt.Sprintf("%.0f", limit), fmt.Sprintf("%.1f", rate/theirs),
		fmt.Sprintf("%.2f", rate/limit), q.goal)
	return nil
}

// again measures what is asked for again, beside a file server that sends the same bytes.
func (b *bench) again(_ *data, s *serving, _ district) error {
	if !b.wants("again") {
		return nil
	}
	url := s.url + parcels + "?limit=500"
	body, err := get(url)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(b.folder, "page.json"), body, 0o644); err != nil {
		return err
	}
	files, err := startFiles(b.folder)
	if err != nil {
		return err
	}
	defer files.stop()
	ours, err := b.load([]string{url}, 8, http.StatusOK)
	if err != nil {
		return err
	}
	theirs, err := b.load([]string{files.url + "/page.json"}, 8, http.StatusOK)
	if err != nil {
		return err
	}
	b.table.row(fmt.Sprintf("500 features (%d KB), again", len(body)/1000), "8", fmt.Sprintf("%.0f", ours),
		fmt.Sprintf("%.0f", s.memory("VmRSS")), "–", fmt.Sprintf("%.0f (Go's file server)", theirs), "–",
		fmt.Sprintf("%.2f", ours/theirs), "0.6 of it")
	response, err := http.Get(url)
	if err != nil {
		return err
	}
	_ = response.Body.Close()
	if ours, err = b.load([]string{url}, 32, http.StatusNotModified, "If-None-Match: "+response.Header.Get("ETag")); err != nil {
		return err
	}
	if theirs, err = b.load([]string{files.url + "/page.json"}, 32, http.StatusNotModified,
		"If-Modified-Since: "+time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)); err != nil {
		return err
	}
	b.table.row("304, again", "32", fmt.Sprintf("%.0f", ours), fmt.Sprintf("%.0f", s.memory("VmRSS")), "–",
		fmt.Sprintf("%.0f (Go's file server)", theirs), "–", fmt.Sprintf("%.2f", ours/theirs), "0.5 of it")
	return nil
}

// dump reads every parcel of every park as one document each, and the same by COPY and, in part, by ogr2ogr.
func (b *bench) dump(d *data, s *serving, of district) error {
	if !b.wants("dump") {
		return nil
	}
	ours, err := median(3, func() error {
		for p := range of.parks {
			response, err := http.Get(fmt.Sprintf("%s/api/parks/park-%d/parcels.geojson", s.url, p))
			if err != nil {
				return err
			}
			if _, err = io.CopyBuffer(struct{ io.Writer }{io.Discard}, response.Body, make([]byte, 256<<10)); err != nil {
				return err
			}
			_ = response.Body.Close()
		}
		return nil
	})
	if err != nil {
		return err
	}
	peak := s.memory("VmHWM")
	copied, err := median(3, func() error {
		_, err := d.db[of.name].PgConn().CopyTo(b.ctx, io.Discard, "COPY (SELECT "+columns+
			" FROM parcel_public f WHERE to_seq IS NULL) TO STDOUT (FORMAT binary)")
		return err
	})
	if err != nil {
		return err
	}
	slow, err := b.ogr2ogr(d, of)
	if err != nil {
		return err
	}
	b.table.row("dump of 1,000,000 in 12 documents", "1", fmt.Sprintf("%.2f s", ours.Seconds()), fmt.Sprintf("%.0f at most",
		peak), slow, fmt.Sprintf("%.2f s (COPY binary)", copied.Seconds()), "–", fmt.Sprintf("%.2f × its time",
		ours.Seconds()/copied.Seconds()), "1.4 × its time")
	return nil
}

func median(rounds int, work func() error) (time.Duration, error) {
	var each []time.Duration
	for range rounds {
		begun := time.Now()
		if err := work(); err != nil {
			return 0, err
		}
		each = append(each, time.Since(begun))
	}
	slices.Sort(each)
	return each[len(each)/2], nil
}

// past reads a page of 1,000 as it was, each time at another instant.
func (b *bench) past(d *data, s *serving, of district) error {
	const name = "1,000 features of a past moment"
	if !b.wants(name) {
		return nil
	}
	r := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 12))
	urls := make([]string, distinct/10)
	for i := range urls {
		at := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC).Add(time.Duration(r.Int64N(int64(29 * 24 * time.Hour))))
		urls[i] = fmt.Sprintf("%s%s?park=park-%d&datetime=%s&limit=1000", s.url, parcels, r.IntN(of.parks),
			at.Format(time.RFC3339Nano))
	}
	ours, err := b.load(urls, 8, http.StatusOK)
	if err != nil {
		return err
	}
	limit, err := b.pgbench(d, of, pgPast, 8)
	if err != nil {
		return err
	}
	b.table.row(name, "8", fmt.Sprintf("%.0f", ours), fmt.Sprintf("%.0f", s.memory("VmRSS")), "–", fmt.Sprintf("%.0f", limit),
		"–", fmt.Sprintf("%.2f × its time", limit/ours), "1.5 × its time")
	return nil
}

// check compares some answers with the database: which features, in which order, and the shape and status of the first.
func (d *data) check(ctx ctx, of district, q question, urls []string) error {
	for _, url := range urls {
		body, err := get(url)
		if err != nil {
			return err
		}
		type feature struct {
			ID         string
			Geometry   json.RawMessage
			Properties struct{ Code, Status string }
		}
		var page struct {
			feature
			Features []feature
		}
		if err := json.Unmarshal(body, &page); err != nil {
			return err
		}
		got := page.Features
		if q.check == "" {
			got = []feature{page.feature}
		} else {
			var b [4]float64
			_, text, _ := strings.Cut(url, "bbox=")
			if _, err := fmt.Sscanf(text, "%f,%f,%f,%f", &b[0], &b[1], &b[2], &b[3]); err != nil {
				return err
			}
			rows, err := d.db[of.name].Query(ctx, q.check, b[0], b[1], b[2], b[3])
			if err != nil {
				return err
			}
			want, err := pgx.CollectRows(rows, pgx.RowTo[string])
			if err != nil {
				return err
			}
			if !slices.EqualFunc(got, want, func(f feature, id string) bool { return f.ID == id }) {
				return fmt.Errorf("%s has %d features, the database finds %d others", url, len(got), len(want))
			}
		}
		if len(got) == 0 {
			return fmt.Errorf("%s has no feature", url)
		}
		var same bool
		if err := d.db[of.name].QueryRow(ctx, `SELECT ST_AsGeoJSON(geom, 9, 0)::jsonb = $2::jsonb AND code = $3
			AND status = $4 FROM parcel_public WHERE parcel_id = $1 AND to_seq IS NULL`, got[0].ID, string(got[0].Geometry),
			got[0].Properties.Code, got[0].Properties.Status).Scan(&same); err != nil || !same {
			return fmt.Errorf("%s: %s is not what the database holds: %v", url, got[0].ID, err)
		}
	}
	return nil
}
