package ledger

import (
	"context"
	"slices"

	"luodi/geo"
	"luodi/geo/land"
)

// Kind is a kind of change: the one row from which everything else knows it. The API's document has the rows, the page
// takes its lists from there, and `luodi record` its commands from here. A test holds the database's checks to them.
type Kind struct {
	Name  string
	Takes []string // the members of a Command that it reads, beside kind
	// From: it is offered for land of these statuses. Empty: more than the status counts, and the page has a rule of
	// its own or doesn't offer it.
	From []land.ParcelStatus
	// Unordered: a record of it is made by the server, an import or the sample; nobody orders it.
	Unordered bool
	Two       bool         // a second person has to approve
	Document  *geo.Invalid // says which paper it has to rest on; nil where none is due
	Frees     bool         // land may be free after it for which others wait
	Final     bool         // it is not reversed but followed by another
	Reshapes  bool         // it begins parcels or draws them anew, so that the clocks of the parks nearby are needed

	carryOut func(context.Context, *work) error // nil where [Ledger.Do] has no part in it
}

// kinds has a row a kind, in the order in which they are listed. It is filled by init, for what the rows name looks at
// rows itself.
var kinds []Kind

func init() {
	parcels, right, shape := []string{"parcels"}, []string{"allotment"}, []string{"parcels", "shape"}
	from := func(statuses ...land.ParcelStatus) []land.ParcelStatus { return statuses }
	kinds = []Kind{
		{Name: "hold", Takes: []string{"parcels", "project", "until", "draws"}, From: from(land.ParcelAvailable),
			carryOut: hold},
		{Name: "extend", Takes: []string{"allotment", "until"}, From: from(land.ParcelHeld), carryOut: extend},
		{Name: "reserve", Takes: right, From: from(land.ParcelHeld), carryOut: reserve},
		{Name: "supply", Takes: []string{"allotment", "terms"}, From: from(land.ParcelReserved),
			Two: true, carryOut: supply},
		{Name: "build", Takes: right, From: from(land.ParcelSupplied), carryOut: build},
		{Name: "take_back", Takes: right, From: from(land.ParcelHeld, land.ParcelReserved, land.ParcelSupplied,
			land.ParcelBuilt), Frees: true, carryOut: takeBack},
		{Name: "release", Takes: parcels, From: from(land.ParcelReserve), Two: true, carryOut: release},
		{Name: "withdraw", Takes: parcels, From: from(land.ParcelAvailable), carryOut: withdraw},
		{Name: "restore", Takes: parcels, From: from(land.ParcelWithdrawn), Frees: true, carryOut: restore},
		{Name: "publish", Takes: parcels, carryOut: publish},
		{Name: "unpublish", Takes: parcels, carryOut: unpublish},
		{Name: "split", Takes: []string{"parcels", "shape", "then"}, Reshapes: true, carryOut: split},
		{Name: "merge", Takes: shape, Reshapes: true, carryOut: merge},
		{Name: "move", Takes: shape, Reshapes: true, carryOut: move},
		{Name: "correct", Takes: shape, Document: geo.NewInvalid("documents", "documents.survey", geo.None()),
			Final: true, Reshapes: true,
			carryOut: correct},
		{Name: "border", Takes: []string{"shape"}, Document: geo.NewInvalid("documents", "documents.border",
			geo.None()), Reshapes: true,
			carryOut: redrawBorder},
		{Name: "settings", Takes: []string{"settings"}, Final: true, carryOut: changeSettings},
		{Name: "paper", Takes: []string{"parcels", "paper"}, Final: true, carryOut: paper},
		{Name: "create", Takes: []string{"object"}, Reshapes: true, carryOut: create},
		{Name: "edit", Takes: []string{"parcels", "object", "at_risk"}, carryOut: edit},
		{Name: "retire", Takes: []string{"parcels", "object", "at_risk"}, Two: true, carryOut: retire},
		{Name: "revert", Takes: []string{"reverts", "at_risk"}, Frees: true, Reshapes: true, carryOut: revert},
		{Name: "draw", Takes: []string{"allotment", "draws"}, carryOut: draw},
		{Name: "queue", Takes: []string{"parcels", "project", "term_days"}, Final: true, carryOut: queue},
		{Name: "leave", Takes: []string{"waiting"}, Final: true, carryOut: leave},

		{Name: "expire", Takes: right, Unordered: true, Frees: true, Final: true, carryOut: expire},
		{Name: "pass", Takes: []string{"waiting"}, Unordered: true, Final: true, carryOut: pass},
		{Name: "import", Unordered: true, Final: true},
		{Name: "sample", Unordered: true, Final: true},
	}
}

// Kinds lists every kind of change.
func Kinds() []Kind { return slices.Clone(kinds) }

// kindOf finds a kind by its name; the zero Kind where there is none.
func kindOf(name string) Kind {
	at := slices.IndexFunc(kinds, func(k Kind) bool { return k.Name == name })
	if at < 0 {
		return Kind{}
	}
	return kinds[at]
}

// NeedsTwo reports whether a kind of command must be approved by a second person.
func NeedsTwo(kind string) bool { return kindOf(kind).Two }
