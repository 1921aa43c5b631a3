package problem

import (
	"strconv"
	"strings"

	"luodi/data/intake"
	"luodi/message"
)

// Import puts into words what a report has as data: notes on the file, refusals, flaws of the drawing, and why parcels
// weren't snapped. It may be called again, in another language too.
func Import(lang message.Lang, door Door, r *intake.ImportReport) {
	r.Notes = nil
	for _, words := range r.Said {
		r.Notes = append(r.Notes, Said(lang, words))
	}
	for i := range r.Refusals {
		r.Refusals[i].Text = Fault(lang, door, &r.Refusals[i].Fault)
	}
	for _, flaws := range [][]intake.Flaw{r.Flaws, r.Mended} {
		for i := range flaws {
			flaws[i].Text = flaw(lang, &flaws[i])
		}
	}
	if r.Snapped != nil {
		for i, left := range r.Snapped.Left {
			r.Snapped.Left[i].Text = message.Text(lang, "import.left."+string(left.Why))
		}
	}
}

// flaw says the kind of a flaw, its parcels, how wide it is, and its length and area where it has them.
func flaw(lang message.Lang, f *intake.Flaw) string {
	decimals := func(v float64, n int) string { return strconv.FormatFloat(v, 'f', n, 64) }
	size := message.Text(lang, "import.flaw_width", "width", decimals(f.WidthM, 4))
	if f.AreaM2 > 0 {
		size = message.Text(lang, "import.flaw_area", "width", decimals(f.WidthM, 4), "length", decimals(f.LengthM, 2),
			"m2", decimals(f.AreaM2, 4))
	}
	return message.Text(lang, "import.flaw", "kind", message.Text(lang, "import.flaw."+string(f.Kind)), "codes",
		strings.Join(f.Codes, message.Text(lang, "change.comma")), "size", size)
}
