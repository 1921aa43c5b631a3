package ogc

import (
	"bytes"
	"encoding/json"
)

// ordered is a JSON object that keeps the order of its members: readers show properties as they come.
type ordered []member

type member struct {
	name  string
	value any
}

// MarshalJSON writes the members as they stand.
func (o ordered) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(m.name)
		if err != nil {
			return nil, err
		}
		value, err := marshal(m.value)
		if err != nil {
			return nil, err
		}
		b.Write(append(append(name, ':'), value...))
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
