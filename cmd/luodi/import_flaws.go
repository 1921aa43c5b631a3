package main

import (
	"strings"

	"luodi/data/intake"
	"luodi/message"
)

// maxFlawsPrinted bounds the list of flaws on the screen: of a file that needs mending there are many of one sort.
const maxFlawsPrinted = 20

// printFlaws shows what is wrong with the drawing: how many of each kind, the first of them, and what would mend them.
func printFlaws(e *env, r intake.ImportReport) {
	if r.FlawsUnchecked {
		e.say("import.flaws_unchecked")
	}
	if len(r.FlawCounts) == 0 {
		return
	}
	e.say("import.flaws_head", "tolerance", r.FlawToleranceM, "counts", e.flawCounts(r.FlawCounts))
	var total int64
	for _, n := range r.FlawCounts {
		total += n
	}
	shown := r.Flaws[:min(maxFlawsPrinted, len(r.Flaws))]
	for _, f := range shown {
		e.say("import.flaw_at", "flaw", f.Text, "lon", decimals(f.At[0], 7), "lat", decimals(f.At[1], 7))
	}
	printMore(e, total, len(shown))
	if r.Snapped == nil {
		e.say("import.flaws_hint", "tolerance", r.FlawToleranceM)
	}
}

// flawCounts says how many there are of each kind, the wider ones of a kind by themselves.
func (e *env) flawCounts(counts map[string]int64) string {
	var parts []string
	for _, kind := range intake.FlawKinds {
		name := e.text("import.flaw." + string(kind))
		if n := counts[string(kind)]; n > 0 {
			parts = append(parts, e.text("import.flaw_count", "kind", name, "count", n))
		}
		if n := counts[string(kind)+"_wide"]; n > 0 {
			parts = append(parts, e.text("import.flaw_count_wide", "kind", name, "count", n))
		}
	}
	separator := ", "
	if e.lang == message.ZH {
		separator = "，"
	}
	return strings.Join(parts, separator)
}

// printSnapped shows what was brought together, parcel by parcel, and what was left as it is.
func printSnapped(e *env, r intake.ImportReport) {
	s := r.Snapped
	if s == nil {
		return
	}
	e.say("import.snapped_head", "tolerance", s.ToleranceM, "count", s.Changed, "move", decimals(s.GreatestMoveM, 4))
	if len(r.MendedCounts) > 0 {
		e.say("import.snapped_flaws", "counts", e.flawCounts(r.MendedCounts))
	}
	shown := s.Parcels[:min(maxFlawsPrinted, len(s.Parcels))]
	for _, p := range shown {
		e.say("import.snapped", "row", p.Row, "code", after(p.Code), "before", decimals(p.BeforeM2, 4), "after",
			decimals(p.AfterM2, 4), "move", decimals(p.MoveM, 4))
	}
	printMore(e, s.Changed, len(shown))
	if s.LeftCount == 0 {
		return
	}
	e.say("import.left_head", "count", s.LeftCount)
	left := s.Left[:min(maxPrinted, len(s.Left))]
	for _, l := range left {
		e.say("import.left", "row", l.Row, "code", after(l.Code), "why", l.Text)
	}
	printMore(e, s.LeftCount, len(left))
}
