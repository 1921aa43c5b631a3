package soak

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/ledger"
	"luodi/data/store"
	"luodi/data/store/storetest"
)

func TestWritersWhoContendNeverPromiseLandTwice(t *testing.T) {
	writers, parcels, length := pick(16, 64), pick(60, 500), pick(4*time.Second, time.Minute)
	c := newContest(t, writers, parcels)
	c.wants = []string{"done", "stale", "denied", "unknown"}
	c.run(writers, length)
	for _, f := range c.faults {
		t.Errorf("fault: %s", f)
	}
	if len(c.wrong) > 0 {
		t.Errorf("meanwhile: %v", c.wrong)
	}
	if len(c.wrong) > 0 || len(audit(t, c.DB, c.id, 0)) > 0 {
		for _, by := range []string{"enable_seqscan", "enable_indexscan, enable_indexonlyscan, enable_bitmapscan"} {
			t.Logf("what the public reads otherwise than the land is, with its history, read without %s:\n%s", by,
				c.saidWrongly(strings.Split(by, ", ")))
		}
		for i := range c.parcels {
			t.Logf("P%03d %s:\n%s", i, c.parcels[i], c.told(i))
		}
	}
	mustPass(t, c.DB, c.id, 0)
	start := time.Now()
	if got := porcupine.CheckOperationsTimeout(model, c.history, 5*time.Minute); got != porcupine.Ok {
		t.Errorf("the history of %d operations is %s, want linearizable", len(c.history), got)
		for i := range c.parcels {
			if porcupine.CheckOperations(model, c.of(i)) {
				continue
			}
			t.Logf("P%03d %s:\n%s", i, c.parcels[i], c.told(i))
		}
	}
	t.Logf("%d writers, %d parcels, %s: %v; the history of %d operations on parcels is linearizable, checked in %s",
		writers, parcels, length, c.counts, len(c.history), time.Since(start).Round(time.Millisecond))
	for _, result := range c.wants {
		if c.counts[result] == 0 {
			t.Errorf("no operation was %s: the contest is too tame", result)
		}
	}
}

// saidWrongly reads without some ways of reading: what an index lacks and its table has is no fault of a writer's.
func (c *contest) saidWrongly(without []string) (lines string) {
	c.t.Helper()
	ctx := context.Background()
	err := pgx.BeginFunc(ctx, c.Owner, func(tx pgx.Tx) error {
		for _, way := range without {
			if _, err := tx.Exec(ctx, "SET LOCAL "+way+" = off"); err != nil {
				return err
			}
		}
		return tx.QueryRow(ctx, sqlSaidWrongly, c.id).Scan(&lines)
	})
	if err != nil {
		c.t.Errorf("what is said wrongly: %v", err)
	}
	return lines
}

// sqlSaidWrongly tells of each row where it lies and which transactions wrote and ended it.
const sqlSaidWrongly = `
WITH wrong AS (SELECT s.parcel_id, s.code FROM parcel_public s
       LEFT JOIN allotment_parcel l ON (l.park_id, l.parcel_id) = (s.park_id, s.parcel_id) AND l.to_seq IS NULL
                WHERE s.park_id = $1 AND s.to_seq IS NULL
                  AND (s.status IN ('in_negotiation', 'held', 'reserved')) <> (l.parcel_id IS NOT NULL)),
covers AS (SELECT l.*, l.ctid AS place, l.xmin AS made, l.xmax AS gone FROM allotment_parcel l JOIN wrong USING (parcel_id) WHERE l.park_id = $1)
SELECT coalesce(string_agg(line, E'\n' ORDER BY line), 'no parcel') FROM (
  SELECT w.code || ' public ' || lpad(p.from_seq::text, 6) || '–' || coalesce(p.to_seq::text,
    '') || ' ' || p.status || format(' at %s by %s to %s', p.ctid, p.xmin, p.xmax) FROM parcel_public p JOIN wrong w USING (parcel_id) WHERE p.park_id = $1
  UNION ALL SELECT w.code || ' cover ' || lpad(c.from_seq::text, 6) || '–' || coalesce(c.to_seq::text,
    '') || ' ' || c.allotment_id || format(' at %s by %s to %s', c.place, c.made, c.gone) FROM covers c JOIN wrong w USING (parcel_id)
  UNION ALL SELECT w.code || ' right ' || lpad(v.from_seq::text, 6) || '–' || coalesce(v.to_seq::text,
    '') || ' ' || v.state || ' ' || v.allotment_id || format(' at %s by %s to %s', v.ctid, v.xmin, v.xmax)
              FROM covers c JOIN wrong w USING (parcel_id)
                JOIN allotment_version v USING (park_id, allotment_id)) x (line)`

// of is what was done to one parcel.
func (c *contest) of(parcel int) []porcupine.Operation {
	var ops []porcupine.Operation
	for _, op := range c.history {
		if op.Input.(ask).parcel == parcel {
			ops = append(ops, op)
		}
	}
	return ops
}

// told is what was done to one parcel in words, in the order of the calls.
func (c *contest) told(parcel int) string {
	ops := c.of(parcel)
	slices.SortFunc(ops, func(a, b porcupine.Operation) int { return cmp.Compare(a.Call, b.Call) })
	var text strings.Builder
	for _, op := range ops {
		fmt.Fprintf(&text, "%v–%v of %d: %+v → %+v\n", time.Duration(op.Call), time.Duration(op.Return), op.ClientId,
			op.Input, op.Output)
	}
	return text.String()
}

// The planted bug: the constraint that allows one right at a time is gone, and some writers lean on it alone.
func TestAPlantedBugIsFound(t *testing.T) {
	c := newContest(t, 8, 10)
	if _, err := c.Owner.Exec(context.Background(),
		`ALTER TABLE allotment_parcel DROP CONSTRAINT one_right_at_a_time`); err != nil {
		t.Fatal(err)
	}
	c.run(8, 2*time.Second)
	if got := porcupine.CheckOperationsTimeout(model, c.history, time.Minute); got != porcupine.Illegal {
		t.Errorf("without the constraint the history of %d operations is %s, want illegal", len(c.history), got)
	}
	if wrong := append(c.wrong, audit(t, c.DB, c.id, 0)...); len(wrong) == 0 {
		t.Error("without the constraint the audit finds nothing")
	}
}

// contest is writers at the same parcels, what they did and what came of it.
type contest struct {
	*site
	t     *testing.T
	begin time.Time
	wants []string // results without which the contest is too tame to end

	mu      sync.Mutex
	history []porcupine.Operation
	counts  map[string]int // by result
	faults  []string       // errors nobody expects
	wrong   []string       // what audits found while they ran
}

func newContest(t *testing.T, writers, parcels int) *contest {
	t.Helper()
	db := storetest.New(t)
	src := db.Source
	src.MaxConns = int32(writers)
	store, err := store.Open(context.Background(), src)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	db.Store, db.Planner, db.Public = store, store.Planner, store.Public
	across := max(25, int(math.Ceil(math.Sqrt(float64(parcels))))) // so that all lie in the park
	s := newSite(t, db, "contest", grid(parcels, across, true)...)
	return &contest{site: s, t: t, counts: map[string]int{}}
}

// wildMost is for how long a contest on a busy machine goes on for the results that it wants.
const wildMost = 4 * time.Minute

// isTame reports whether a wanted result hasn't come yet, of a contest that may still wait for it.
func (c *contest) isTame() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Since(c.begin) < wildMost && slices.ContainsFunc(c.wants, func(r string) bool { return c.counts[r] == 0 })
}

// run lets writers loose for a time, and longer where a wanted result hasn't come yet. It audits what is new all the
// while.
func (c *contest) run(writers int, length time.Duration) {
	c.begin = time.Now()
	ctx, stop := context.WithTimeout(context.Background(), length)
	defer stop()
	var group sync.WaitGroup
	for i := range writers {
		group.Go(func() {
			w := &writer{contest: c, id: i, rand: rand.New(rand.NewPCG(uint64(i), 64))}
			for ctx.Err() == nil || c.isTame() {
				w.turn()
			}
		})
	}
	var seen int64
	for ctx.Err() == nil {
		now := number[int64](c.t, c.DB, `SELECT seq FROM park_clock WHERE park_id = $1`, c.id)
		c.wrong = append(c.wrong, audit(c.t, c.DB, c.id, seen)...)
		seen = now
		select {
		case <-ctx.Done():
		case <-time.After(length / 20):
		}
	}
	group.Wait()
}

// writer takes turns: it reads a parcel, then wants something of it that what it read allows, or now and then does not.
type writer struct {
	*contest
	id   int
	rand *rand.Rand
}

// note keeps an operation on the parcels it touched.
func (w *writer) note(parcels []int, q ask, a answer, call, ret time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.counts[a.result]++
	for _, p := range parcels {
		q.parcel = p
		op := porcupine.Operation{ClientId: w.id, Input: q, Output: a, Call: int64(call), Return: int64(ret)}
		if a.result == "unknown" {
			op.Return = forever
		}
		w.history = append(w.history, op)
	}
}

func (w *writer) fault(doing string, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.faults) < 5 {
		w.faults = append(w.faults, fmt.Sprintf("%s: %v", doing, err))
	}
}

// turn reads and writes once. Two thirds of the turns go to a tenth of the parcels.
func (w *writer) turn() {
	p := w.rand.IntN(len(w.parcels))
	if w.rand.IntN(3) > 0 {
		p = w.rand.IntN(len(w.parcels)/10 + 1)
	}
	h, cover, err := w.read(p)
	if err != nil {
		w.fault("read", err)
		return
	}
	ctx := context.Background()
	if w.rand.IntN(30) == 0 { // walks away without waiting for the answer
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Duration(w.rand.IntN(40_000))*time.Microsecond)
		defer cancel()
	}
	switch w.rand.IntN(8) {
	case 0:
		w.seize(ctx, p)
	case 1:
		w.hold(ctx, p, h)
	default:
		if h.free() {
			w.hold(ctx, p, h)
		} else {
			w.change(ctx, cover, h)
		}
	}
}

const sqlRead = `
SELECT p.version, coalesce(l.allotment_id, '00000000-0000-0000-0000-000000000000'), coalesce(a.state, ''),
       coalesce(a.extended, 0) > 0,
       ARRAY(SELECT o.parcel_id FROM allotment_parcel o
         WHERE (o.park_id, o.allotment_id) = (l.park_id, l.allotment_id) AND o.to_seq IS NULL)
  FROM parcel p
  LEFT JOIN allotment_parcel l ON (l.park_id, l.parcel_id) = (p.park_id, p.parcel_id) AND l.to_seq IS NULL
  LEFT JOIN allotment_version a ON (a.park_id, a.allotment_id) = (l.park_id, l.allotment_id) AND a.to_seq IS NULL
 WHERE p.park_id = $1 AND p.parcel_id = $2`

func (w *writer) read(p int) (holding, []int, error) {
	var h holding
	var ids []uuid.UUID
	call := time.Since(w.begin)
	if err := w.Planner.QueryRow(context.Background(), sqlRead, w.site.id, w.parcels[p]).Scan(&h.version, &h.right,
		&h.state, &h.extended, &ids); err != nil {
		return h, nil, err
	}
	w.note([]int{p}, ask{kind: "read"}, answer{"read", h}, call, time.Since(w.begin))
	var cover []int
	for i, id := range w.parcels {
		for _, other := range ids {
			if id == other {
				cover = append(cover, i)
			}
		}
	}
	return h, cover, nil
}

// hold holds a parcel by the version that was read; now and then the next parcel with it, by its own.
func (w *writer) hold(ctx context.Context, p int, h holding) {
	parcels, seen := []int{p}, []int64{h.version}
	if next := (p + 1) % len(w.parcels); w.rand.IntN(6) == 0 {
		other, _, err := w.read(next)
		if err != nil {
			w.fault("read", err)
			return
		}
		parcels, seen = append(parcels, next), append(seen, other.version)
	}
	refs := make([]ledger.Ref, len(parcels))
	for i, at := range parcels {
		refs[i] = ledger.Ref{ID: w.parcels[at], Version: seen[i]}
	}
	call := time.Since(w.begin)
	out, err := ledger.Of(w.Store).Do(ctx, w.order(ledger.Command{Kind: "hold", Parcels: refs, Project: &w.project,
		Until: inDays(30)}))
	ret := time.Since(w.begin)
	a, which := w.answered(ctx, "hold", out, err)
	for i, at := range parcels {
		if which == uuid.Nil || which == w.parcels[at] {
			w.note([]int{at}, ask{kind: "hold", seen: seen[i]}, a, call, ret)
		}
	}
}

// change extends, reserves or takes back the right that was read.
func (w *writer) change(ctx context.Context, cover []int, h holding) {
	kind := "take_back"
	if h.state == "hold" {
		kind = []string{"extend", "reserve", "take_back"}[w.rand.IntN(3)]
	}
	c := ledger.Command{Kind: kind, Allotment: &ledger.Ref{ID: h.right, Version: h.version}}
	if kind == "extend" {
		c.Until = inDays(60)
	}
	call := time.Since(w.begin)
	out, err := ledger.Of(w.Store).Do(ctx, w.order(c))
	ret := time.Since(w.begin)
	a, _ := w.answered(ctx, kind, out, err)
	w.note(cover, ask{kind: kind, seen: h.version, right: h.right}, a, call, ret)
}

// seize holds a parcel by the bare SQL of a writer that looks at nothing: the database alone can refuse it.
func (w *writer) seize(ctx context.Context, p int) {
	var out ledger.Outcome
	call := time.Since(w.begin)
	err := pgx.BeginFunc(ctx, w.Planner, func(tx pgx.Tx) error {
		record, right := uuid.Must(uuid.NewV7()), uuid.Must(uuid.NewV7())
		if err := tx.QueryRow(ctx, `SELECT seq FROM begin_record($1, $2, 'hold', 'soak', 'soak', '[]', $3)`, w.site.id,
			record, w.planner).Scan(&out.Seq); err != nil {
			return err
		}
		out.Allotment = &ledger.AllotmentState{ID: right, State: "hold"}
		for _, do := range []struct {
			sql  string
			args []any
		}{
			{`INSERT INTO allotment (park_id, allotment_id, district_id, project_id)
				SELECT $1, $2, district_id, $3 FROM park WHERE park_id = $1`, []any{w.site.id, right, w.project}},
			{`INSERT INTO allotment_version (park_id, allotment_id, from_seq, state, expires_at)
				VALUES ($1, $2, $3, 'hold', now() + interval '30 days')`, []any{w.site.id, right, out.Seq}},
			{`INSERT INTO allotment_parcel (park_id, allotment_id, parcel_id, from_seq) VALUES ($1, $2, $3, $4)`,
				[]any{w.site.id, right, w.parcels[p], out.Seq}},
		} {
			if _, err := tx.Exec(ctx, do.sql, do.args...); err != nil {
				return err
			}
		}
		return nil
	})
	ret := time.Since(w.begin)
	a, _ := w.answered(ctx, "seize", out, err)
	w.note([]int{p}, ask{kind: "seize"}, a, call, ret)
}

// answered sorts an outcome, and names the parcel that a refusal is about where it is about one of several.
func (w *writer) answered(ctx context.Context, kind string, out ledger.Outcome, err error) (answer, uuid.UUID) {
	var stale *store.Stale
	var denial *store.Denial
	switch {
	case err == nil:
		a := answer{result: "done", holding: holding{version: out.Seq}}
		if out.Allotment != nil {
			a.right, a.state = out.Allotment.ID, out.Allotment.State
		}
		return a, uuid.Nil
	case errors.As(err, &stale):
		return answer{result: "stale", holding: holding{version: stale.Current}}, stale.ID
	case errors.As(err, &denial) && (denial.Rule == "one_right_at_a_time" ||
		denial.Rule == "allotment_version_extended_check"):
		return answer{result: "denied"}, denial.Parcel
	case store.Constraint(err) == "one_right_at_a_time":
		return answer{result: "denied"}, uuid.Nil
	case ctx.Err() == nil:
		w.fault(kind, err)
	}
	return answer{result: "unknown"}, uuid.Nil
}
