package file

import (
	"bytes"
	"encoding/json"
	"strconv"
	"unicode/utf8"
)

// value reads any value and appends it to dst as compact JSON. NaN and the infinities, which JSON lacks but some
// programs write, become null.
func (s *scanner) value(dst []byte) ([]byte, error) {
	c, err := s.inside()
	if err != nil {
		return dst, err
	}
	switch c {
	case '{':
		return s.object(dst)
	case '[':
		return s.array(dst)
	case '"':
		if err := s.text(); err != nil {
			return dst, err
		}
		return appendQuoted(dst, s.token), nil
	}
	if err := s.word(); err != nil {
		return dst, err
	}
	switch text := string(s.token); {
	case text == "true" || text == "false" || text == "null" || isNumber(text):
		return append(dst, text...), nil
	case isNonFinite(text):
		return append(dst, "null"...), nil
	}
	return dst, s.badWord("a value")
}

// member reads any value as Go has it, numbers as they are written.
func (s *scanner) member() (any, error) {
	raw, err := s.value(nil)
	if err != nil {
		return nil, err
	}
	var value any
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		return nil, &Fault{Code: JSONInvalid, Field: s.place(), Where: s.where(), Words: said("json.value"),
			Got: clip(string(raw))}
	}
	return value, nil
}

func (s *scanner) object(dst []byte) ([]byte, error) {
	dst = append(dst, '{')
	first := true
	err := s.members(func(name string) error {
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = append(appendQuoted(dst, []byte(name)), ':')
		var err error
		dst, err = s.value(dst)
		return err
	})
	return append(dst, '}'), err
}

func (s *scanner) array(dst []byte) ([]byte, error) {
	dst = append(dst, '[')
	first := true
	err := s.elements(func() error {
		if !first {
			dst = append(dst, ',')
		}
		first = false
		var err error
		dst, err = s.value(dst)
		return err
	})
	return append(dst, ']'), err
}

// skip reads any value and forgets it.
func (s *scanner) skip() error {
	c, err := s.inside()
	if err != nil {
		return err
	}
	switch c {
	case '{':
		return s.members(func(string) error { return s.skip() })
	case '[':
		return s.elements(s.skip)
	}
	_, err = s.value(nil)
	return err
}

// scalar reads any value as the text of an attribute; null is not there.
func (s *scanner) scalar() (text string, there bool, err error) {
	c, err := s.inside()
	if err != nil {
		return "", false, err
	}
	if c == '"' {
		err = s.text()
		return string(s.token), err == nil, err
	}
	raw, err := s.value(nil)
	if err != nil || string(raw) == "null" {
		return "", false, err
	}
	return string(raw), true, nil
}

func appendQuoted(dst, text []byte) []byte {
	if !utf8.Valid(text) {
		return strconv.AppendQuoteToASCII(dst, "")
	}
	quoted, err := json.Marshal(string(text))
	if err != nil {
		return append(dst, `""`...)
	}
	return append(dst, quoted...)
}

func isNonFinite(text string) bool {
	switch text {
	case "NaN", "Infinity", "-Infinity", "nan", "inf", "-inf":
		return true
	}
	return false
}

// isNumber reports whether text is a number by JSON's grammar: -?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?
func isNumber(text string) bool {
	i := 0
	digits := func() bool {
		from := i
		for i < len(text) && '0' <= text[i] && text[i] <= '9' {
			i++
		}
		return i > from
	}
	if i < len(text) && text[i] == '-' {
		i++
	}
	if i < len(text) && text[i] == '0' {
		i++
	} else if !digits() {
		return false
	}
	if i < len(text) && text[i] == '.' {
		if i++; !digits() {
			return false
		}
	}
	if i < len(text) && (text[i] == 'e' || text[i] == 'E') {
		if i++; i < len(text) && (text[i] == '+' || text[i] == '-') {
			i++
		}
		if !digits() {
			return false
		}
	}
	return i == len(text)
}
