package tile

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"math"
	"strings"
	"unicode/utf8"
)

// Kind is the type of a [Value].
type Kind uint8

// The kinds of values.
const (
	Null Kind = iota // left out
	Text
	Number
	Int
	Bool
)

// Value is the value of a key: that of its kind. A number that is whole is written as an integer, one that is not
// finite is left out. A truth is an Int other than 0.
type Value struct {
	Kind   Kind
	Text   string
	Number float64
	Int    int64
}

// Fields of the messages of the specification, with their wire types.
const (
	tileLayer      = 3<<3 | 2
	layerName      = 1<<3 | 2
	layerFeature   = 2<<3 | 2
	layerKey       = 3<<3 | 2
	layerValue     = 4<<3 | 2
	layerExtent    = 5<<3 | 0
	layerVersion   = 15<<3 | 0
	featureTags    = 2<<3 | 2
	featureType    = 3<<3 | 0
	featureShape   = 4<<3 | 2
	valueText      = 1<<3 | 2
	valueDouble    = 3<<3 | 1
	valueUint      = 5<<3 | 0
	valueSint      = 6<<3 | 0
	valueBool      = 7<<3 | 0
	versionOfTiles = 2
)

// layer is one layer of a tile while it is written. Keys and values stand in it once each, in the order of first
// use.
type layer struct {
	merged, features []byte // merged ones are written first
	keys, values     []byte
	tags             []byte // of the next feature
	keyNames         []string
	ends             []int    // where in values each one ends
	slots            []uint64 // open addressing: the upper half of a hash, and the number of the value + 1
}

var seed = maphash.MakeSeed() // it decides where a value is looked for, never what is written

func (l *layer) reset() {
	if len(l.ends) > 0 {
		clear(l.slots)
	}
	if n := len(l.slots) / 2; n >= leastSlots && 16*len(l.ends) < n {
		l.slots = l.slots[:n] // a smaller tile than before: less to clear
	}
	l.merged, l.features, l.keys, l.values, l.tags = l.merged[:0], l.features[:0], l.keys[:0], l.values[:0], l.tags[:0]
	l.keyNames, l.ends = l.keyNames[:0], l.ends[:0]
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

// value returns the number of a value, and false where it is left out.
func (l *layer) value(v Value) (uint32, bool) {
	start := len(l.values)
	if l.values = appendValue(l.values, v); len(l.values) == start {
		return 0, false
	}
	return l.known(start), true
}

// known returns the number of the value that stands in values from start on, and takes it off if it stood there
// before.
func (l *layer) known(start int) uint32 {
	if 2*len(l.ends) >= len(l.slots) {
		l.grow()
	}
	fresh := l.values[start:]
	mask := uint64(len(l.slots) - 1)
	hash := maphash.Bytes(seed, fresh)
	i := hash & mask
	for ; l.slots[i] != 0; i = (i + 1) & mask {
		if l.slots[i]>>32 != hash>>32 {
			continue
		}
		n := uint32(l.slots[i]) - 1
		if bytes.Equal(l.nth(n), fresh) {
			l.values = l.values[:start]
			return n
		}
	}
	l.ends = append(l.ends, len(l.values))
	l.slots[i] = hash>>32<<32 | uint64(len(l.ends))
	return uint32(len(l.ends) - 1)
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
	l.slots = make([]uint64, max(leastSlots, 2*len(l.slots)))
	mask := uint64(len(l.slots) - 1)
	for n := range l.ends {
		hash := maphash.Bytes(seed, l.nth(uint32(n)))
		i := hash & mask
		for l.slots[i] != 0 {
			i = (i + 1) & mask
		}
		l.slots[i] = hash>>32<<32 | uint64(n+1)
	}
}

// appendValue appends a value as the layer's field, and nothing for one that is left out.
func appendValue(dst []byte, v Value) []byte {
	switch v.Kind {
	case Text:
		text := v.Text
		if !utf8.ValidString(text) {
			text = strings.ToValidUTF8(text, "\uFFFD")
		}
		dst = append(dst, layerValue)
		dst = binary.AppendUvarint(dst, uint64(1+sizeOf(uint64(len(text)))+len(text)))
		dst = append(dst, valueText)
		return appendText(dst, text)
	case Number:
		if whole := int64(v.Number); float64(whole) == v.Number && math.Abs(v.Number) < 1<<53 {
			return appendInt(dst, whole)
		}
		if math.IsNaN(v.Number) || math.IsInf(v.Number, 0) {
			return dst
		}
		dst = append(dst, layerValue, 9, valueDouble)
		return binary.LittleEndian.AppendUint64(dst, math.Float64bits(v.Number))
	case Int:
		return appendInt(dst, v.Int)
	case Bool:
		truth := byte(0)
		if v.Int != 0 {
			truth = 1
		}
		return append(dst, layerValue, 2, valueBool, truth)
	}
	return dst
}

func appendInt(dst []byte, n int64) []byte {
	field, u := byte(valueUint), uint64(n)
	if n < 0 {
		field, u = valueSint, uint64(n<<1)^uint64(n>>63)
	}
	dst = append(dst, layerValue, byte(1+sizeOf(u)), field)
	return binary.AppendUvarint(dst, u)
}

// sizeOf is how many bytes a varint takes.
func sizeOf(u uint64) int {
	n := 1
	for ; u >= 1<<7; u >>= 7 {
		n++
	}
	return n
}

// tag puts a key and its value to the next feature.
func (l *layer) tag(key string, v Value) {
	if n, some := l.value(v); some {
		l.tagged(l.key(key), n)
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

// append appends the layer to dst; nothing where it has no feature.
func (l *layer) append(dst []byte, name string, extent uint32) []byte {
	if l.empty() {
		return dst
	}
	size := 1 + sizeOf(uint64(len(name))) + len(name) + len(l.merged) + len(l.features) + len(l.keys) + len(l.values) +
		1 + sizeOf(uint64(extent)) + 2
	dst = append(dst, tileLayer)
	dst = binary.AppendUvarint(dst, uint64(size))
	dst = append(dst, layerVersion, versionOfTiles, layerName)
	dst = appendText(dst, name)
	dst = append(dst, l.merged...)
	dst = append(dst, l.features...)
	dst = append(dst, l.keys...)
	dst = append(dst, l.values...)
	dst = append(dst, layerExtent)
	return binary.AppendUvarint(dst, uint64(extent))
}
