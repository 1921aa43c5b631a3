package surveytext

import (
	"regexp"
	"strings"
)

// The fields of a parcel's head, in their order; more may follow.
const (
	countField = iota
	areaField
	codeField
	nameField
	figureField
	sheetField
	useField
	classField
)

// Fields are their names.
var Fields = []string{"界址点数", "地块面积", "地块编号", "地块名称", "记录图形属性", "图幅号", "地块用途", "地类编码"}

const (
	leastFields = 5
	mostFields  = 16
)

// field is one of a head as it is written, folded, and where it begins.
type field struct {
	text, folded string
	column       int
}

// fieldsOf cuts a head at its commas: plain ones where there are enough of them, so that a name may hold a full-width
// one, else at both.
func fieldsOf(whole, folded string) []field {
	runes, plain := []rune(whole), []rune(folded)
	end := len(plain)
	for end > 0 && (plain[end-1] == ' ' || plain[end-1] == '\t') {
		end--
	}
	end-- // the @
	by := plain
	if strings.Count(whole, ",") >= leastFields {
		by = runes
	}
	var fields []field
	for from, i := 0, 0; i <= end; i++ {
		if i < end && by[i] != ',' && by[i] != '\t' {
			continue
		}
		if i == end && from == end && len(fields) > 0 { // the comma before the @
			break
		}
		lead := from
		for lead < i && plain[lead] == ' ' {
			lead++
		}
		fields = append(fields, field{strings.TrimSpace(string(runes[from:i])),
			strings.TrimSpace(string(plain[from:i])),
			lead + 1})
		from = i + 1
	}
	return fields
}

var countForm = regexp.MustCompile(`^\d{0,7}$`)

// at is a field of a head; an empty one where it has none.
func (d *draft) at(i int) field {
	if i < len(d.fields) {
		return d.fields[i]
	}
	return field{}
}
