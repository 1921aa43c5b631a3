package siting

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"sync"

	"github.com/paulmach/orb"

	"luodi/geo/fit"
)

// measurements keeps what was measured of outlines, each measure's apart, so that halls, whose sides the asker names,
// push out nothing else.
//
// A figure is kept by the outline that it was measured of, and by the roads and the hall where it hangs on them. So it
// serves both audiences, past days, lots and assemblies, and versions that changed something else; a split, a merge or
// a correction makes outlines that have none. What is not asked for goes when newer figures need the room.
type measurements struct {
	of []measurementStore // by [outlineMeasures]
}

// measurementShare is the part of a [Matcher]'s memory that figures may take.
const measurementShare = 4

func newMeasurements() *measurements {
	return &measurements{of: make([]measurementStore, len(outlineMeasures))}
}

// allow sets how many bytes all figures may take.
func (f *measurements) allow(bytes int64) {
	for i := range f.of {
		f.of[i].allow(int(bytes / bytesPerMeasurement / int64(len(f.of))))
	}
}

// bytes is what the figures take now.
func (f *measurements) bytes() int64 {
	n := 0
	for i := range f.of {
		n += f.of[i].len()
	}
	return int64(n) * bytesPerMeasurement
}

// measurementStore keeps figures in two generations: once the young are half of what is allowed, they become the old,
// and the old are dropped. An old figure that is asked for becomes young again.
type measurementStore struct {
	mu         sync.Mutex
	most       int
	young, old map[measurementKey]*measurement
}

type measurementKey struct {
	outline, roads digest // roads are 0 where a figure doesn't hang on them
	long, wide     float64
}

// measurement is measured by the first that asks for it; others wait for that.
type measurement struct {
	once  sync.Once
	value float64
}

func (s *measurementStore) allow(most int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.most = most
}

func (s *measurementStore) len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.young) + len(s.old)
}

// get finds a figure or adds one that nobody has measured.
func (s *measurementStore) get(k measurementKey) *measurement {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f, ok := s.young[k]; ok {
		return f
	}
	f, ok := s.old[k]
	if ok {
		delete(s.old, k)
	} else {
		f = &measurement{value: math.NaN()}
	}
	if len(s.young) >= s.most/2 {
		s.old, s.young = s.young, nil
	}
	if s.most < 2 {
		return f
	}
	if s.young == nil {
		s.young = map[measurementKey]*measurement{}
	}
	s.young[k] = f
	return f
}

// digest tells outlines apart: the first half of a SHA-256.
type digest [16]byte

// digestOf a shape takes its points as they are.
func digestOf(shape orb.Polygon) digest {
	raw := make([]byte, 0, 512)
	for _, ring := range shape {
		raw = appendPoints(raw, ring)
	}
	return sum(raw)
}

func digestOfRoads(roads []fit.Road) digest {
	var raw []byte
	for _, r := range roads {
		raw = appendPoints(raw, r.Line)
		raw = binary.LittleEndian.AppendUint64(raw, math.Float64bits(r.WidthM))
	}
	return sum(raw)
}

func appendPoints(raw []byte, points []orb.Point) []byte {
	raw = binary.LittleEndian.AppendUint32(raw, uint32(len(points)))
	for _, p := range points {
		raw = binary.LittleEndian.AppendUint64(raw, math.Float64bits(p[0]))
		raw = binary.LittleEndian.AppendUint64(raw, math.Float64bits(p[1]))
	}
	return raw
}

func sum(raw []byte) digest {
	full := sha256.Sum256(raw)
	return digest(full[:16])
}
