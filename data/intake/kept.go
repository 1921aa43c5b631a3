package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
)

// maxKept bounds each list of a report that is kept with its record.
const maxKept = 1000

const insertReport = `
INSERT INTO import_report (park_id, seq, layer, made, changed, retired, unchanged, refused, report)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`

// keepReport keeps the report with the record, in its transaction.
func (im *importing) keepReport(ctx context.Context) error {
	r := im.report
	r.Written, r.Preview = true, nil
	r.Refusals, r.Overlaps, r.AreaWarnings = first(r.Refusals), first(r.Overlaps), first(r.AreaWarnings)
	r.Missing, r.Changes, r.Mended = first(r.Missing), first(r.Changes), first(r.Mended)
	r.Flaws = first(r.Flaws)
	if r.Snapped != nil {
		snapped := *r.Snapped
		snapped.Parcels, snapped.Left = first(snapped.Parcels), first(snapped.Left)
		r.Snapped = &snapped
	}
	k := kept{ImportReport: r, Refusals: keptRefusals(r.Refusals)}
	for _, words := range r.Said {
		k.Said = append(k.Said, wordsOf(&words))
	}
	raw, err := json.Marshal(k)
	if err != nil {
		return err
	}
	return im.exec(ctx, "keep the report", insertReport, im.park.id, r.Seq, r.Layer, r.Made, r.Changed, r.Retired,
		r.Unchanged, r.Refused, string(raw))
}

func first[T any](list []T) []T { return list[:min(len(list), maxKept)] }

// Report reads again what the import of a record found; a Missing where the record is none, or from before reports were
// kept.
func (s Intake) Report(ctx context.Context, park string, seq int64, name string) (*ImportReport, error) {
	const sql = `SELECT report FROM import_report JOIN park USING (park_id) WHERE code = $1 AND seq = $2`
	var raw []byte
	err := s.Planner.QueryRow(ctx, sql, park, seq).Scan(&raw)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, &store.Missing{Kind: "import", Name: name}
	case err != nil:
		return nil, store.Translate("read the report of an import", err)
	}
	var k kept
	if err := json.Unmarshal(raw, &k); err != nil {
		return nil, err
	}
	r := k.ImportReport
	r.Refusals = make([]Refusal, len(k.Refusals))
	for i, one := range k.Refusals {
		r.Refusals[i] = one.Refusal
		f := &r.Refusals[i].Fault
		f.Words, f.Came, f.Where = one.Words.said(), one.Came.said(), one.Where.said()
	}
	for _, words := range k.Said {
		r.Said = append(r.Said, *words.said())
	}
	return &r, nil
}

// kept is a report as it is kept: the rules that its faults speak by stay rules, so that it can be told in either
// language.
type kept struct {
	ImportReport
	Refusals []keptRefusal `json:"refusals"`
	Said     []*keptWords  `json:"said,omitempty"`
}

type keptRefusal struct {
	Refusal
	Words *keptWords `json:"words,omitempty"`
	Came  *keptWords `json:"came,omitempty"`
	Where *keptWords `json:"where,omitempty"`
}

func keptRefusals(all []Refusal) []keptRefusal {
	out := make([]keptRefusal, len(all))
	for i, r := range all {
		f := r.Fault
		out[i] = keptRefusal{Refusal: r, Words: wordsOf(f.Words), Came: wordsOf(f.Came), Where: wordsOf(f.Where)}
	}
	return out
}

// keptWords are words of a rule; an argument is a text, or words within.
type keptWords struct {
	Rule geo.Rule  `json:"rule"`
	Args []keptArg `json:"args"`
}

type keptArg struct {
	Text  string     `json:"text,omitempty"`
	Words *keptWords `json:"words,omitempty"`
}

func wordsOf(w *geo.Words) *keptWords {
	if w == nil {
		return nil
	}
	k := &keptWords{Rule: w.Rule}
	for _, arg := range w.Args {
		if within, ok := arg.(geo.Words); ok {
			k.Args = append(k.Args, keptArg{Words: wordsOf(&within)})
			continue
		}
		k.Args = append(k.Args, keptArg{Text: fmt.Sprint(arg)})
	}
	return k
}

func (k *keptWords) said() *geo.Words {
	if k == nil {
		return nil
	}
	w := new(geo.Words) // as geo.Say made them before they were kept
	w.Rule = k.Rule
	for _, arg := range k.Args {
		if within := arg.Words.said(); within != nil {
			w.Args = append(w.Args, *within)
			continue
		}
		w.Args = append(w.Args, arg.Text)
	}
	return w
}
