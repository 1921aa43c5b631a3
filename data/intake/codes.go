package intake

import (
	"context"
	"slices"
	"strings"

	"luodi/data/intake/file"
	"luodi/data/store"
	"luodi/geo/land"
)

// Fields whose name says that they hold the parcel's own code: the first that a file has is used, and rows that repeat
// one are refused.
var codeNames = []string{
	"code", "parcel_code", "parcel_no", "地块编号", "地块编码", "地块代码", "地块号", "宗地代码", "宗地编号", "宗地号", "zddm", "dkbm", "dkbh",
	"zone_code", "plan_unit_code", "分区编号", "单元编号", "编号", "编码",
}

// Fields that hold it in some files only: used when every row has one and no two the same. Numbers of a French cadastre
// repeat in each section, so the two are joined.
var maybeCodeNames = []string{"SECTION+NUMERO", "NUMERO", "地块", "宗地", "number", "no", "name", "id", "gid",
	"objectid"}

// codeFields reads the candidates for a row's code.
type codeFields struct {
	named  string     // by the request; the only candidate then
	parts  [][]string // of each candidate, as the request writes them, or the lists in lower case
	actual map[string]string
	filled []int64 // how many rows had each
}

func newCodeFields(named string) *codeFields {
	c := &codeFields{named: named, actual: map[string]string{}}
	if named != "" {
		c.parts = [][]string{{named}}
		if strings.Contains(named, "+") {
			c.parts = append(c.parts, strings.Split(named, "+"))
		}
	} else {
		for _, name := range codeNames {
			c.parts = append(c.parts, []string{name})
		}
		for _, name := range maybeCodeNames {
			c.parts = append(c.parts, strings.Split(strings.ToLower(name), "+"))
		}
	}
	c.filled = make([]int64, len(c.parts))
	return c
}

// read returns the row's value for each candidate, nil where it has none.
func (c *codeFields) read(row file.Row) []*string {
	c.notice(row.Values)
	values := make([]*string, len(c.parts))
	for i, parts := range c.parts {
		if text := c.join(parts, row.Values); text != "" {
			if code, err := land.ParseCode("code", text); err == nil {
				text = code
			} else {
				text = land.Trim(text) // refused in the database, if it turns out to be the code
			}
			values[i] = &text
			c.filled[i]++
		}
	}
	return values
}

// asks reports whether the file's field is the code for certain, or part of the one that the request names.
func (c *codeFields) asks(theirs string) bool {
	certain := c.parts
	if c.named == "" {
		certain = c.parts[:len(codeNames)]
	}
	return slices.ContainsFunc(certain, func(parts []string) bool {
		return slices.ContainsFunc(parts, func(part string) bool {
			return part == theirs || c.named == "" && strings.EqualFold(part, theirs)
		})
	})
}

// notice learns how the file writes the names of its fields.
func (c *codeFields) notice(values map[string]string) {
	for name := range values {
		if lower := strings.ToLower(name); c.actual[lower] == "" {
			c.actual[lower] = name
		}
	}
}

// join puts the parts' texts in a row; "" when one is missing.
func (c *codeFields) join(parts []string, values map[string]string) string {
	var text string
	for _, part := range parts {
		name := part
		if c.named == "" {
			name = c.actual[part]
		}
		value := strings.TrimSpace(values[name])
		if value == "" {
			return ""
		}
		text += value
	}
	return text
}

// shown is the code by which a report names a row that is refused early.
func (c *codeFields) shown(values map[string]string) string {
	c.notice(values)
	for _, parts := range c.parts {
		if code, err := land.ParseCode("code", c.join(parts, values)); err == nil {
			return code
		}
	}
	return ""
}

// wanted are the fields that the request names for the code.
func (c *codeFields) wanted(fields *importFields) []string {
	if c.named == "" || fields.byLower[strings.ToLower(c.named)] == c.named {
		if c.named == "" {
			return nil
		}
		return []string{c.named}
	}
	return c.parts[len(c.parts)-1]
}

// name is how a report calls a candidate: by the names the file has.
func (c *codeFields) name(i int) string {
	names := make([]string, len(c.parts[i]))
	for j, part := range c.parts[i] {
		if names[j] = part; c.named == "" {
			names[j] = c.actual[part]
		}
	}
	return strings.Join(names, "+")
}

// chooseCode settles which candidate is the code: 1-based, as PostgreSQL counts; 0 numbers the rows.
func (im *importing) chooseCode(ctx context.Context) error {
	c := im.codes
	if c.named != "" {
		im.code = 1
		if len(c.parts) > 1 && c.filled[1] > c.filled[0] {
			im.code = 2
		}
		return nil
	}
	staged := im.report.Read - im.early
	for i, filled := range c.filled {
		certain := i < len(codeNames)
		if filled == 0 || !certain && filled < staged {
			continue
		}
		if !certain {
			var unique bool
			if err := im.tx.QueryRow(ctx, `SELECT count(DISTINCT codes[$1]) = count(*) FROM import_row`,
				i+1).Scan(&unique); err != nil {
				return store.Translate("import: look for codes", err)
			}
			if !unique {
				continue
			}
		}
		im.code = i + 1
		im.report.CodeField, im.report.CodeGuessed = c.name(i), true
		return nil
	}
	return nil
}
