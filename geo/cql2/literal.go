package cql2

import "luodi/geo"

// Literal reads the bare text of a value of a type, as a parameter gives it: a number, true or false, an RFC 3339 date
// or date-time. name is the parameter's; under it a text of another form is refused.
func Literal(name string, t Type, text string) (Node, error) {
	switch t {
	case TypeNumber:
		if number, ok := canonical(text); ok {
			return &Number{Value: number}, nil
		}
		return nil, geo.NewInvalid(name, "cql2.want.number", text, "digits", maxDigits, "exponent", maxExponent)
	case TypeBool:
		if text == "true" || text == "false" {
			return &Bool{Value: text == "true"}, nil
		}
		return nil, geo.NewInvalid(name, "one_of", text, "values", "true, false")
	case TypeDate:
		if day, ok := parseDay(text); ok {
			return &Date{Day: day}, nil
		}
		return nil, geo.NewInvalid(name, "cql2.want.date", text)
	case TypeTimestamp:
		if at, ok := parseInstant(text); ok {
			return &Timestamp{Instant: at}, nil
		}
		return nil, geo.NewInvalid(name, "cql2.want.timestamp", text)
	}
	return &String{Value: text}, nil
}
