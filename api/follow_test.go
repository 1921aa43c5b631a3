package api_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/people"
	"luodi/data/store/storetest"
)

// pick is the short form of a number, or in a soak the whole one.
func pick[T any](short, whole T) T {
	if os.Getenv("LUODI_SOAK") != "" {
		return whole
	}
	return short
}

// everyPublic says which changes of a field are public: the parcels' prices. The others are edits with nothing public
// in them.
const everyPublic = 4

// field is a park in which every fourth change is that of a parcel's price.
type field struct {
	*storetest.DB
	code    string
	park    uuid.UUID
	parcels []uuid.UUID
}

func newField(t testing.TB, db *storetest.DB, code string) *field {
	t.Helper()
	f := &field{DB: db, code: code, park: storetest.Park(t, db, code)}
	f.parcels = storetest.Parcels(t, db, f.park, squares(9)...)
	return f
}

// change commits the next change and gives when the commit was asked for.
func (f *field) change(ctx context.Context, i int) (asked time.Time, err error) {
	err = pgx.BeginFunc(ctx, f.Planner, func(tx pgx.Tx) error {
		var seq int64
		if err := tx.QueryRow(ctx, `SELECT seq FROM begin_record($1, gen_random_uuid(), 'edit', 'price', 'test')`,
			f.park).Scan(&seq); err != nil {
			return err
		}
		if i%everyPublic != 0 {
			asked = time.Now()
			return nil
		}
		batch := &pgx.Batch{}
		batch.Queue(`UPDATE parcel_version SET to_seq = $3 WHERE park_id = $1 AND parcel_id = $2 AND to_seq IS NULL`,
			f.park, f.parcels[i%len(f.parcels)], seq)
		batch.Queue(`INSERT INTO parcel_version (park_id, parcel_id, from_seq, prev_to_seq, code, bank_status,
       legal_m2, publication, price_cny_per_m2, geom)
			SELECT park_id, parcel_id, $3, $3, code, bank_status, legal_m2, publication,
			  coalesce(price_cny_per_m2, 0) + 1, geom FROM parcel_version WHERE park_id = $1 AND parcel_id = $2
			  AND to_seq = $3`,
			f.park, f.parcels[i%len(f.parcels)], seq)
		if err := tx.SendBatch(ctx, batch).Close(); err != nil {
			return err
		}
		asked = time.Now()
		return nil
	})
	return asked, err
}

// follower reads a park's or the district's stream, over one connection after the other, and checks that each park's
// events come without a gap, a repeat or a turn.
type follower struct {
	path, secret string
	last         string           // its cursor
	seqs         map[string]int64 // the last event of each park
	deaths       int
	got          int
	wrong        string
	each         bool // every change is public
}

// read follows until every park is at its end or ctx ends.
func (f *follower) read(ctx context.Context, url string, ends map[string]int64) (done bool) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url+f.path, nil)
	if err != nil {
		f.wrong = err.Error()
		return true
	}
	r.Header.Set("Accept", "text/event-stream")
	if f.secret != "" {
		r.Header.Set("Authorization", "Bearer "+f.secret)
	}
	if f.last != "" {
		r.Header.Set("Last-Event-ID", f.last)
	}
	resp, err := client.Do(r)
	if err != nil {
		return false
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		f.wrong = resp.Status
		return true
	}
	lines := bufio.NewReaderSize(resp.Body, 2048)
	id := ""
	for {
		line, err := lines.ReadSlice('\n')
		if err != nil {
			return false
		}
		switch {
		case bytes.HasPrefix(line, []byte("id: ")):
			id = string(bytes.TrimSpace(line[4:]))
		case bytes.HasPrefix(line, []byte("data: ")):
			if f.take(line[6:]); f.wrong != "" {
				return true
			}
			f.last = id
			if f.finished(ends) {
				return true
			}
		}
	}
}

func (f *follower) take(text []byte) {
	var e struct {
		Park string
		Seq  int64
	}
	if err := json.Unmarshal(text, &e); err != nil {
		f.wrong = err.Error()
		return
	}
	if e.Seq != f.following(f.seqs[e.Park]) {
		f.wrong = fmt.Sprintf("%s: event %d of %s follows %d", f.path, e.Seq, e.Park, f.seqs[e.Park])
	}
	f.seqs[e.Park] = e.Seq
	f.got++
}

// following is the number after one: the parcels came with 1, change i has i + 2, and the public gets every fourth.
func (f *follower) following(seq int64) int64 {
	if f.secret != "" || f.each || seq < 2 {
		return seq + 1
	}
	return seq + everyPublic
}

func (f *follower) finished(ends map[string]int64) bool {
	for park, end := range ends {
		if !strings.HasPrefix(f.path, "/api/events") && !strings.Contains(f.path, "/"+park+"/") {
			continue
		}
		if f.following(f.seqs[park]) <= end {
			return false
		}
	}
	return true
}

// TestEveryFollowerGetsEveryChangeOnceAndInOrder lets many follow while parks change, kills some at random, and has
// some that read nothing.
func TestEveryFollowerGetsEveryChangeOnceAndInOrder(t *testing.T) {
	t.Parallel()
	followers, changes, rate, deaf := pick(60, 1000), pick(600, 6000), 200, pick(6, 40)
	db := storetest.New(t)
	fields := make([]*field, 4)
	ends := map[string]int64{}
	for i := range fields {
		fields[i] = newField(t, db, fmt.Sprintf("field-%d", i))
		ends[fields[i].code] = int64(1 + changes/len(fields))
	}
	_, secret, err := people.Of(db.Store).CreateToken(t.Context(),
		people.TokenOrder{Account: anyone(t, db), Name: "t", Scope: people.ScopeRead, Life: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	url, pid := begin(t, serveItself(db.Source.URL))
	before := memory(t, pid)
	for range deaf {
		listenToNothing(t, url, "/api/parks/"+fields[0].code+"/events", secret)
	}
	all := make([]*follower, followers)
	for i := range all {
		all[i] = &follower{path: "/api/parks/" + fields[i%len(fields)].code + "/events", seqs: map[string]int64{}}
		if i%2 == 0 {
			all[i].secret = secret
		}
		if i%10 == 9 {
			all[i].path = "/api/events"
		}
	}
	var group, writers sync.WaitGroup
	for i, f := range all {
		group.Go(func() { f.live(t.Context(), url, ends, i%7 == 3) })
	}
	begun := time.Now()
	for k, field := range fields {
		writers.Go(func() {
			tick := time.Duration(len(fields)) * time.Second / time.Duration(rate)
			for i := range changes / len(fields) {
				time.Sleep(time.Until(begun.Add(time.Duration(i)*tick +
					time.Duration(k)*tick/time.Duration(len(fields)))))
				if _, err := field.change(context.Background(), i); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	writers.Wait()
	wrote := time.Since(begun)
	group.Wait()
	got, deaths := 0, 0
	for _, f := range all {
		if f.wrong != "" {
			t.Error(f.wrong)
		}
		got, deaths = got+f.got, deaths+f.deaths
	}
	after := memory(t, pid)
	t.Logf("%d followers, %d changes of %d parks in %s (%.0f/s), %d events told, all there %s after the last; %d "+
		"connections killed; %d that read nothing; memory of the server %d MiB before, %d MiB at its most",
		followers, changes, len(fields), wrote.Round(time.Millisecond), float64(changes)/wrote.Seconds(), got,
		(time.Since(begun) - wrote).Round(time.Millisecond), deaths, deaf, before>>20, after>>20)
	if deaths == 0 {
		t.Error("nobody was killed")
	}
	if most := before + 64<<20 + uint64(followers+deaf)*128<<10; after > most {
		t.Errorf("the server took %d MiB, want at most %d", after>>20, most>>20)
	}
}

// mostDeaths is how often a follower is killed: whoever is killed before its first event each time would never come to
// the end.
const mostDeaths = 6

// live reads to the end; mortal ones lose their connection at random moments.
func (f *follower) live(ctx context.Context, url string, ends map[string]int64, mortal bool) {
	for ctx.Err() == nil {
		own, cancel := context.WithCancel(ctx)
		if mortal && f.deaths < mostDeaths {
			time.AfterFunc(time.Duration(rand.IntN(800))*time.Millisecond, cancel)
		}
		done := f.read(own, url, ends)
		cancel()
		if done {
			return
		}
		if f.deaths++; f.deaths > 1000 {
			f.wrong = "nobody answers any more"
			return
		}
	}
}

// listenToNothing asks for a stream and never reads it.
func listenToNothing(t *testing.T, url, path, secret string) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(strings.TrimSuffix(url, "/"), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.(*net.TCPConn).SetReadBuffer(4096)
	if _, err := fmt.Fprintf(conn,
		"GET %s HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nAuthorization: Bearer %s\r\n\r\n", path,
		secret); err != nil {
		t.Fatal(err)
	}
}

// memory is the most that a process has held in memory, in bytes.
func memory(t *testing.T, pid int) uint64 {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	number, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	kib, err := strconv.ParseUint(number, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return kib << 10
}
