package siting

import (
	"unsafe"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"luodi/geo/match"
)

// DefaultSitingMemory is how many bytes of free land a [Matcher] keeps unless told otherwise: about 250,000 free
// parcels, each counted once for the public and once for members.
const DefaultSitingMemory = 512 << 20

// keptSites are the sites of a park for one audience, how large they were when they were last asked, and when that was,
// as a number of questions.
type keptSites struct {
	sites *Sites
	bytes int64
	asked uint64
}

// SitingMemory is the memory use of a [Matcher].
type SitingMemory struct {
	Bytes, Most int64
	Sites       int   // parks, each counted once for the public and once for members
	GivenUp     int64 // so many were given up for others, or were too large to keep
}

// Memory reports the memory in use.
func (m *Matcher) Memory() SitingMemory {
	m.mu.Lock()
	defer m.mu.Unlock()
	return SitingMemory{Bytes: m.bytes + m.measured.bytes(), Most: m.Most, Sites: len(m.kept), GivenUp: m.givenUp}
}

// of finds the sites of a park or adds empty ones. Their size counts from the end of their first question on, because
// only reading them shows it.
func (m *Matcher) of(scope ParkScope) *keptSites {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := m.kept[scope]
	if k == nil {
		k = &keptSites{sites: &Sites{Code: scope.Park, Public: scope.Public, measured: m.measuredWithin()}}
		m.kept[scope] = k
	}
	m.asks++
	k.asked = m.asks
	return k
}

// measuredWithin is what was measured of outlines, within its part of the memory.
func (m *Matcher) measuredWithin() *measurements {
	m.measured.allow(m.Most / measurementShare)
	return m.measured
}

// settle updates the size of sites after a question and evicts the least recently used until the total is within the
// bound. A reader of evicted sites goes on with them; the next question reads them from the database again. Sites
// larger than the whole bound are not kept.
func (m *Matcher) settle(scope ParkScope, k *keptSites, bytes int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept[scope] != k { // given up meanwhile
		return
	}
	m.bytes += bytes - k.bytes
	k.bytes = bytes
	most := m.Most - m.measured.bytes()
	if bytes > most {
		m.giveUp(scope)
	}
	for m.bytes > most {
		m.giveUp(m.longestUnasked())
	}
}

func (m *Matcher) giveUp(scope ParkScope) {
	m.bytes -= m.kept[scope].bytes
	delete(m.kept, scope)
	m.givenUp++
}

// forget drops sites that were never read successfully: the caller chooses the park's name, so unknown names must not
// fill the memory.
func (m *Matcher) forget(scope ParkScope, k *keptSites) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept[scope] == k && k.bytes == 0 {
		delete(m.kept, scope)
	}
}

// longestUnasked looks at all that is kept: some thousands at most, and only where something is given up.
func (m *Matcher) longestUnasked() (scope ParkScope) {
	least := uint64(0)
	for other, k := range m.kept {
		if k.bytes > 0 && (least == 0 || k.asked < least) {
			scope, least = other, k.asked
		}
	}
	return scope
}

// What each part of the sites takes in memory. TestWhatIsCountedIsWhatIsHeld holds the sum to what the runtime says.
const (
	bytesPerRow = int64(unsafe.Sizeof(Place{})) + int64(unsafe.Sizeof(match.Access{})) +
		2*int64(unsafe.Sizeof(uuid.UUID{})+unsafe.Sizeof(0))
	bytesPerRing        = int64(unsafe.Sizeof(orb.Ring{}))
	bytesPerPoint       = int64(unsafe.Sizeof(orb.Point{}))
	bytesPerMeasurement = 112 // a figure with its key and its share of the map
	bytesPerPlaned      = 24  // of memory for each byte of a plan's or a network's shape as it is read: its lines in trees
)

// weigh is the size of a place beside its row: its text and outline.
func (p *Place) weigh() int64 {
	bytes := int64(len(p.Code) + len(p.Status) + len(p.LandUse) + len(p.Zone))
	for _, ring := range p.Shape {
		bytes += bytesPerRing + int64(cap(ring))*bytesPerPoint
	}
	return bytes
}

// size is what the sites take now. Its caller holds s.mu.
func (s *Sites) size() int64 {
	if !s.loaded {
		return 0
	}
	bytes := int64(unsafe.Sizeof(*s)) + int64(cap(s.Places))*(bytesPerRow+8*int64(len(s.columns))) + s.outlines +
		bytesPerPlaned*s.planed
	for _, t := range s.tenants {
		bytes += int64(unsafe.Sizeof(t)) + 2*int64(cap(t.Plane))
	}
	derivedMu.Lock()
	defer derivedMu.Unlock()
	bytes += int64(len(s.derived)) * int64(len(s.Places)) * 12 // a value and what it comes from
	for _, h := range s.honeycombs {
		bytes += h.bytes.Load()
	}
	return bytes
}
