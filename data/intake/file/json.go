package file

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"luodi/geo"
)

// scanner reads JSON a token at a time. It holds one window of the file and one token, never a whole document.
type scanner struct {
	in     io.Reader
	window []byte
	at     int   // next byte in the window
	base   int64 // place in the file of the window's first byte
	line   int64
	eof    bool
	limits Limits
	depth  int
	mark   int64  // where the bounded piece (a feature, a member) began
	token  []byte // the string or number read last
	broken bool   // a string since mark was not UTF-8

	half    rune // of a surrogate pair in the string being read, without its other half
	halfEnd int  // the length of token right after it
}

func newScanner(in io.Reader, limits Limits) *scanner {
	return &scanner{in: in, window: make([]byte, 0, 64<<10), line: 1, limits: limits}
}

// offset is the place in the (unpacked) file of the next byte.
func (s *scanner) offset() int64 { return s.base + int64(s.at) }

// begin starts a piece whose size is bounded.
func (s *scanner) begin() {
	s.mark = s.offset()
	s.broken = false
}

func (s *scanner) fill() error {
	if s.eof {
		return io.EOF
	}
	if s.offset()-s.mark > s.limits.FeatureBytes {
		return &Fault{Code: FeatureTooLarge, Field: s.place(), Where: s.where(),

			Expected: fmt.Sprint(s.limits.FeatureBytes), Got: "> " + fmt.Sprint(s.limits.FeatureBytes)}
	}
	s.base += int64(len(s.window))
	s.at = 0
	for range 100 {
		n, err := s.in.Read(s.window[:cap(s.window)])
		s.window = s.window[:n]
		switch {
		case n > 0:
			return nil
		case errors.Is(err, io.EOF):
			s.eof = true
			return io.EOF
		case err != nil:
			return err
		}
	}
	return io.ErrNoProgress
}

// next returns the next byte and passes it.
func (s *scanner) next() (byte, error) {
	if s.at == len(s.window) {
		if err := s.fill(); err != nil {
			return 0, err
		}
	}
	c := s.window[s.at]
	s.at++
	if c == '\n' {
		s.line++
	}
	return c, nil
}

// recordSeparator may stand before each Feature of a sequence (RFC 8142).
const recordSeparator = 0x1e

// opening is peek between outermost values, past a byte order mark or a record separator.
func (s *scanner) opening() (byte, error) {
	c, err := s.peek()
	for mark := utf8BOM; err == nil && s.offset() < 3 && c == mark[s.offset()]; c, err = s.here() {
		s.at++
	}
	if err == nil && c == recordSeparator {
		s.at++
		return s.peek()
	}
	if err != nil {
		return c, err
	}
	return s.peek()
}

// peek returns the next byte that isn't white space, without passing it.
func (s *scanner) peek() (byte, error) {
	for {
		if s.at == len(s.window) {
			if err := s.fill(); err != nil {
				return 0, err
			}
		}
		switch c := s.window[s.at]; c {
		case '\n':
			s.line++
		case ' ', '\t', '\r':
		default:
			return c, nil
		}
		s.at++
	}
}

// inside is peek where the end of the file means that something is missing.
func (s *scanner) inside() (byte, error) {
	c, err := s.peek()
	return c, s.cut(err)
}

// cut turns the end of the file into the fault that it is when a value is not complete.
func (s *scanner) cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &Fault{Code: Truncated, Field: s.place(), Where: s.where(), Got: strconv.FormatInt(s.offset(), 10)}
	}
	return err
}

func (s *scanner) place() string { return fmt.Sprintf("line %d, byte %d", s.line, s.offset()) }

func (s *scanner) where() *geo.Words { return said("place.line", "line", s.line, "byte", s.offset()) }

// bad is the fault of a byte where a rule says what should stand.
func (s *scanner) bad(rule geo.Rule, c byte) error {
	return &Fault{Code: JSONInvalid, Field: s.place(), Where: s.where(), Words: said(rule),
		Got: strconv.QuoteRuneToASCII(rune(c))}
}

// other is the fault of another byte than the one that should stand there.
func (s *scanner) other(expected string, c byte) error {
	return &Fault{Code: JSONInvalid, Field: s.place(), Where: s.where(), Expected: expected,
		Got: strconv.QuoteRuneToASCII(rune(c))}
}

// take passes the one byte that must come next.
func (s *scanner) take(want byte) error {
	c, err := s.inside()
	if err != nil {
		return err
	}
	if c != want {
		return s.other(string(want), c)
	}
	s.at++
	return nil
}

// members calls each for every member of the object that comes next, its name in s.token; each must read the value.
func (s *scanner) members(each func(name string) error) error {
	return s.nested('{', '}', func() error {
		if err := s.text(); err != nil {
			return err
		}
		name := string(s.token)
		if err := s.take(':'); err != nil {
			return err
		}
		return each(name)
	})
}

// elements calls each for every element of the array that comes next; each must read it.
func (s *scanner) elements(each func() error) error { return s.nested('[', ']', each) }

func (s *scanner) nested(open, end byte, each func() error) error {
	if err := s.enter(open); err != nil {
		return err
	}
	for first := true; ; first = false {
		more, err := s.more(end, first)
		if err != nil || !more {
			return err
		}
		if err := each(); err != nil {
			return err
		}
	}
}

func (s *scanner) enter(open byte) error {
	if err := s.take(open); err != nil {
		return err
	}
	if s.depth++; s.depth > s.limits.Depth {
		return &Fault{Code: NestedTooDeep, Field: s.place(), Where: s.where(), Expected: strconv.Itoa(s.limits.Depth),
			Got: strconv.Itoa(s.depth)}
	}
	return nil
}

// more passes the comma before another item, or the end.
func (s *scanner) more(end byte, first bool) (bool, error) {
	c, err := s.inside()
	switch {
	case err != nil:
		return false, err
	case c == end:
		s.at++
		s.depth--
		return false, nil
	case first:
		return true, nil
	case c != ',':
		return false, s.other(", "+string(end), c)
	}
	s.at++
	if c, err = s.inside(); err == nil && c == end {
		err = s.bad("json.value", c)
	}
	return err == nil, err
}

// text reads the string that comes next into s.token, its escapes undone.
func (s *scanner) text() error {
	if err := s.take('"'); err != nil {
		return err
	}
	s.token, s.half = s.token[:0], 0
	for {
		if err := s.run(); err != nil {
			return err
		}
		c, err := s.next()
		switch {
		case err != nil:
			return s.cut(err)
		case c == '"':
			s.broken = s.broken || s.half != 0 || !utf8.Valid(s.token)
			return nil
		case c == '\\':
			if err := s.escape(); err != nil {
				return err
			}
		default:
			return s.bad("json.character", c)
		}
	}
}

// run copies the plain characters up to the next quote, escape or control character.
func (s *scanner) run() error {
	for {
		if s.at == len(s.window) {
			if err := s.fill(); err != nil {
				return s.cut(err)
			}
		}
		i := s.at
		for i < len(s.window) && s.window[i] != '"' && s.window[i] != '\\' && s.window[i] >= 0x20 {
			i++
		}
		s.token = append(s.token, s.window[s.at:i]...)
		s.at = i
		if i < len(s.window) {
			return nil
		}
	}
}

func (s *scanner) escape() error {
	c, err := s.next()
	if err != nil {
		return s.cut(err)
	}
	switch c {
	case '"', '\\', '/':
		s.token = append(s.token, c)
	case 'b':
		s.token = append(s.token, '\b')
	case 'f':
		s.token = append(s.token, '\f')
	case 'n':
		s.token = append(s.token, '\n')
	case 'r':
		s.token = append(s.token, '\r')
	case 't':
		s.token = append(s.token, '\t')
	case 'u':
		return s.unicode()
	default:
		return s.bad("json.escape", c)
	}
	return nil
}

// unicode reads the digits after \u. The first half of a pair leaves U+FFFD, which the second half, if it follows at
// once, replaces.
func (s *scanner) unicode() error {
	r, err := s.hex()
	if err != nil {
		return err
	}
	if s.half != 0 && len(s.token) == s.halfEnd {
		if whole := utf16.DecodeRune(s.half, r); whole != utf8.RuneError {
			s.token = utf8.AppendRune(s.token[:s.halfEnd-len(string(utf8.RuneError))], whole)
			s.half = 0
			return nil
		}
	}
	s.token = utf8.AppendRune(s.token, r)
	if utf16.IsSurrogate(r) {
		s.broken = s.broken || s.half != 0
		s.half, s.halfEnd = r, len(s.token)
	}
	return nil
}

func (s *scanner) hex() (rune, error) {
	var r rune
	for range 4 {
		c, err := s.next()
		if err != nil {
			return 0, s.cut(err)
		}
		digit, err := strconv.ParseUint(string(rune(c)), 16, 8)
		if err != nil {
			return 0, s.bad("json.hex", c)
		}
		r = r<<4 | rune(digit)
	}
	return r, nil
}

// word reads a number or a literal into s.token as it stands.
func (s *scanner) word() error {
	s.token = s.token[:0]
	c, err := s.inside()
	for err == nil && wordByte[c] {
		if len(s.token) == maxWord {
			return s.bad("json.number", c)
		}
		s.token = append(s.token, c)
		s.at++
		c, err = s.here()
	}
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return err
	case len(s.token) == 0:
		return s.bad("json.value", c)
	}
	return nil
}

// badWord is the fault of a word that is none of what may stand there; cut off by the end of the file, it is that.
func (s *scanner) badWord(expected string) error {
	if _, err := s.here(); err != nil {
		return s.cut(err)
	}
	return s.other(expected, s.token[0])
}

// here returns the next byte without passing it.
func (s *scanner) here() (byte, error) {
	if s.at == len(s.window) {
		if err := s.fill(); err != nil {
			return 0, err
		}
	}
	return s.window[s.at], nil
}

// maxWord is far beyond what any number needs to keep its value.
const maxWord = 400

var wordByte = func() (set [256]bool) {
	for _, c := range "0123456789+-.eEabcdfghijklmnopqrstuvwxyzINFT" {
		set[byte(c)] = true
	}
	return set
}()
