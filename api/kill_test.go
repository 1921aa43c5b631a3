package api_test

import (
	"context"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"luodi/data/event"
	"luodi/data/people"
	"luodi/data/store/storetest"
)

// TestKillsLoseAndRepeatNoEvent kills the server again and again while changes are committed, so that some die between
// a commit and its delivery. A webhook's receiver and a stream's reader, which drop repeats by number, have each event
// once and in order all the same.
func TestKillsLoseAndRepeatNoEvent(t *testing.T) {
	t.Parallel()
	kills, changes := pick(4, 30), pick(120, 1500)
	db := storetest.New(t)
	f := newField(t, db, "kill")
	end := int64(1 + changes)
	var mu sync.Mutex
	var last, repeats int64
	ids := map[string]bool{}
	full := make(chan struct{})
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var m struct{ Data struct{ Seq int64 } }
		if err != nil || json.Unmarshal(body, &m) != nil {
			return // the sender was killed in the middle
		}
		mu.Lock()
		defer mu.Unlock()
		switch id := r.Header.Get("webhook-id"); {
		case ids[id] && m.Data.Seq == last:
			repeats++
		case ids[id] || m.Data.Seq != last+1:
			t.Errorf("the webhook is told %d after %d", m.Data.Seq, last)
		default:
			ids[id] = true
			if last = m.Data.Seq; last == end {
				close(full)
			}
		}
	}))
	t.Cleanup(receiver.Close)
	after := int64(0)
	if _, _, err := event.Of(db.Store).AddWebhook(t.Context(), f.park, receiver.URL, anyone(t, db),
		&after); err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	committed := make(chan struct{}, changes)
	group.Go(func() {
		for i := range changes {
			if _, err := f.change(context.Background(), i*everyPublic); err != nil {
				t.Error(err)
			}
			committed <- struct{}{}
		}
	})
	reader := &follower{path: "/api/parks/kill/events", seqs: map[string]int64{}, each: true}
	for life := range kills + 1 {
		command := serveItself(db.Source.URL)
		url, _ := begin(t, command)
		ctx, stop := context.WithCancel(t.Context())
		if life < kills {
			group.Go(func() { <-committed; killSoon(command); stop() })
		}
		for done := false; !done && ctx.Err() == nil; {
			done = reader.read(ctx, url, map[string]int64{"kill": end})
		}
		if life < kills {
			<-ctx.Done()
		}
		stop()
	}
	group.Wait()
	<-full
	if reader.wrong != "" || reader.seqs["kill"] != end {
		t.Errorf("the stream is at %d of %d: %s", reader.seqs["kill"], end, reader.wrong)
	}
	t.Logf("%d kills, %d changes: the stream had each once; the webhook was told each, and %d twice", kills, changes,
		repeats)
}

// killSoon kills within some milliseconds of a commit.
func killSoon(command *exec.Cmd) {
	time.Sleep(time.Duration(rand.IntN(20_000)) * time.Microsecond)
	_ = command.Process.Kill()
}

// anyone makes an account.
func anyone(t *testing.T, db *storetest.DB) uuid.UUID {
	t.Helper()
	a, _, err := people.Of(db.Store).AddAccount(t.Context(),
		people.Newcomer{Login: "someone", Name: "Someone", Roles: []people.Grant{{Role: people.Viewer}}})
	if err != nil {
		t.Fatal(err)
	}
	return a.ID
}
