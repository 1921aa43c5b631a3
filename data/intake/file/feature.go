package file

import (
	"strconv"
	"strings"
)

// feature gathers one GeoJSON feature, whose members come in any order.
type feature struct {
	kind     string
	id       string
	values   map[string]string
	unread   map[string]*Fault
	geometry geometry
	fault    *Fault
}

func (f *feature) member(s *scanner, name string) (err error) {
	switch name {
	case "type":
		f.kind, _, err = s.scalar()
	case "id":
		f.id, _, err = s.scalar()
	case "properties":
		err = f.properties(s)
	case "geometry":
		err = f.geometry.read(s)
	case "crs":
		f.geometry.crs, err = s.member()
	default:
		err = s.skip()
	}
	return err
}

func (f *feature) properties(s *scanner) error {
	c, err := s.inside()
	if err != nil {
		return err
	}
	if c != '{' {
		return s.skip()
	}
	f.values = make(map[string]string)
	broken := s.broken
	defer func() { s.broken = broken }()
	s.broken = false
	return s.members(func(name string) error {
		named := s.broken // the name itself can't be read: nobody can ask for it
		s.broken = false
		text, there, err := s.scalar()
		wrong := s.broken
		if s.broken = false; named || !there || err != nil {
			return err
		}
		if _, again := f.values[name]; !again && len(f.values) == s.limits.Values {
			f.fault = &Fault{Code: TooManyValues, Expected: strconv.Itoa(s.limits.Values), Got: "> " +
				strconv.Itoa(s.limits.Values)}
			return nil
		}
		switch {
		case wrong:
			f.leave(name, strconv.QuoteToASCII(clip(text)))
		case strings.ContainsRune(text, 0):
			f.leave(name, "NUL")
		default:
			f.values[name] = text
		}
		return nil
	})
}

// leave notes an attribute whose text can't be kept.
func (f *feature) leave(name, got string) {
	if f.unread == nil {
		f.unread = map[string]*Fault{}
	}
	f.unread[name] = &Fault{Code: NotText, Field: clip(name), Expected: "UTF-8", Got: got}
}

// row closes the feature.
func (f *feature) row(s *scanner, number int64) Row {
	row := Row{Number: number, ID: clip(f.id), Values: f.values, Unread: f.unread, Fault: f.fault}
	if row.Fault == nil && s.broken {
		row.Fault = &Fault{Code: NotText, Expected: "UTF-8", Got: s.place()}
	}
	if row.Fault == nil && f.kind != "Feature" {
		row.Fault = &Fault{Code: NotFeature, Field: "type", Expected: "Feature", Got: clip(f.kind)}
	}
	if s.broken { // no text of it can be shown
		row.ID, row.Values = "", nil
	}
	if row.Fault == nil {
		row.Shape, row.Fault = f.geometry.shape(s.limits.Points)
	}
	return row
}
