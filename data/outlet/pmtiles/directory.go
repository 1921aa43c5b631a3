package pmtiles

import (
	"bytes"
	"encoding/binary"

	"github.com/klauspost/compress/gzip"
)

// entry is a row of a directory: run tiles from id on have the same bytes, or with run 0 a leaf begins with id.
type entry struct {
	id, at, size, run uint64
}

// mostRoot is how long the packed root may be: it and the header lie in the first 16 KiB.
const mostRoot = 16384 - headerSize

// leastLeaf is how many entries a leaf has at least, where there are leaves.
const leastLeaf = 4096

// directories packs entries, in the order of their ids: into the root alone where they fit there, else into leaves of a
// length that leaves room for the root.
func directories(entries []entry) (root, leaves []byte, err error) {
	if len(entries) < mostRoot { // a packed entry takes a byte at least
		if root, err = packed(entries); err != nil || len(root) <= mostRoot {
			return root, nil, err
		}
	}
	for size := leastLeaf; ; size += size / 5 {
		var above []entry
		leaves = leaves[:0]
		for from := 0; from < len(entries); from += size {
			leaf, err := packed(entries[from:min(from+size, len(entries))])
			if err != nil {
				return nil, nil, err
			}
			above = append(above, entry{id: entries[from].id, at: uint64(len(leaves)), size: uint64(len(leaf))})
			leaves = append(leaves, leaf...)
		}
		if root, err = packed(above); err != nil || len(root) <= mostRoot {
			return root, leaves, err
		}
	}
}

// packed is a directory as the archive has it: the columns one after the other, as varints, compressed.
func packed(entries []entry) ([]byte, error) {
	text := binary.AppendUvarint(nil, uint64(len(entries)))
	last := uint64(0)
	for _, e := range entries {
		text = binary.AppendUvarint(text, e.id-last)
		last = e.id
	}
	for _, e := range entries {
		text = binary.AppendUvarint(text, e.run)
	}
	for _, e := range entries {
		text = binary.AppendUvarint(text, e.size)
	}
	end := uint64(0)
	for i, e := range entries {
		if i > 0 && e.at == end {
			text = append(text, 0) // right after the one before
		} else {
			text = binary.AppendUvarint(text, e.at+1)
		}
		end = e.at + e.size
	}
	return zipped(text)
}

func zipped(text []byte) ([]byte, error) {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(text); err != nil {
		return nil, err
	}
	err := w.Close()
	return out.Bytes(), err
}
