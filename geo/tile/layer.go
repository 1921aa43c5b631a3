package tile

import (
	"encoding/binary"
	"hash/maphash"
)

// Fields of the messages of the specification, with their wire types (0 a varint, 1 eight bytes, 2 bytes of a length).
const (
	tileLayer      = 3<<3 | 2
	layerName      = 1<<3 | 2
	layerFeature   = 2<<3 | 2
	layerKey       = 3<<3 | 2
	layerValue     = 4<<3 | 2
	layerExtent    = 5 << 3
	layerVersion   = 15 << 3
	featureTags    = 2<<3 | 2
	featureType    = 3 << 3
	featureShape   = 4<<3 | 2
	valueText      = 1<<3 | 2
	valueDouble    = 3<<3 | 1
	valueUint      = 5 << 3
	valueSint      = 6 << 3
	valueBool      = 7 << 3
	versionOfTiles = 2
)

// layer is one layer of a tile while it is written. Keys and values stand in it once each, in the order of first
// use.
type layer struct {
	features, merged []byte // merged ones come last
	keys, values     []byte
	tags             []byte // of the next feature
	keyNames         []string
	ends             []int    // where in values each one ends
	slots            []uint64 // open addressing: the upper half of a hash, and the number of the value + 1
	hashed           int      // how many values the slots know
}

var seed = maphash.MakeSeed() // it decides where a value is looked for, never what is written

func (l *layer) reset() {
	if l.hashed > 0 {
		clear(l.slots)
	}
	if n := len(l.slots) / 2; n >= leastSlots && 16*l.hashed < n {
		l.slots = l.slots[:n] // a smaller tile than before: less to clear
	}
	l.merged, l.features, l.keys, l.values, l.tags = l.merged[:0], l.features[:0], l.keys[:0], l.values[:0], l.tags[:0]
	l.keyNames, l.ends, l.hashed = l.keyNames[:0], l.ends[:0], 0
}

func (l *layer) empty() bool { return len(l.merged)+len(l.features) == 0 }

// key returns the number of a key.
func (l *layer) key(name string) uint32 {
	for i, known := range l.keyNames {
		if known == name {
			return uint32(i)
		}
	}
	l.keyNames = append(l.keyNames, name)
	l.keys = append(l.keys, layerKey)
	l.keys = appendText(l.keys, name)
	return uint32(len(l.keyNames) - 1)
}

func appendText(dst []byte, s string) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(s)))
	return append(dst, s...)
}

// fresh adds a value, and returns its number.
func (l *layer) fresh(v Value) uint32 {
	l.values = append(l.values, v...)
	l.ends = append(l.ends, len(l.values))
	return uint32(len(l.ends) - 1)
}

// value returns the number of a value, which is added where the slots don't know it.
func (l *layer) value(v Value) uint32 {
	if 2*l.hashed >= len(l.slots) {
		l.grow()
	}
	mask := uint64(len(l.slots) - 1)
	hash := maphash.String(seed, string(v))
	i := hash & mask
	for ; l.slots[i] != 0; i = (i + 1) & mask {
		if l.slots[i]>>32 != hash>>32 {
			continue
		}
		if n := uint32(l.slots[i]) - 1; string(l.nth(n)) == string(v) {
			return n
		}
	}
	n := l.fresh(v)
	l.slots[i] = hash>>32<<32 | uint64(n+1)
	l.hashed++
	return n
}

func (l *layer) nth(n uint32) []byte {
	start := 0
	if n > 0 {
		start = l.ends[n-1]
	}
	return l.values[start:l.ends[n]]
}

// leastSlots is a power of two.
const leastSlots = 1 << 8

func (l *layer) grow() {
	before := l.slots
	l.slots = make([]uint64, max(leastSlots, 2*len(before)))
	mask := uint64(len(l.slots) - 1)
	for _, slot := range before {
		if slot == 0 {
			continue
		}
		i := maphash.Bytes(seed, l.nth(uint32(slot)-1)) & mask
		for l.slots[i] != 0 {
			i = (i + 1) & mask
		}
		l.slots[i] = slot
	}
}

// tag puts a key and its value to the next feature.
func (l *layer) tag(key string, v Value) {
	if v != "" {
		l.tagged(l.key(key), l.value(v))
	}
}

func (l *layer) tagged(key, value uint32) {
	l.tags = binary.AppendUvarint(l.tags, uint64(key))
	l.tags = binary.AppendUvarint(l.tags, uint64(value))
}

// feature appends a feature with the tags since the last one to dst.
func (l *layer) feature(dst []byte, d dimension, geometry []byte) []byte {
	size := 2 + 1 + sizeOf(uint64(len(geometry))) + len(geometry)
	if len(l.tags) > 0 {
		size += 1 + sizeOf(uint64(len(l.tags))) + len(l.tags)
	}
	f := append(dst, layerFeature)
	f = binary.AppendUvarint(f, uint64(size))
	if len(l.tags) > 0 {
		f = append(f, featureTags)
		f = binary.AppendUvarint(f, uint64(len(l.tags)))
		f = append(f, l.tags...)
	}
	f = append(f, featureType, byte(d), featureShape)
	f = binary.AppendUvarint(f, uint64(len(geometry)))
	l.tags = l.tags[:0]
	return append(f, geometry...)
}

// size is how many bytes the layer takes but for its head, whose are few.
func (l *layer) size() int { return len(l.features) + len(l.merged) + len(l.keys) + len(l.values) }

// append appends the layer to dst; nothing where it has no feature.
func (l *layer) append(dst []byte, name string, extent uint32) []byte {
	if l.empty() {
		return dst
	}
	size := 1 + sizeOf(uint64(len(name))) + len(name) + l.size() + 1 + sizeOf(uint64(extent)) + 2
	dst = append(dst, tileLayer)
	dst = binary.AppendUvarint(dst, uint64(size))
	dst = append(dst, layerVersion, versionOfTiles, layerName)
	dst = appendText(dst, name)
	dst = append(dst, l.features...)
	dst = append(dst, l.merged...)
	dst = append(dst, l.keys...)
	dst = append(dst, l.values...)
	dst = append(dst, layerExtent)
	return binary.AppendUvarint(dst, uint64(extent))
}
