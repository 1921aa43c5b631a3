package land

// PriceKind says what a parcel's price is.
type PriceKind string

// The kinds of prices. None of them is what is paid in the end: the notice of the tender (出让公告) decides.
const (
	PriceReference PriceKind = "reference" // by recent deals, CNY per m² of land
	PriceMinimum   PriceKind = "minimum"   // 最低价标准: the least price allowed, CNY per m² of land
	PriceAnnounced PriceKind = "announced" // 起始价: the starting price of an announced tender, CNY per m² of land
	PriceRent      PriceKind = "rent"      // of a workshop, CNY per m² of floor and month
)

// PriceKinds lists them.
func PriceKinds() []PriceKind {
	return []PriceKind{PriceReference, PriceMinimum, PriceAnnounced, PriceRent}
}

// ParsePriceKind reads one, or gives a [geo.Invalid] for price_kind.
func ParsePriceKind(s string) (PriceKind, error) { return parse("price_kind", s, PriceKinds()) }

// Backed reports whether a price of the kind needs the document that states it, with its date.
func (k PriceKind) Backed() bool { return k != "" && k != PriceRent }

// maxPriceDocument is how long the name of a document may be, in characters.
const maxPriceDocument = 200

func readPriceDocument(text string, _ map[string]string) (string, error) {
	return ParseLine("price_document", text, maxPriceDocument)
}

func readPriceDay(text string, _ map[string]string) (string, error) {
	return ParseDay("price_on", text)
}

// MissingOfPrice names the field that a parcel's facts lack, by their names, for what they say of its price: a kind, a
// document and a day are of a price, and every kind but a rent has a document and a day. It is "" where none is
// missing.
func MissingOfPrice(facts map[string]string) string {
	kind, document, day := PriceKind(facts["price_kind"]), facts["price_document"], facts["price_on"]
	switch {
	case facts["price_cny_per_m2"] == "" && (kind != "" || document != "" || day != ""):
		return "price_cny_per_m2"
	case kind.Backed() && document == "":
		return "price_document"
	case kind.Backed() && day == "":
		return "price_on"
	}
	return ""
}
