package feed

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"luodi/geo"
	"luodi/geo/land"
)

// fact is what a command may state of an object. What import reads alike is read alike.
type fact struct {
	name  string
	due   bool // must be given at the making, and can't be cleared
	fixed bool // stays as it was made
	empty any  // what is kept where it is cleared; nil: null
	json  bool // kept as JSON, else as text that the database casts
	read  func(text string, done map[string]string) (string, error)
}

// factsOf lists the facts of each collection. The order matters where one fact is validated against another: a grade
// against the kind, a unit against its capacity.
var factsOf = func() map[string][]fact {
	all := map[string][]fact{"parcels": append([]fact{{name: "code", due: true, read: land.ReadCode},
		{name: "publication", due: true, fixed: true, read: readPublication}},
		imported("parcels", map[string]fact{"legal_m2": {fixed: true},
			"bank_status": {fixed: true, empty: string(land.BankAvailable), read: readBank},
			"services":    {json: true, empty: json.RawMessage("{}")}})...)}
	all["parcels"] = append(all["parcels"],
		fact{name: "price_told", empty: string(land.TellFigure), read: land.As(land.ParsePriceTelling)},
		fact{name: "services_told", empty: string(land.TellBand), read: land.As(land.ParseServicesTelling)})
	for _, t := range things {
		id := t.Public.ID
		all[id] = append([]fact{{name: "code", due: true, fixed: true, read: land.ReadCode},
			{name: "publication", due: true, read: readPublication}}, imported(id, t.settings)...)
		all[id] = append(all[id], t.more...)
	}
	return all
}()

// imported lists the facts that an import fills in a collection, with the settings of particular facts overridden.
func imported(collection string, particular map[string]fact) []fact {
	var all []fact
	for _, field := range land.Fields[collection] {
		f := particular[field.Name]
		f.name, f.due = field.Name, f.due || field.Required
		if f.read == nil {
			f.read = field.Read
		}
		all = append(all, f)
	}
	return all
}

func readPublication(text string, _ map[string]string) (string, error) {
	if text != "public" && text != "internal" {
		return "", geo.NewInvalid("publication", "one_of", text, "values", "public, internal")
	}
	return text, nil
}

// readBank takes what a new parcel may be: withdrawn is what became of an available one.
func readBank(text string, _ map[string]string) (string, error) {
	if text != string(land.BankReserve) && text != string(land.BankAvailable) {
		return "", geo.NewInvalid("bank_status", "one_of", text, "values", "reserve, available")
	}
	return text, nil
}

// ReadFacts validates the facts of an object: of a new object if was is nil, else changes of an object with the facts
// was. It returns the columns to set.
func ReadFacts(collection string, given Facts, was map[string]json.RawMessage) (map[string]any, error) {
	columns := map[string]any{}
	done := map[string]string{}
	for name, value := range was {
		if text, ok := plain(value); ok && string(value) != "null" {
			done[name] = text
		}
	}
	known := factsOf[collection]
	for name := range given {
		if !slices.ContainsFunc(known, func(f fact) bool { return f.name == name && (was == nil || !f.fixed) }) {
			return nil, geo.NewInvalid("object.facts."+name, "fact.settable", name)
		}
	}
	for _, f := range known {
		if err := f.set(given[f.name], was == nil, columns, done); err != nil {
			return nil, err
		}
	}
	switch {
	case collection == networks.ID:
		return columns, checkNetwork(columns, done)
	case collection == parcels.ID:
		return columns, checkPrice(columns, done, was == nil)
	}
	return columns, nil
}

// checkPrice looks that what is said of a price goes with one. Of an edit it knows the facts that are given; the
// database looks at each parcel (price_is_stated, price_kind_is_backed). A price that is cleared takes along what was
// said of it.
func checkPrice(columns map[string]any, done map[string]string, fresh bool) error {
	price, given := columns["price_cny_per_m2"]
	if !fresh && (!given || price != nil) {
		return nil
	}
	if missing := land.MissingOfPrice(done); missing != "" {
		return geo.NewInvalid("object.facts."+missing, "price.whole", geo.None())
	}
	if given && price == nil {
		columns["price_kind"], columns["price_document"], columns["price_on"] = nil, nil, nil
	}
	return nil
}

// ReadFact validates one fact of an existing object and returns the value of its column.
func ReadFact(collection, name string, value json.RawMessage) (any, error) {
	at := slices.IndexFunc(factsOf[collection], func(f fact) bool { return f.name == name })
	columns := map[string]any{}
	err := factsOf[collection][at].set(value, false, columns, map[string]string{})
	return columns[name], err
}

// set validates one fact, if given, and stores it in columns and in done, the facts known so far.
func (f fact) set(value json.RawMessage, fresh bool, columns map[string]any, done map[string]string) error {
	field := "object.facts." + f.name
	switch {
	case len(value) == 0 && fresh && f.name == "publication":
		columns[f.name] = "internal" // nothing becomes public unasked
		return nil
	case len(value) == 0 && fresh && f.due, string(value) == "null" && f.due:
		return geo.NewInvalid(field, "fact.given", geo.None())
	case len(value) == 0 && fresh && f.empty != nil, string(value) == "null":
		columns[f.name] = f.empty
		delete(done, f.name)
		return nil
	case len(value) == 0:
		return nil
	}
	text, ok := plain(value)
	if !ok || strings.TrimSpace(text) == "" {
		return geo.NewInvalid(field, "fact.given_or_null", string(value))
	}
	kept, err := f.read(text, done)
	if err != nil {
		return factFault(field, text, err)
	}
	done[f.name] = kept
	if columns[f.name] = kept; f.json {
		columns[f.name] = json.RawMessage(kept)
	}
	return nil
}

// plain gives a JSON value as a reader of text takes it: a string's text, a number or an object as it is written.
func plain(value json.RawMessage) (string, bool) {
	if len(value) == 0 {
		return "", false
	}
	switch c := value[0]; {
	case c == '"':
		var text string
		err := json.Unmarshal(value, &text)
		return text, err == nil
	case c == '{', c == '-', c >= '0' && c <= '9':
		return string(value), true
	}
	return "", false
}

// factFault names the fact that a reader refused.
func factFault(field, text string, err error) error {
	var invalid *geo.Invalid
	switch {
	case !errors.As(err, &invalid):
		return err
	case strings.Contains(invalid.Field, "."): // of a part of the fact
		return invalid.Under("object.facts." + invalid.Field)
	}
	return invalid.Words.Refuse(field, text)
}

// checkNetwork compares facts of a network element that hang together, whichever of them is given: its grade with its
// kind, its unit with its capacity.
func checkNetwork(columns map[string]any, done map[string]string) error {
	if _, err := land.NetworkKind(done["kind"]).ParseGrade(done["grade"]); err != nil {
		return factFault("object.facts.grade", done["grade"], err)
	}
	if (done["capacity"] == "") != (done["unit"] == "") {
		return geo.NewInvalid("object.facts.unit", "fact.capacity_unit",
			fmt.Sprintf("capacity %q, unit %q", done["capacity"], done["unit"]))
	}
	return nil
}

// FactDoc describes a fact for an API's document.
type FactDoc struct {
	Name string
	Kind Kind
	Of   []string // collections that have it
}

// FactDocs lists the facts that commands may state, in the order of the collections.
func FactDocs() []FactDoc {
	var all []FactDoc
	described := []*Collection{parcels}
	for _, t := range things {
		described = append(described, t.Public)
	}
	for _, c := range described {
		for _, f := range factsOf[c.ID] {
			at := slices.IndexFunc(all, func(d FactDoc) bool { return d.Name == f.name })
			if at < 0 {
				at = len(all)
				all = append(all, FactDoc{Name: f.name})
				if p := c.Property(f.name); p != nil {
					all[at].Kind = p.Kind
				}
			}
			all[at].Of = append(all[at].Of, c.ID)
		}
	}
	return all
}

// Facts are values by the name of the fact.
type Facts map[string]json.RawMessage
