package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"luodi/api"
)

const wholePark = "/api/parks/bench/parcels.geojson"

func TestTheWholeParkIsOneDocument(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.fill("bench", 3000)
	var all items
	h.json(wholePark, &all)
	if all.Type != "FeatureCollection" || len(all.Features) != 3000 {
		t.Fatalf("%s of %d features", all.Type, len(all.Features))
	}
	var page items
	h.json(parcelItems+"?limit=3000", &page)
	for i := range page.Features {
		if fmt.Sprint(page.Features[i]) != fmt.Sprint(all.Features[i]) {
			t.Fatalf("feature %d differs between the two feeds", i)
		}
	}
	h.plot("empty")
	var none items
	h.json("/api/parks/empty/parcels.geojson", &none)
	if none.Features == nil || len(none.Features) != 0 {
		t.Errorf("an empty park gives %v", none.Features)
	}
}

// fromDatabase has every feed read from the database.
func fromDatabase(o *api.Options) { o.FeedMemory = -1 }

func TestReadersWhoLeaveFreeTheirConnections(t *testing.T) {
	t.Parallel()
	h := large(t, fromDatabase)
	most := int(h.db.Public.Config().MaxConns) * 3 / 4 // what long answers may hold
	for round := range 3 {
		var open []*http.Response
		for range most {
			response, err := http.Get(h.url + wholePark)
			if err != nil {
				t.Fatal(err)
			}
			open = append(open, response)
		}
		eventually(t, "every connection is busy",
			func() bool { return int(h.db.Public.Stat().AcquiredConns()) == most })
		for _, response := range open { // all at once
			_ = response.Body.Close()
		}
		start := time.Now()
		if r := h.get("/api/parks"); r.StatusCode != http.StatusOK {
			t.Fatalf("round %d: %s %s", round, r.Status, r.body)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("round %d: the next reader waited %s", round, took)
		}
		eventually(t, "every connection is free", func() bool { return h.db.Public.Stat().AcquiredConns() == 0 })
		eventually(t, "no statement runs on", func() bool {
			return h.count("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = "+
				"'active' AND query LIKE '%parcel_public%' AND pid <> pg_backend_pid()") == 0
		})
	}
}

func TestAReaderWhoTakesNothingIsCutOff(t *testing.T) {
	t.Parallel()
	h := large(t, fromDatabase, func(o *api.Options) { o.Stall = 300 * time.Millisecond })
	conn, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := io.WriteString(conn, "GET "+wholePark+" HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the answer is under way", func() bool { return h.db.Public.Stat().AcquiredConns() == 1 })
	eventually(t, "the connection is given up", func() bool { return h.db.Public.Stat().AcquiredConns() == 0 })
}

func TestASlowReaderWhoKeepsTakingIsNotCutOff(t *testing.T) {
	t.Parallel()
	h := open(t, fromDatabase, func(o *api.Options) { o.Stall = 2 * time.Second })
	h.fill("bench", 20_000)
	response, err := client.Get(h.url + wholePark)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var body bytes.Buffer // parsed after: a busy machine may take longer over it than the limit
	if _, err := io.CopyBuffer(struct{ io.Writer }{&body}, &slowly{response.Body}, make([]byte, 256<<10)); err != nil {
		t.Fatalf("%d bytes, %v", body.Len(), err)
	}
	var all items
	if err := json.Unmarshal(body.Bytes(), &all); err != nil || len(all.Features) != 20_000 {
		t.Errorf("%d features, %v", len(all.Features), err)
	}
}

// slowly reads a piece at a time, so that the whole takes many times the stall limit.
type slowly struct{ from io.Reader }

func (s *slowly) Read(b []byte) (int, error) {
	time.Sleep(20 * time.Millisecond)
	n, err := io.ReadFull(s.from, b[:min(len(b), 256<<10)])
	if n > 0 {
		return n, nil // what ended the piece early ends the next one too
	}
	return n, err
}

func TestSlowReadersMakeRoomForOthers(t *testing.T) {
	t.Parallel()
	log := &logged{}
	h := large(t, fromDatabase, func(o *api.Options) { o.Logger = slog.New(slog.NewTextHandler(log, nil)) })
	most := int(h.db.Public.Config().MaxConns)
	for range most {
		go func() {
			response, err := http.Get(h.url + wholePark)
			if err != nil {
				return
			}
			defer func() { _ = response.Body.Close() }()
			for err == nil { // 80 KiB a second
				time.Sleep(200 * time.Millisecond)
				_, err = io.ReadFull(response.Body, make([]byte, 16<<10))
			}
		}()
	}
	eventually(t, "all that long answers may hold is held",
		func() bool { return int(h.db.Public.Stat().AcquiredConns()) == most*3/4 })
	if r := h.get("/api/parks"); r.StatusCode != http.StatusOK {
		t.Errorf("a short answer: %s", r.Status)
	}
	status := http.StatusServiceUnavailable
	for try := 0; try < 20 && status != http.StatusOK; try++ { // each waits for 10 s at most
		status = h.get(wholePark).StatusCode
	}
	if status != http.StatusOK {
		t.Errorf("another long answer: %d", status)
	}
	if !strings.Contains(log.String(), "a slow reader was ended because others waited") {
		t.Errorf("the log says nothing of it: %s", log)
	}
}

// logged is a log that several write.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func TestAFailureUnderWayIsSeenByTheReader(t *testing.T) {
	t.Parallel()
	h := large(t, fromDatabase)
	for _, encoding := range []string{"identity", "gzip", "zstd"} {
		for _, path := range []string{wholePark, parcelItems + "?limit=10000"} {
			request, err := http.NewRequest(http.MethodGet, h.url+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Accept-Encoding", encoding)
			response, err := client.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadFull(response.Body, make([]byte, 1000)); err != nil {
				t.Fatal(err)
			}
			h.count("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = " +
				"current_database() AND usename = 'luodi_public'")
			_, err = io.Copy(io.Discard, response.Body)
			_ = response.Body.Close()
			if path == wholePark && !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("%s in %s: the database died under way and the reader saw %v", path, encoding, err)
			}
		}
	}
	eventually(t, "the server answers again", func() bool { return h.get("/api/parks").StatusCode == http.StatusOK })
}

func TestABusyDatabaseIsToldNotWaitedForForEver(t *testing.T) {
	t.Parallel()
	h := open(t, fromDatabase)
	var held []interface{ Release() }
	for range h.db.Public.Config().MaxConns {
		conn, err := h.db.Public.Acquire(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, conn)
	}
	r := h.get("/api/parks", "Accept-Language", "en")
	if p := r.problem(t); r.StatusCode != http.StatusServiceUnavailable || p.Type != "/problems/unavailable" ||
		r.Header.Get("Retry-After") == "" {
		t.Errorf("%s %+v", r.Status, p)
	}
	for _, conn := range held {
		conn.Release()
	}
	if r := h.get("/api/parks"); r.StatusCode != http.StatusOK {
		t.Errorf("after connections came free: %s", r.Status)
	}
}
