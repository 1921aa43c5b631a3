package soak

import (
	"fmt"
	"math"

	"github.com/anishathalye/porcupine"
	"github.com/google/uuid"
)

// ask is what a writer wanted of one parcel. kind: read; hold, which names the version that was seen; seize, a hold by
// bare SQL that looks at nothing; extend, reserve and take_back, which name a right and its version.
type ask struct {
	parcel int
	kind   string
	seen   int64
	right  uuid.UUID
}

// answer is what it was told. result: read, done, stale, denied, or unknown where it never heard.
type answer struct {
	result string
	holding
}

// holding is the register that a parcel is: its version and the right on it. After a change whose outcome nobody heard
// the version is only a lower bound, and a right that it began has no known id.
type holding struct {
	version  int64
	open     bool // version is a lower bound
	right    uuid.UUID
	unnamed  bool // there is a right, its id was never told
	state    string
	extended bool
}

func (h holding) free() bool { return h.right == uuid.Nil && !h.unnamed }

// at is the holding if its version may be v.
func (h holding) at(v int64) (holding, bool) {
	if h.version == v && !h.open || h.open && v > h.version {
		h.version, h.open = v, false
		return h, true
	}
	return h, false
}

// of is the holding if its right may be the named one.
func (h holding) of(right uuid.UUID) (holding, bool) {
	if h.right == right && !h.unnamed || h.unnamed && right != uuid.Nil {
		h.right, h.unnamed = right, false
		return h, true
	}
	return h, false
}

// ready is the holding an ask takes hold of, if it finds what it has seen and may change it.
func (h holding) ready(q ask) (holding, bool) {
	switch q.kind {
	case "seize":
		return h, h.free()
	case "hold":
		h, ok := h.at(q.seen)
		return h, ok && h.free()
	}
	h, ok := h.at(q.seen)
	if !ok {
		return h, false
	}
	if h, ok = h.of(q.right); !ok {
		return h, false
	}
	return h, q.kind == "take_back" || h.state == "hold" && (q.kind == "reserve" || !h.extended)
}

// after is what an ask makes of a holding that is ready, at a version and, for a new right, with its id.
func (h holding) after(q ask, version int64, right uuid.UUID) holding {
	h.version = version
	switch q.kind {
	case "hold", "seize":
		h.right, h.state, h.extended = right, "hold", false
	case "extend":
		h.extended = true
	case "reserve":
		h.state = "reserved"
	case "take_back":
		h.right, h.state, h.extended = uuid.Nil, "", false
	}
	return h
}

// step gives the holdings that may follow when an ask was answered so; none when it cannot have been.
func step(h holding, q ask, a answer) []holding {
	switch a.result {
	case "read":
		h, fits := h.at(a.version)
		if fits {
			h, fits = h.of(a.right)
		}
		return only(h, fits && h.state == a.state && h.extended == a.extended)
	case "done":
		now, ok := h.ready(q)
		return only(now.after(q, a.version, a.right), ok && a.version > now.version)
	case "unknown":
		now, ok := h.ready(q)
		if !ok {
			return []holding{h}
		}
		next := now.after(q, now.version, uuid.Nil)
		next.open = true
		next.unnamed = next.unnamed || q.kind == "hold" || q.kind == "seize"
		return []holding{h, next}
	case "stale":
		if q.kind != "hold" && !h.unnamed && h.right != q.right { // the right has ended since, at some version
			return only(h, a.version <= h.version || h.open)
		}
		if q.kind != "hold" && h.unnamed && a.version <= h.version {
			return only(h, true)
		}
		h, ok := h.at(a.version)
		return only(h, ok && a.version != q.seen)
	case "denied":
		if q.kind == "hold" {
			h, ok := h.at(q.seen)
			return only(h, ok && !h.free())
		}
		if q.kind == "seize" {
			return only(h, !h.free())
		}
		now, may := h.at(q.seen)
		if may {
			now, may = now.of(q.right)
		}
		return only(now, may && q.kind == "extend" && now.extended)
	}
	return nil
}

func only(h holding, ok bool) []holding {
	if !ok {
		return nil
	}
	return []holding{h}
}

// forever is the return of an ask whose outcome nobody heard: it may take effect at any time after its call.
const forever = math.MaxInt64

// model says what a park is to its writers: one register a parcel, each of which begins free at version 1.
var model = (&porcupine.NondeterministicModel{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		var parts [][]porcupine.Operation
		for _, op := range history {
			at := op.Input.(ask).parcel
			for len(parts) <= at {
				parts = append(parts, nil)
			}
			parts[at] = append(parts[at], op)
		}
		return parts
	},
	Init: func() []any { return []any{holding{version: 1}} },
	Step: func(state, input, output any) []any {
		var next []any
		for _, h := range step(state.(holding), input.(ask), output.(answer)) {
			next = append(next, h)
		}
		return next
	},
	DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v → %+v", input, output) },
}).ToModel()
