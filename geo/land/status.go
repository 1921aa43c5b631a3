package land

import "luodi/geo"

// BankStatus is where a parcel stands in the land bank; it is stored.
type BankStatus string

// The bank statuses.
const (
	BankReserve   BankStatus = "reserve"   // 储备: set aside, not to be allotted without a release record
	BankAvailable BankStatus = "available" // may be allotted
	BankWithdrawn BankStatus = "withdrawn" // taken back, offered to nobody
)

// BankStatuses lists every bank status.
func BankStatuses() []BankStatus {
	return []BankStatus{BankReserve, BankAvailable, BankWithdrawn}
}

// ParseBankStatus reads one, or gives a [geo.Invalid] for bank_status.
func ParseBankStatus(s string) (BankStatus, error) {
	return parse("bank_status", s, BankStatuses())
}

// AllotmentState is the state of a project's right to parcels.
type AllotmentState string

// The states of an allotment: hold → reserved → supplied → built; any live one
// ends as released or expired.
const (
	AllotmentHold     AllotmentState = "hold"     // kept for a project for a while
	AllotmentReserved AllotmentState = "reserved" // promised, terms agreed
	AllotmentSupplied AllotmentState = "supplied" // the right is granted
	AllotmentBuilt    AllotmentState = "built"    // and built upon, accepted
	AllotmentReleased AllotmentState = "released" // given up or taken back
	AllotmentExpired  AllotmentState = "expired"  // its deadline or term passed and a record ended it
)

// allotmentNext says which states may follow which.
var allotmentNext = map[AllotmentState][]AllotmentState{
	AllotmentHold:     {AllotmentReserved, AllotmentReleased, AllotmentExpired},
	AllotmentReserved: {AllotmentSupplied, AllotmentReleased, AllotmentExpired},
	AllotmentSupplied: {AllotmentBuilt, AllotmentReleased, AllotmentExpired},
	AllotmentBuilt:    {AllotmentReleased, AllotmentExpired},
}

// CheckNext refuses a step that the life of an allotment doesn't have. The
// empty state stands for an allotment not made yet; it begins with a hold.
func (s AllotmentState) CheckNext(next AllotmentState) error {
	allowed := allotmentNext[s]
	if s == "" {
		allowed = []AllotmentState{AllotmentHold}
	}
	if len(allowed) == 0 {
		return geo.NewInvalid("state", "right.no_further", string(next), "state", string(s))
	}
	_, err := parse("state", string(next), allowed)
	return err
}

// ParcelStatus is what is seen of a parcel; it derives from the bank status
// and the live allotment and is never stored on the parcel. Planners see what
// [Status] gives, the public what [PublicStatus] gives.
type ParcelStatus string

// The parcel statuses.
const (
	ParcelReserve   ParcelStatus = "reserve"
	ParcelAvailable ParcelStatus = "available"
	ParcelInTalks   ParcelStatus = "in_negotiation" // the public's word for an intention
	ParcelHeld      ParcelStatus = "held"
	ParcelReserved  ParcelStatus = "reserved"
	ParcelSupplied  ParcelStatus = "supplied"
	ParcelBuilt     ParcelStatus = "built"
	ParcelWithdrawn ParcelStatus = "withdrawn"
)

// ParcelStatuses lists every parcel status in the order of a land balance.
func ParcelStatuses() []ParcelStatus {
	return []ParcelStatus{
		ParcelReserve, ParcelAvailable, ParcelInTalks, ParcelHeld, ParcelReserved,
		ParcelSupplied, ParcelBuilt, ParcelWithdrawn,
	}
}

// BalanceRow returns the status under which a land balance counts s: built
// land counts as supplied.
func (s ParcelStatus) BalanceRow() ParcelStatus {
	if s == ParcelBuilt {
		return ParcelSupplied
	}
	return s
}

// Status derives a parcel's status from its bank status and the state of its live allotment (empty: none). A live
// right determines the status, whatever the bank status is: land under a right is not free even if the two disagree
// (see [CheckAllottable]). Without a right, or with an ended one, the bank status is the status.
func Status(bank BankStatus, allotment AllotmentState) ParcelStatus {
	switch allotment {
	case AllotmentHold:
		return ParcelHeld
	case AllotmentReserved, AllotmentSupplied, AllotmentBuilt:
		return ParcelStatus(allotment)
	}
	return ParcelStatus(bank)
}

// HoldShown is what a park tells the public of land under an intention: a right of a project before its tender is
// announced.
type HoldShown string

// What a park may tell.
const (
	HoldInTalks HoldShown = "in_negotiation" // that it is in negotiation, not with whom nor until when
	HoldNothing HoldShown = "nothing"        // nothing: it reads as land in reserve
)

// HoldsShown lists what a park may tell.
func HoldsShown() []HoldShown { return []HoldShown{HoldInTalks, HoldNothing} }

// ParseHoldShown reads one, or gives a [geo.Invalid] for hold_shown.
func ParseHoldShown(s string) (HoldShown, error) { return parse("hold_shown", s, HoldsShown()) }

// CornersTold is how the public reads the corners of a park's parcels, zones, plan units and border.
type CornersTold string

// How corners are told.
const (
	CornersExact   CornersTold = "exact"   // as surveyed
	CornersRounded CornersTold = "rounded" // to whole metres of the survey plane: where nobody says otherwise
)

// ParseCornersTold reads one, or gives a [geo.Invalid] for corners_told.
func ParseCornersTold(s string) (CornersTold, error) {
	return parse("corners_told", s, []CornersTold{CornersExact, CornersRounded})
}

// Intention reports whether a right is an intention: a hold or a reservation of land for which no starting price was
// announced.
func Intention(allotment AllotmentState, price PriceKind) bool {
	return (allotment == AllotmentHold || allotment == AllotmentReserved) && price != PriceAnnounced
}

// PublicStatus is the status that the public reads, by the choice of the parcel's park. Where the park shows nothing,
// land under an intention and withdrawn land read as reserve, so that none of the three can be told from another.
func PublicStatus(shown HoldShown, bank BankStatus, allotment AllotmentState, price PriceKind) ParcelStatus {
	status := Status(bank, allotment)
	switch {
	case Intention(allotment, price) && shown == HoldNothing, status == ParcelWithdrawn && shown == HoldNothing:
		return ParcelReserve
	case Intention(allotment, price):
		return ParcelInTalks
	}
	return status
}

// CheckAllottable refuses land on which no right may begin: only available
// land may be allotted, reserve land after a release record.
func CheckAllottable(bank BankStatus) error {
	if bank == BankAvailable {
		return nil
	}
	return geo.NewInvalid("bank_status", "bank.available", string(bank))
}
