package surveytext

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// lost stands where a character can't be read.
const lost = "\ufffd"

// Decode makes text of bytes as [Read] does: UTF-16, UTF-8 or GB18030. What can't be read is U+FFFD.
func Decode(body []byte) (text, encoding string) { return decode(body) }

// decode makes text of bytes: UTF-16 where a byte-order mark says so, UTF-8 where they are, else GB18030.
func decode(body []byte) (text, encoding string) {
	switch {
	case bytes.HasPrefix(body, []byte("\xff\xfe")):
		return fromUTF16(body[2:], binary.LittleEndian), "UTF-16"
	case bytes.HasPrefix(body, []byte("\xfe\xff")):
		return fromUTF16(body[2:], binary.BigEndian), "UTF-16"
	}
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	if utf8.Valid(body) {
		return string(body), "UTF-8"
	}
	known := string(bytes.ToValidUTF8(body, []byte(lost)))
	if read, err := simplifiedchinese.GB18030.NewDecoder().Bytes(body); err == nil &&
		strings.Count(string(read), lost) < strings.Count(known, lost) {
		return string(read), "GB18030"
	}
	return known, "UTF-8" // what loses less is shown
}

func fromUTF16(body []byte, order binary.ByteOrder) string {
	units := make([]uint16, 0, len(body)/2+1)
	for len(body) >= 2 {
		units, body = append(units, order.Uint16(body)), body[2:]
	}
	if len(body) > 0 {
		units = append(units, 0xfffd)
	}
	return string(utf16.Decode(units))
}

// fold makes full-width forms and spaces plain, character by character, so that columns stay what they are.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r == '　' || r == '\u00a0':
			return ' '
		case r == '【':
			return '['
		case r == '】':
			return ']'
		}
		return r
	}, s)
}

// Begins reports whether a text that begins with these bytes is an exchange text: its first line with something in it
// is a section or fact of the header, the head of a parcel, or a corner with its ring.
func Begins(head []byte) bool {
	for cut := range min(utf8.UTFMax, len(head)) { // the bytes may end within a character
		if utf8.Valid(head[:len(head)-cut]) {
			head = head[:len(head)-cut]
			break
		}
	}
	text, _ := decode(head)
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(strings.TrimSuffix(fold(line), lost))
		if line == "" {
			continue
		}
		if name, is := section(line); is {
			return name != ""
		}
		if name, _, is := strings.Cut(line, "="); is {
			return factOf(strings.TrimSpace(name)) != unknownFact
		}
		return strings.HasSuffix(line, "@") && strings.Count(line, ",") >= leastFields || isCorner(line)
	}
	return false
}
