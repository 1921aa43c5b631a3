package paper

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// faces are the two weights that everything is set in.
type faces struct{ regular, bold face }

func (f *faces) of(bold bool) *face {
	if bold {
		return &f.bold
	}
	return &f.regular
}

// face is a TrueType face.
type face struct {
	file []byte // as sfnt
	font *sfnt.Font
}

// errFace is what no WOFF file of version 1.0 is.
var errFace = errors.New("not a WOFF font")

// mostFace is how large an unpacked face may be, in bytes.
const mostFace = 64 << 20

// readFace unpacks a WOFF file (W3C, WOFF File Format 1.0): its tables, each packed by zlib, become those of an sfnt
// file.
func readFace(woff []byte) (face, error) {
	const head, entry = 44, 20
	if len(woff) < head || string(woff[:4]) != "wOFF" {
		return face{}, errFace
	}
	n := int(binary.BigEndian.Uint16(woff[12:]))
	if len(woff) < head+n*entry {
		return face{}, errFace
	}
	out := make([]byte, 12+16*n, max(12+16*n, min(mostFace, int(binary.BigEndian.Uint32(woff[16:])))))
	copy(out, woff[4:8])
	binary.BigEndian.PutUint16(out[4:], uint16(n))
	for i := range n {
		of := woff[head+i*entry:]
		table, err := unpacked(woff, binary.BigEndian.Uint32(of[4:]), binary.BigEndian.Uint32(of[8:]),
			binary.BigEndian.Uint32(of[12:]))
		if err != nil {
			return face{}, fmt.Errorf("table %q: %w", of[:4], err)
		}
		row := out[12+16*i:]
		copy(row, of[:4])
		copy(row[4:8], of[16:20])
		binary.BigEndian.PutUint32(row[8:], uint32(len(out)))
		binary.BigEndian.PutUint32(row[12:], uint32(len(table)))
		out = append(out, table...)
		out = append(out, make([]byte, -len(table)&3)...)
	}
	parsed, err := sfnt.Parse(out)
	return face{out, parsed}, err
}

// unpacked is a table of a WOFF file.
func unpacked(woff []byte, at, packed, plain uint32) ([]byte, error) {
	if uint64(at)+uint64(packed) > uint64(len(woff)) || plain > mostFace {
		return nil, errFace
	}
	table := woff[at : at+packed]
	if packed == plain {
		return table, nil
	}
	r, err := zlib.NewReader(bytes.NewReader(table))
	if err != nil {
		return nil, err
	}
	out := make([]byte, plain)
	_, err = io.ReadFull(r, out)
	return out, err
}

// unknown is written for a character that the face lacks, as printers do.
const unknown = '□'

// spelled are signs of our texts that the face lacks, in those that it has.
var spelled = strings.NewReplacer("≥", ">=", "≤", "<=", "→", "->")

// plain is a text of what the face can write.
func (f *face) plain(text string) string {
	var buf sfnt.Buffer
	text = spelled.Replace(text)
	return strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		if r > 0xffff { // the PDF's writer knows the basic plane alone
			return unknown
		}
		if at, err := f.font.GlyphIndex(&buf, r); err != nil || at == 0 {
			return unknown
		}
		return r
	}, text)
}

// wide is how wide a text is at a size, in its unit.
func (f *face) wide(text string, size float64) float64 {
	var buf sfnt.Buffer
	em := f.font.UnitsPerEm()
	sum := fixed.Int26_6(0)
	for _, r := range text {
		at, err := f.font.GlyphIndex(&buf, r)
		if err != nil {
			continue
		}
		if step, err := f.font.GlyphAdvance(&buf, at, fixed.Int26_6(em)<<6, font.HintingNone); err == nil {
			sum += step
		}
	}
	return float64(sum) / 64 / float64(em) * size
}

// lines breaks a text into lines no wider than a width: after a space, or around a Chinese character; a word
// that is wider breaks within.
func (f *face) lines(text string, size, width float64) []string {
	var lines []string
	line, word := "", ""
	put := func() {
		if line != "" && f.wide(strings.TrimRight(line+word, " "), size) > width {
			lines, line = append(lines, strings.TrimRight(line, " ")), ""
		}
		line, word = line+word, ""
	}
	runes := []rune(f.plain(text))
	for i, r := range runes {
		word += string(r)
		if i+1 == len(runes) || breaks(r, runes[i+1]) || f.wide(word, size) > 0.9*width {
			put()
		}
	}
	return append(lines, strings.TrimRight(line, " "))
}

// breaks reports whether a line may end between two characters: the second must not begin a line, nor the first end
// one.
func breaks(a, b rune) bool {
	const early, late = "，。、；：！？）》」』”’…·%,.;:!?)", "（《「『“‘("
	if strings.ContainsRune(early, b) || strings.ContainsRune(late, a) || b == ' ' {
		return false
	}
	return a == ' ' || a == '/' || a == '&' || a >= 0x2e80 || b >= 0x2e80
}
