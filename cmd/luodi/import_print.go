package main

import (
	"cmp"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"luodi/api/problem"
	"luodi/data/intake"
	"luodi/message"
)

// maxPrinted bounds each list on the screen; --report has more.
const maxPrinted = 200

// print shows an import's report: how the file was interpreted, the refused rows with reasons, and the changes made.
func (c importCmd) print(e *env, r intake.ImportReport) {
	file := filepath.Base(c.File)
	if r.Format != "" {
		e.say("import.head", "file", file, "format", r.Format, "source", cmp.Or(r.SourceLayer, "—"), "crs",
			cmp.Or(r.SourceCRS, "—"), "park", r.Park, "layer", r.Layer, "survey", cmp.Or(r.SurveyCRS, "—"))
	}
	if r.Fault != nil {
		e.say("import.file", "file", file, "text", problem.Fault(e.lang, problem.Command, r.Fault))
		e.say("import.nothing", "seconds", seconds(r.Seconds))
		return
	}
	if r.Place != nil {
		e.say("import.place", "lon", decimals(r.Place[0], 5), "lat", decimals(r.Place[1], 5))
	}
	if r.DistanceM != nil {
		e.say("import.distance", "park", r.Park, "km", decimals(*r.DistanceM/1000, 2))
	}
	if r.Encoding != "" && r.Encoding != "UTF-8" {
		e.say("import.encoding", "encoding", r.Encoding)
	}
	for _, note := range r.Notes {
		e.say("import.note", "note", note)
	}
	if r.Unproven {
		e.say("import.unproven")
	}
	c.printFields(e, r)
	printRefusals(e, r)
	printSnapped(e, r)
	printFlaws(e, r)
	printUpdate(e, r)
	printOverlaps(e, r)
	printWarnings(e, r)
	c.printOutcome(e, r)
}

func (c importCmd) printFields(e *env, r intake.ImportReport) {
	switch {
	case r.CodeGuessed:
		e.say("import.code_guessed", "field", r.CodeField)
	case r.CodeField != "":
		e.say("import.code_named", "field", r.CodeField)
	default:
		e.say("import.code_numbered")
	}
	for _, ours := range slices.Sorted(maps.Keys(r.Fields)) {
		e.say("import.field", "ours", ours, "theirs", r.Fields[ours])
	}
	if r.Layer == "parcels" && r.UnnamedLegal > 0 {
		e.say("import.legal_computed", "count", r.UnnamedLegal)
	}
	if r.FlattenedRows > 0 {
		e.say("import.flattened", "count", r.FlattenedRows)
	}
	if r.MendedRows > 0 {
		e.say("import.mended", "count", r.MendedRows)
	}
}

func printRefusals(e *env, r intake.ImportReport) {
	if r.Refused == 0 {
		return
	}
	e.say("import.refused_head")
	shown := r.Refusals[:min(maxPrinted, len(r.Refusals))]
	for _, refusal := range shown {
		e.say("import.row", "row", refusal.Row, "code", after(refusal.Code), "text", refusal.Text)
	}
	printMore(e, r.Refused, len(shown))
}

// printUpdate names what an update changes, and what the file doesn't have.
func printUpdate(e *env, r intake.ImportReport) {
	if len(r.Changes) > 0 {
		e.say("import.changed_head")
		shown := r.Changes[:min(maxPrinted, len(r.Changes))]
		for _, c := range shown {
			e.say("import.changed", "row", c.Row, "code", c.Code, "fields", strings.Join(c.Differs, ", "))
		}
		printMore(e, r.Changed, len(shown))
	}
	if r.MissingCount > 0 {
		e.say("import.missing_head", "count", r.MissingCount)
		shown := r.Missing[:min(maxPrinted, len(r.Missing))]
		for _, m := range shown {
			if m.Held == "" {
				e.say("import.missing", "code", m.Code)
				continue
			}
			e.say("import.missing_held", "code", m.Code, "why", message.Text(e.lang, "intake.held."+m.Held))
		}
		printMore(e, r.MissingCount, len(shown))
	}
	if r.StatusKept > 0 {
		e.say("import.status_kept", "count", r.StatusKept)
	}
}

func printOverlaps(e *env, r intake.ImportReport) {
	if r.OverlapCount == 0 {
		return
	}
	e.say("import.overlaps_head", "count", r.OverlapCount, "within", r.OverlapsWithin)
	shown := r.Overlaps[:min(maxPrinted, len(r.Overlaps))]
	for _, o := range shown {
		e.sayPair(o)
	}
	printMore(e, r.OverlapCount, len(shown))
}

func (e *env) sayPair(o intake.Overlap) {
	key := "import.pair"
	switch {
	case o.Park != "":
		key = "import.pair_park"
	case o.Row == 0:
		key = "import.pair_live"
	}
	pair := message.Text(e.lang, key, "code", o.Code, "row", o.Row, "other", o.OtherCode, "other_row", o.OtherRow,
		"park", o.Park, "m2", decimals(o.M2, 4))
	if o.WithinLimits {
		pair = e.text("import.within", "pair", pair, "tolerance", decimals(o.ToleranceM2, 4))
	}
	_, _ = e.stdout.Write([]byte(plain(pair) + "\n"))
}

func printWarnings(e *env, r intake.ImportReport) {
	if r.AreaDiffers == 0 {
		return
	}
	e.say("import.warnings_head", "count", r.AreaDiffers)
	shown := r.AreaWarnings[:min(maxPrinted, len(r.AreaWarnings))]
	for _, w := range shown {
		e.say("import.warning", "row", w.Row, "code", after(w.Code), "legal", w.LegalM2, "computed",
			decimals(w.ComputedM2, 4))
	}
	printMore(e, r.AreaDiffers, len(shown))
}

func printMore(e *env, count int64, shown int) {
	if more := count - int64(shown); more > 0 {
		e.say("import.more", "count", more)
	}
}

func (c importCmd) printOutcome(e *env, r intake.ImportReport) {
	if r.Written {
		e.say("import.counts", "read", r.Read, "taken", r.Taken, "refused", r.Refused)
	} else {
		e.say("import.would", "read", r.Read, "acceptable", r.Acceptable, "refused", r.Refused)
	}
	if r.Update {
		e.say("import.updated", "made", r.Made, "changed", r.Changed, "unchanged", r.Unchanged, "retired", r.Retired)
	}
	if w := r.Widened; w != nil {
		e.say("import.widened", "m2", decimals(w.M2, 2), "rows", w.Rows, "west", decimals(w.Box[0], 6), "east",
			decimals(w.Box[2], 6), "south", decimals(w.Box[1], 6), "north", decimals(w.Box[3], 6))
	}
	computed := decimals(r.ComputedM2, 2)
	switch {
	case r.Acceptable == 0 || r.Layer == "networks":
	case r.Layer == "parcels":
		e.say("import.area_parcels", "mu", r.Mu, "legal", r.LegalM2, "survey", r.SurveyCRS, "computed", computed)
	default:
		e.say("import.area", "mu", r.Mu, "survey", r.SurveyCRS, "computed", computed)
	}
	refused := r.Refused > 0 && !c.SkipRefused || r.Acceptable == 0 || c.RetireMissing && r.Held+r.Refused > 0
	switch {
	case r.Written:
		if r.ParkMade {
			e.say("import.park_made", "park", r.Park)
		}
		e.say("import.written", "seq", r.Seq, "park", r.Park, "seconds", seconds(r.Seconds))
	case refused:
		e.say("import.nothing", "seconds", seconds(r.Seconds))
		if r.Acceptable > 0 && r.Refused > 0 && !c.SkipRefused {
			e.say("import.skip_hint", "acceptable", r.Acceptable)
		}
	case r.Update && r.Made+r.Changed+r.Retired == 0:
		e.say("import.nothing_changed", "seconds", seconds(r.Seconds))
	default:
		e.say("import.dry", "seconds", seconds(r.Seconds))
	}
}

// after is a code as it follows a row's number; nothing where there is none.
func after(code string) string {
	if code == "" {
		return ""
	}
	return " " + code
}

func decimals(v float64, n int) string { return strconv.FormatFloat(v, 'f', n, 64) }
