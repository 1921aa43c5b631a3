package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"luodi/data/ledger"
	"luodi/data/store/storetest"
	"luodi/geo"
)

// queues makes the server serve queues after each change, as luodi serve does.
func (d *desk) queues() {
	d.clerk = &ledger.Clerk{Via: "test", Served: "next in the queue",
		Passed: func(err error) string { return "passed: " + err.Error() }, Report: func(err error) { d.t.Error(err) }}
}

// projects makes some more projects.
func (d *desk) projects(n int) []uuid.UUID {
	d.t.Helper()
	all := make([]uuid.UUID, n)
	for i := range all {
		all[i] = storetest.Project(d.t, d.DB, d.parkID, fmt.Sprint("项目", i), true)
	}
	return all
}

func (d *desk) queueCommand(project, parcel uuid.UUID, days int) ledger.Command {
	return ledger.Command{Kind: "queue", Parcels: d.refs(parcel), Project: &project, TermDays: days}
}

// queue lists who waits for a parcel, in order.
func (d *desk) queue(parcel uuid.UUID) (projects []uuid.UUID) {
	d.t.Helper()
	all, err := ledger.Of(d.Store).Queue(context.Background(), d.park, ledger.QueueFilter{Parcel: &parcel})
	if err != nil {
		d.t.Fatal(err)
	}
	for i, w := range all {
		if w.Position == nil || *w.Position != i+1 || w.State != "waiting" {
			d.t.Errorf("place %d: %+v", i+1, w)
		}
		projects = append(projects, w.Project.ID)
	}
	return projects
}

// holder is the project that has the right to a parcel, and until when.
func (d *desk) holder(parcel uuid.UUID) (project uuid.UUID, until time.Time) {
	d.t.Helper()
	const sql = `SELECT t.project_id, a.expires_at FROM allotment_parcel l
       JOIN allotment t USING (park_id, allotment_id)
		JOIN allotment_version a ON (a.park_id, a.allotment_id) = (l.park_id, l.allotment_id)
		  AND a.to_seq IS NULL WHERE l.parcel_id = $1 AND l.to_seq IS NULL`
	if err := d.Owner.QueryRow(context.Background(), sql, parcel).Scan(&project, &until); err != nil {
		d.t.Fatal(err)
	}
	return project, until
}

func TestWhoCameFirstIsServedFirstAndIsTold(t *testing.T) {
	t.Parallel()
	d := newDesk(t, row(2)...)
	d.queues()
	p := d.projects(3)
	a, b := d.parcels[0], d.parcels[1]
	d.refusedBy(d.queueCommand(p[0], a, 10), "queue_needs_right")
	d.hold(a)
	for i, days := range []int{10, 20, 30} {
		out := d.do(d.queueCommand(p[i], a, days))
		if out.Waiting == nil || *out.Waiting.Position != i+1 || out.Waiting.TermDays != days ||
			out.Waiting.Parcel.Code != "A" {
			t.Fatalf("place %d: %+v", i+1, out.Waiting)
		}
	}
	d.refusedBy(d.queueCommand(p[0], a, 10), "waiting_once")
	d.refusedBy(d.queueCommand(d.project, a, 10), "queue_is_for_others")
	for _, days := range []int{0, 367} {
		if err := errOf(d, d.queueCommand(p[0], b, days)); !errors.Is(err, geo.ErrInvalid) {
			t.Errorf("%d days: %v", days, err)
		}
	}
	d.do(ledger.Command{Kind: "take_back", Allotment: d.rightOn("A")})
	got, until := d.holder(a)
	if days := time.Until(until).Hours() / 24; got != p[0] || days < 9.9 || days > 10.1 {
		t.Fatalf("%v has it for %.1f days, want %v for 10", got, days, p[0])
	}
	if queue := d.queue(a); len(queue) != 2 || queue[0] != p[1] {
		t.Fatalf("the queue: %v", queue)
	}
	mine, err := ledger.Of(d.Store).Queue(context.Background(), d.park, ledger.QueueFilter{By: &d.planner})
	if err != nil || len(mine) != 3 || mine[2].State != "served" || mine[2].Allotment == nil ||
		mine[2].EndedReason == nil || *mine[2].EndedReason != "next in the queue" {
		t.Fatalf("told: %+v, %v", mine, err)
	}
	later := mine[2].EndedAt.Add(time.Second)
	if since, err := ledger.Of(d.Store).Queue(context.Background(), d.park,
		ledger.QueueFilter{By: &d.planner, Since: &later}); err != nil || len(since) != 2 {
		t.Errorf("since then: %+v, %v", since, err)
	}
	left := d.do(ledger.Command{Kind: "leave", Waiting: &mine[0].ID})
	if left.Waiting == nil || left.Waiting.State != "left" {
		t.Errorf("left: %+v", left.Waiting)
	}
	d.refusedBy(ledger.Command{Kind: "leave", Waiting: &mine[0].ID}, "place_is_live")
	d.refusedBy(ledger.Command{Kind: "revert", Reverts: left.Seq}, "record_can_be_reversed")
}

func TestNobodyPassesTheQueue(t *testing.T) {
	t.Parallel()
	d := newDesk(t, row(2)...)
	p := d.projects(2)
	a := d.parcels[0]
	d.hold(a)
	d.do(d.queueCommand(p[0], a, 10))
	d.do(d.queueCommand(p[1], a, 10))
	back := d.do(ledger.Command{Kind: "take_back", Allotment: d.rightOn("A")}) // nobody serves the queue here
	if denial := d.refusedBy(d.holdCommand(a), "queue_is_kept"); denial.Holder != "项目0" || denial.Code != "A" {
		t.Errorf("%+v", denial)
	}
	d.refusedBy(ledger.Command{Kind: "revert", Reverts: back.Seq}, "queue_is_kept")
	d.do(d.queueCommand(d.project, a, 5)) // the land is free, but for those who wait
	hold := d.holdCommand(a)
	hold.Project = &p[0]
	if out := d.do(hold); out.Waiting == nil || out.Waiting.State != "served" {
		t.Errorf("the first is served by its own hold: %+v", out.Waiting)
	}
	if queue := d.queue(a); len(queue) != 2 || queue[0] != p[1] || queue[1] != d.project {
		t.Errorf("the queue: %v", queue)
	}
}

func TestWhoCannotBeServedIsPassedOverAndToldWhy(t *testing.T) {
	t.Parallel()
	d, _, _ := servedDesk(t)
	d.queues()
	p := d.projects(3)
	a := d.parcels[0]
	d.hold(a)
	for _, one := range p {
		d.do(d.queueCommand(one, a, 10))
	}
	storetest.Need(t, d.DB, p[0], `{"power": 9000}`)
	storetest.Need(t, d.DB, p[1], `{"heat": 1}`)
	d.do(ledger.Command{Kind: "take_back", Allotment: d.rightOn("A")})
	if got, _ := d.holder(a); got != p[2] {
		t.Fatalf("%v has it, want %v", got, p[2])
	}
	mine, err := ledger.Of(d.Store).Queue(context.Background(), d.park,
		ledger.QueueFilter{Project: &p[0], By: &d.planner})
	if err != nil || len(mine) != 1 || mine[0].State != "passed" || *mine[0].EndedReason == "" {
		t.Errorf("told: %+v, %v", mine, err)
	}
}

func TestAQueueWaitsWhileLandIsWithdrawnAndEndsWithItsParcel(t *testing.T) {
	t.Parallel()
	d := newDesk(t, row(2)...)
	p := d.projects(1)
	a, b := d.parcels[0], d.parcels[1]
	d.hold(a)
	d.do(d.queueCommand(p[0], a, 10))
	d.do(ledger.Command{Kind: "take_back", Allotment: d.rightOn("A")})
	d.do(ledger.Command{Kind: "withdraw", Parcels: d.refs(a)})
	if n, err := ledger.Of(d.Store).ServeQueues(context.Background(), ledger.Clerk{Via: "test", Served: "next"},
		""); n != 0 ||
		err != nil {
		t.Errorf("served %d: %v", n, err)
	}
	d.queues()
	d.do(ledger.Command{Kind: "restore", Parcels: d.refs(a)})
	if got, _ := d.holder(a); got != p[0] {
		t.Errorf("%v has it after it was restored", got)
	}
	d.hold(b)
	d.do(d.queueCommand(p[0], b, 10))
	split := d.do(ledger.Command{Kind: "split", Parcels: d.refs(b),
		Shape: &ledger.Shape{Parts: 2, Codes: []string{"B1", "B2"}, Heir: "B1"}})
	mine, err := ledger.Of(d.Store).Queue(context.Background(), d.park, ledger.QueueFilter{By: &d.planner, Parcel: &b})
	if err != nil || len(mine) != 1 || mine[0].State != "ended" || *mine[0].EndedSeq != split.Seq {
		t.Errorf("told: %+v, %v", mine, err)
	}
	one, err := ledger.Of(d.Store).RecordDetail(context.Background(), d.park, split.Seq)
	if err != nil || len(one.LinesLeft) != 1 || len(one.LinesJoined) != 0 {
		t.Errorf("the record: %+v, %v", one, err)
	}
}
