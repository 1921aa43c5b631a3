package flow

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"

	"luodi/geo"
	"luodi/geo/land"
)

// The bounds of a template.
const (
	maxSteps = 200
	maxItems = 200  // of any list but the steps
	maxDays  = 3650 // of one step
)

var code = regexp.MustCompile(`^[a-z0-9][a-z0-9_]{0,62}$`)

// Parse reads a template from JSON and validates it. A [geo.Invalid] names the wrong member, such as
// steps[3].after[0].step; one of a circle names the steps on it.
func Parse(r io.Reader) (*Template, error) {
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	var t Template
	if err := d.Decode(&t); err != nil {
		return nil, geo.NewInvalid("template", "flow.json", geo.WhereJSON(err))
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, geo.NewInvalid("template", "flow.json", geo.Say("came.more"))
	}
	if err := t.check(); err != nil {
		return nil, err
	}
	return &t, nil
}

// check brings the texts to their normal form, refuses what is wrong and builds the index.
func (t *Template) check() error {
	if err := errors.Join(checkCode("code", t.Code, nil), line("name_zh", &t.NameZH), line("name_en", &t.NameEN),
		line("edition", &t.Edition), line("source", &t.Source)); err != nil {
		return first(err)
	}
	codes := map[string]map[string]bool{}
	for _, list := range []struct {
		field string
		rows  []Named
	}{{"departments", t.Departments}, {"stages", t.Stages}, {"documents", t.Documents}} {
		codes[list.field] = map[string]bool{}
		if err := checkNamed(list.field, list.rows, codes[list.field]); err != nil {
			return err
		}
	}
	if len(t.Steps) == 0 || len(t.Steps) > maxSteps {
		return geo.NewInvalid("steps", "flow.steps", len(t.Steps), "n", maxSteps)
	}
	seen := map[string]bool{}
	for i := range t.Steps {
		if err := t.Steps[i].check(fmt.Sprintf("steps[%d].", i), codes, seen); err != nil {
			return err
		}
	}
	if err := t.link(); err != nil {
		return err
	}
	t.law = t.lay()
	return nil
}

func checkCode(field, s string, seen map[string]bool) error {
	if seen[s] || !code.MatchString(s) || s == Firm {
		return geo.NewInvalid(field, "flow.code", s)
	}
	if seen != nil {
		seen[s] = true
	}
	return nil
}

// line brings a text to its normal form.
func line(field string, text *string) (err error) {
	*text, err = land.ParseLine(field, *text, land.MaxLine)
	return err
}

// lineOrNone is line of a text that may be left out.
func lineOrNone(field string, text *string) error {
	if *text == "" {
		return nil
	}
	return line(field, text)
}

func checkLength(field string, n int) error {
	if n > maxItems {
		return geo.NewInvalid(field, "flow.items", n, "n", maxItems)
	}
	return nil
}

func checkNamed(field string, rows []Named, seen map[string]bool) error {
	if err := checkLength(field, len(rows)); err != nil {
		return err
	}
	for i := range rows {
		at, n := fmt.Sprintf("%s[%d].", field, i), &rows[i]
		if err := errors.Join(checkCode(at+"code", n.Code, seen), line(at+"name_zh", &n.NameZH),
			line(at+"name_en", &n.NameEN), lineOrNone(at+"source", &n.Source)); err != nil {
			return first(err)
		}
	}
	return nil
}

// first is the first of joined errors.
func first(err error) error {
	if all, joined := err.(interface{ Unwrap() []error }); joined {
		return all.Unwrap()[0]
	}
	return err
}

// check validates a step but for its predecessors. codes are those of the departments, stages and documents.
func (s *Step) check(at string, codes map[string]map[string]bool, seen map[string]bool) error {
	if err := errors.Join(checkCode(at+"code", s.Code, seen), line(at+"name_zh", &s.NameZH),
		line(at+"name_en", &s.NameEN), line(at+"source", &s.Source)); err != nil {
		return first(err)
	}
	if s.By != Firm && !codes["departments"][s.By] {
		return geo.NewInvalid(at+"by", "flow.by", s.By)
	}
	if !codes["stages"][s.Stage] {
		return geo.NewInvalid(at+"stage", "flow.stage", s.Stage)
	}
	for i, d := range s.Documents {
		if !codes["documents"][d] || slices.Contains(s.Documents[:i], d) {
			return geo.NewInvalid(fmt.Sprintf("%sdocuments[%d]", at, i), "flow.document", d)
		}
	}
	return first(errors.Join(s.checkDays(at), s.checkNotices(at), s.checkSpecial(at),
		checkLength(at+"after", len(s.After))))
}

func checkDays(field string, days *int) error {
	if days != nil && (*days < 0 || *days > maxDays) {
		return geo.NewInvalid(field, "flow.days", *days, "n", maxDays)
	}
	return nil
}

func (s *Step) checkDays(at string) error {
	if err := errors.Join(checkDays(at+"statutory_days", s.StatutoryDays),
		checkDays(at+"promised_days", s.PromisedDays)); err != nil {
		return first(err)
	}
	if s.StatutoryDays == nil {
		return nil
	}
	if s.By == Firm {
		return geo.NewInvalid(at+"statutory_days", "flow.firm_unlimited", *s.StatutoryDays)
	}
	if s.PromisedDays != nil && *s.PromisedDays > *s.StatutoryDays {
		return geo.NewInvalid(at+"promised_days", "flow.promised_within", *s.PromisedDays, "n", *s.StatutoryDays)
	}
	return nil
}

func (s *Step) checkNotices(at string) error {
	if err := checkLength(at+"notices", len(s.Notices)); err != nil {
		return err
	}
	for i := range s.Notices {
		at, n := fmt.Sprintf("%snotices[%d].", at, i), &s.Notices[i]
		if n.To != Firm && n.To != Designer {
			return geo.NewInvalid(at+"to", "one_of", n.To, "values", Firm+", "+Designer)
		}
		if err := errors.Join(line(at+"zh", &n.ZH), line(at+"en", &n.EN),
			lineOrNone(at+"source", &n.Source)); err != nil {
			return first(err)
		}
	}
	return nil
}

func (s *Step) checkSpecial(at string) error {
	if s.By == Firm && len(s.Special) > 0 {
		return geo.NewInvalid(at+"special", "flow.firm_no_special", len(s.Special))
	}
	if err := checkLength(at+"special", len(s.Special)); err != nil {
		return err
	}
	seen := map[string]bool{}
	for i := range s.Special {
		at, p := fmt.Sprintf("%sspecial[%d].", at, i), &s.Special[i]
		if err := errors.Join(checkCode(at+"code", p.Code, seen), line(at+"name_zh", &p.NameZH),
			line(at+"name_en", &p.NameEN), lineOrNone(at+"source", &p.Source),
			checkDays(at+"days", p.Days)); err != nil {
			return first(err)
		}
	}
	return nil
}
