package name

import (
	"unsafe"

	"github.com/google/uuid"
)

// Kind is what a thing is. Of two that are found equally well the earlier kind comes first.
type Kind uint8

// The kinds of things.
const (
	Parcel Kind = iota
	Zone
	Road
	Park
	Node // of a network
	Line // of a network other than roads
	PlanUnit
	Building
	Unit // of a building
)

var kinds = [...]string{"parcel", "zone", "road", "park", "node", "line", "plan_unit", "building", "unit"}

func (k Kind) String() string { return kinds[k] }

// Kinds lists the names of all kinds.
func Kinds() []string { return kinds[:] }

// Field is the text of a thing in which something was found.
type Field uint8

// The fields. A size or a status was not looked for in a text.
const (
	Code Field = iota
	NameZH
	NameEN
	TenantZH
	TenantEN
	ProjectZH
	ProjectEN
	Size
	Status
)

var fields = [...]string{"code", "name_zh", "name_en", "tenant_zh", "tenant_en", "project_zh", "project_en", "size",
	"status"}

func (f Field) String() string { return fields[f] }

// Fields lists the names of all fields.
func Fields() []string { return fields[:] }

// Level is how well something was found; the lower the better.
type Level uint8

// The levels.
const (
	Exact  Level = iota // the whole text, or all of a code but the letters that it begins with: L04 of TX-L04
	Prefix              // the text begins so
	Word                // a word within it begins so, or each word that was typed is somewhere in its texts
	Sound               // as pinyin, or by the initials of it
	Part                // within a word
	Fuzzy               // with one wrong, missing, needless or swapped character
	Listed              // by a size or a status alone
	Near                // available land of nearly the size that was asked for
)

var levels = [...]string{"exact", "prefix", "word", "pinyin", "part", "fuzzy", "listed", "near"}

func (l Level) String() string { return levels[l] }

// Levels lists the names of all levels.
func Levels() []string { return levels[:] }

// Text is what a thing is called in one field.
type Text struct {
	Field Field
	Text  string
}

// Thing is what can be found. Status and AreaM2, its legal area, are those of parcels.
type Thing struct {
	ID     uuid.UUID
	Kind   Kind
	Status string
	Code   string
	AreaM2 float64
	Names  []Text
}

// entry is a Thing as it is held; its names are in the slabs.
type entry struct {
	id     uuid.UUID
	kind   Kind
	status string
	code   string
	areaM2 float64
}

const (
	bytesPerEntry = int64(unsafe.Sizeof(entry{}))
	bytesPerForm  = int64(unsafe.Sizeof(form{}))
	bytesPerName  = 2 * int64(unsafe.Sizeof(named{})) // with its share of the map
)
