package surveytext

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"luodi/geo"
)

// The sections.
const (
	factsSection = "属性描述"
	freeSection  = "扩展信息"
	landSection  = "地块坐标"
)

var sections = []string{factsSection, freeSection, landSection}

// The facts that say where the land lies.
const (
	systemFact     = "坐标系"
	widthFact      = "几度分带"
	projectionFact = "投影类型"
	unitFact       = "计量单位"
	zoneFact       = "带号"
	meridianFact   = "中央子午线"
	shiftFact      = "转换参数"
	unknownFact    = ""
)

// silentFacts say nothing of it.
var silentFacts = []string{"格式版本号", "数据产生单位", "数据产生日期", "精度", "备注", "项目名称"}

var placedFacts = []string{systemFact, widthFact, projectionFact, unitFact, zoneFact, meridianFact, shiftFact}

// factOf is a fact by its name; unknownFact where the format has none of it.
func factOf(name string) string {
	if slices.Contains(placedFacts, name) || slices.Contains(silentFacts, name) {
		return name
	}
	return unknownFact
}

// Places reports whether a fact says where the land lies.
func Places(fact string) bool { return slices.Contains(placedFacts, fact) }

// section reads a line "[…]": its name, "" for one that the format doesn't have.
func section(line string) (name string, is bool) {
	if !strings.HasPrefix(line, "[") {
		return "", false
	}
	name = strings.TrimSpace(strings.Trim(line, "[]"))
	if !strings.HasSuffix(line, "]") || !slices.Contains(sections, name) {
		return "", true
	}
	return name, true
}

// facts are what the header says of the system.
type facts struct {
	at    map[string]Fact
	datum geo.EPSG
	zone  zone // as far as it is stated
	unit  string
}

var (
	noShift     = regexp.MustCompile(`^[+\-0.,;\s]*$`)
	metreUnits  = []string{"米", "m", "meter", "meters", "metre", "metres"}
	projections = regexp.MustCompile(`^高斯[-—·]?克[吕里]格(投影)?$|^高斯(投影)?$|^gauss[-_ ]?kr(u|ü|ue)ger$`)
	zoneForm    = regexp.MustCompile(`^(?:第)?(\d{1,2})(?:带|号带)?$`)
	widthForm   = regexp.MustCompile(`^([36]|三|六)(?:度|°)?(?:分带|带)?$`)
	lonForm     = regexp.MustCompile(`^(\d{2,3})(?:\.0*)?(?:度|°|e|°e)?$`)
)

// fact takes a line "name=value" of the header.
func (r *reader) fact(line int, text string) {
	name, value, _ := strings.Cut(text, "=")
	column := columnOf(text, len(name)+1)
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	known := factOf(strings.ReplaceAll(name, " ", ""))
	if known == unknownFact {
		r.refuse(line, 1, "", "survey.fact", name, "names", strings.Join(slices.Concat(placedFacts, silentFacts), ", "))
		return
	}
	fact := Fact{Line: line, Name: known, Value: value}
	if before, again := r.header.at[known]; again {
		if before.Value != value && slices.Contains(placedFacts, known) {
			r.refuse(line, column, known, "survey.once", value, "value", before.Value, "line", before.Line)
		}
		return
	}
	r.header.at[known] = fact
	r.text.Facts = append(r.text.Facts, fact)
	if value != "" {
		r.read(fact, column)
	}
}

// read takes what a fact says of the system, or refuses it.
func (r *reader) read(fact Fact, column int) {
	h := &r.header
	refuseFact := func(rule geo.Rule, args ...any) { r.refuse(fact.Line, column, fact.Name, rule, fact.Value, args...) }
	lower := strings.ToLower(fact.Value)
	switch fact.Name {
	case systemFact:
		var z zone
		if h.datum, z = datumOf(fact.Value); h.datum == 0 {
			refuseFact("survey.datum", "names", datumNames())
		} else if z.width != 0 {
			r.merge(fact, column, z)
		}
	case widthFact:
		m := widthForm.FindStringSubmatch(lower)
		if m == nil {
			refuseFact("survey.width")
			return
		}
		width := 3
		if m[1] == "6" || m[1] == "六" {
			width = 6
		}
		r.merge(fact, column, zone{width: width})
	case projectionFact:
		if !projections.MatchString(lower) {
			refuseFact("survey.projection")
		}
	case unitFact:
		if h.unit = fact.Value; !slices.Contains(metreUnits, lower) {
			refuseFact("survey.unit")
		}
	case zoneFact:
		m := zoneForm.FindStringSubmatch(lower)
		if m == nil {
			refuseFact("survey.zone")
			return
		}
		number, _ := strconv.Atoi(m[1])
		if widthOf(number) == 0 {
			refuseFact("survey.zone")
			return
		}
		r.merge(fact, column, zone{number: number, width: widthOf(number)})
	case meridianFact:
		m := lonForm.FindStringSubmatch(lower)
		if m == nil {
			refuseFact("survey.meridian")
			return
		}
		r.meridian, _ = strconv.Atoi(m[1])
		r.meridianAt = fact
	case shiftFact:
		if !noShift.MatchString(fact.Value) {
			refuseFact("survey.shift")
		}
	}
}

// merge adds what a fact says of the zone to what others said, and refuses what contradicts them.
func (r *reader) merge(fact Fact, column int, z zone) {
	have := &r.header.zone
	switch {
	case z.width != 0 && have.width != 0 && z.width != have.width:
		r.refuse(fact.Line, column, fact.Name, "survey.width_is", fact.Value, "width", have.width, "line", r.zoneLine)
	case z.number != 0 && have.number != 0 && z.number != have.number:
		r.refuse(fact.Line, column, fact.Name, "survey.zone_is", fact.Value, "zone", have.number, "line", r.zoneLine)
	default:
		if z.width != 0 {
			have.width, r.zoneLine = z.width, fact.Line
		}
		if z.number != 0 {
			have.number, r.zoneLine = z.number, fact.Line
		}
	}
}

// settleMeridian compares a stated central meridian with the zone, or takes the zone from it.
func (r *reader) settleMeridian() {
	if r.meridianAt.Line == 0 {
		return
	}
	z := &r.header.zone
	if z.number == 0 {
		of := zone{width: z.width}
		if of.width == 0 {
			of.width = 3
		}
		if of.number = of.numberAt(r.meridian); widthOf(of.number) == of.width {
			*z = of
			return
		}
		r.refuse(r.meridianAt.Line, 0, meridianFact, "survey.meridian", r.meridianAt.Value)
	} else if of := (zone{width: widthOf(z.number), number: z.number}); of.meridian() != r.meridian {
		r.refuse(r.meridianAt.Line, 0, meridianFact, "survey.meridian_is", r.meridianAt.Value, "meridian",
			of.meridian(),
			"zone", of.number)
	}
}
