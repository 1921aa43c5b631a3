package request

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"luodi/geo"
	"luodi/geo/land"
)

// Settle normalises every text of a request's Body in place, or refuses it by its field's name (a [geo.Invalid]). It
// is the only way in for text.
//
//   - The field's tag selects the form: text:"code" is land.ParseCode, text:"prose" is land.ParseProse, format:"date"
//     is land.ParseDay. With text:"-" the field has its own parser.
//   - Enumerations, UUIDs and secrets (writeOnly:"true") are left alone.
//   - Every other text is a single line, land.ParseLine, so that a new field is guarded by default.
//   - In an object without declared members, names are lines and texts are prose.
//   - An empty text is left alone.
func Settle(in any) error {
	v := reflect.ValueOf(in)
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	if v.Kind() != reflect.Struct {
		return nil
	}
	body := v.FieldByName("Body")
	if !body.IsValid() {
		return nil
	}
	return settle("", body, line)
}

// form reads a text of a field that may have so many characters; 0 leaves that to the form.
type form func(field, text string, most int) (string, error)

func line(field, text string, most int) (string, error) {
	if most == 0 {
		most = land.MaxLine
	}
	return land.ParseLine(field, text, most)
}

func prose(field, text string, most int) (string, error) {
	if most == 0 {
		most = land.MaxProse
	}
	return land.ParseProse(field, text, most)
}

func code(field, text string, _ int) (string, error) { return land.ParseCode(field, text) }
func day(field, text string, _ int) (string, error)  { return land.ParseDay(field, text) }

var (
	rawType = reflect.TypeFor[json.RawMessage]()
	whole   = []reflect.Type{reflect.TypeFor[time.Time](), reflect.TypeFor[uuid.UUID]()} // what reads itself
)

// settle goes over a value; read is the form of the texts in it.
func settle(field string, v reflect.Value, read form) error {
	t := v.Type()
	switch {
	case slices.Contains(whole, t):
		return nil
	case t == rawType:
		return settleRaw(field, v)
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return settle(field, v.Elem(), read)
	case reflect.Struct:
		return settleStruct(field, v)
	case reflect.Slice, reflect.Array:
		if k := t.Elem().Kind(); k >= reflect.Bool && k <= reflect.Float64 {
			return nil
		}
		for i := range v.Len() {
			if err := settle(fmt.Sprintf("%s[%d]", field, i), v.Index(i), read); err != nil {
				return err
			}
		}
	case reflect.Map, reflect.Interface:
		if v.IsNil() {
			return nil
		}
		settled, err := settleAny(field, v.Interface())
		if err != nil {
			return err
		}
		v.Set(reflect.ValueOf(settled))
	case reflect.String:
		if v.Len() == 0 {
			return nil
		}
		text, err := read(field, v.String(), 0)
		if err != nil {
			return err
		}
		v.SetString(text)
	}
	return nil
}

func settleStruct(field string, v reflect.Value) error {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			name = field
		case !f.IsExported() || f.Tag.Get("text") == "-" || f.Tag.Get("enum") != "" || f.Tag.Get("format") == "uuid" ||
			f.Tag.Get("writeOnly") == "true":
			continue
		case field != "":
			name = field + "." + name
		}
		if err := settle(name, v.Field(i), formOf(f)); err != nil {
			return err
		}
	}
	return nil
}

// formOf is the form that a field's tags ask for.
func formOf(f reflect.StructField) form {
	read := form(line)
	switch {
	case f.Tag.Get("format") == "date":
		read = day
	case f.Tag.Get("text") == "code":
		read = code
	case f.Tag.Get("text") == "prose":
		read = prose
	}
	most, _ := strconv.Atoi(f.Tag.Get("maxLength"))
	return func(field, text string, _ int) (string, error) { return read(field, text, most) }
}

// settleRaw settles what is kept as it was sent.
func settleRaw(field string, v reflect.Value) error {
	if v.Len() == 0 {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(v.Bytes()))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return geo.NewInvalid(field, "text.json", string(v.Bytes()))
	}
	value, err := settleAny(field, value)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(value)
	if err == nil {
		v.SetBytes(raw)
	}
	return err
}

// settleAny settles a decoded JSON value: texts are prose, the names of members lines.
func settleAny(field string, value any) (any, error) {
	var err error
	switch value := value.(type) {
	case string:
		if value == "" {
			return value, nil
		}
		return prose(field, value, 0)
	case []any:
		for i := range value {
			if value[i], err = settleAny(fmt.Sprintf("%s[%d]", field, i), value[i]); err != nil {
				return nil, err
			}
		}
	case map[string]any:
		settled := make(map[string]any, len(value))
		for given, member := range value {
			name, err := line(field, given, 0)
			if err != nil {
				return nil, err
			}
			if _, twice := settled[name]; twice {
				return nil, geo.NewInvalid(field, "member.once", name)
			}
			if settled[name], err = settleAny(field+"."+name, member); err != nil {
				return nil, err
			}
		}
		return settled, nil
	}
	return value, nil
}
