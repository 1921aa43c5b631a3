package request

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"luodi/geo"
)

// asCame is a value as a body has it: a refusal shows it so.
type asCame json.RawMessage

func (w asCame) String() string { return string(w) }

// Unread finds the value of a body that its type refuses to be read from, such as a decimal with too many decimals.
// in is the type of an input with a Body. The refusal names the value by its path. It is nil where no value of the
// body is refused by its own type.
func Unread(in reflect.Type, body []byte) *geo.Invalid {
	for in.Kind() == reflect.Pointer {
		in = in.Elem()
	}
	if in.Kind() != reflect.Struct {
		return nil
	}
	field, has := in.FieldByName("Body")
	if !has {
		return nil
	}
	return unread("", field.Type, body)
}

func unread(field string, t reflect.Type, raw json.RawMessage) *geo.Invalid {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if string(raw) == "null" {
		return nil
	}
	if own, reads := reflect.New(t).Interface().(json.Unmarshaler); reads {
		var invalid *geo.Invalid
		if errors.As(own.UnmarshalJSON(raw), &invalid) {
			return invalid.Refuse(field, asCame(raw))
		}
		return nil
	}
	switch t.Kind() {
	case reflect.Struct:
		return unreadMember(field, t, raw)
	case reflect.Slice, reflect.Array:
		var all []json.RawMessage
		if json.Unmarshal(raw, &all) != nil {
			return nil
		}
		for i, one := range all {
			if invalid := unread(fmt.Sprintf("%s[%d]", field, i), t.Elem(), one); invalid != nil {
				return invalid
			}
		}
	case reflect.Map:
		members := membersOf(raw)
		for _, name := range slices.Sorted(maps.Keys(members)) {
			if invalid := unread(under(field, name), t.Elem(), members[name]); invalid != nil {
				return invalid
			}
		}
	}
	return nil
}

func unreadMember(field string, t reflect.Type, raw json.RawMessage) *geo.Invalid {
	members := membersOf(raw)
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		var invalid *geo.Invalid
		if f.Anonymous && name == "" {
			invalid = unread(field, f.Type, raw)
		} else if value, came := members[name]; came && f.IsExported() {
			invalid = unread(under(field, name), f.Type, value)
		}
		if invalid != nil {
			return invalid
		}
	}
	return nil
}

// membersOf are an object's members; none of what is no object.
func membersOf(raw json.RawMessage) map[string]json.RawMessage {
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil {
		return nil
	}
	return members
}

func under(field, name string) string {
	if field == "" {
		return name
	}
	return field + "." + name
}
