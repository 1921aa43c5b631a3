package surveytext

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/encoding/simplifiedchinese"

	"luodi/geo"
)

// Form says how a text is written.
type Form struct {
	// CRS is the system of the parcels' corners: a Gauss–Krüger zone on CGCS2000, with the zone's number in eastings or
	// without. The text has it in all.
	CRS      geo.EPSG
	By       string // 数据产生单位
	On       string // 数据产生日期, as 2026-11-29
	Decimals int    // of coordinates, 1 to 6; 0 stands for 3, a millimetre
	GBK      bool   // write GB18030; else UTF-8
}

// Write writes parcels in the official form of the exchange text: all facts of the header, lines that end in CR and LF,
// each ring closed by its first corner, the number of corners with those that close rings, areas in hectares, the
// zone's number before the eastings. Corners without a name are named J1, J2, … through the parcel. A text that can't
// stand in a line of the format, a ring of less than three corners and a system that is none of CGCS2000's zones are
// refused.
func Write(f Form, parcels []Parcel) ([]byte, error) {
	z, ok := f.CRS.GaussKruger()
	if !ok {
		return nil, geo.NewInvalid("crs", "survey.write_crs", f.CRS)
	}
	if f.Decimals == 0 {
		f.Decimals = 3
	}
	if f.Decimals < 1 || f.Decimals > micro {
		return nil, geo.NewInvalid("decimals", "survey.write_decimals", f.Decimals, "n", micro)
	}
	w := &writer{form: f, zone: z}
	w.facts()
	for i := range parcels {
		w.parcel(i, &parcels[i])
	}
	if w.err != nil || !f.GBK {
		return []byte(w.out.String()), w.err
	}
	return simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(w.out.String()))
}

type writer struct {
	form Form
	zone geo.GaussKruger
	out  strings.Builder
	err  error
}

func (w *writer) line(parts ...string) {
	for _, part := range parts {
		w.out.WriteString(part)
	}
	w.out.WriteString("\r\n")
}

func (w *writer) facts() {
	w.line("[", factsSection, "]")
	w.line("格式版本号=1.01")
	w.line("数据产生单位=", w.text("by", w.form.By))
	w.line("数据产生日期=", w.text("on", w.form.On))
	w.line(systemFact, "=", datumName(geo.CGCS2000))
	w.line(widthFact, "=", strconv.Itoa(w.zone.WidthDeg))
	w.line(projectionFact, "=高斯克吕格")
	w.line(unitFact, "=米")
	w.line(zoneFact, "=", strconv.Itoa(w.zone.Number))
	w.line("精度=0.", strings.Repeat("0", w.form.Decimals-1), "1")
	w.line(shiftFact, "=,,,,,,")
	w.line("[", landSection, "]")
}

// text refuses what would break a line, or be read as a column's end.
func (w *writer) text(field, s string) string {
	s = strings.TrimSpace(s)
	bad := strings.ContainsAny(s, ",@=，＠＝") || strings.HasPrefix(fold(s), "[")
	if bad || strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) ||
			r == unicode.ReplacementChar
	}) {
		w.refuse(geo.NewInvalid(field, "survey.write_text", s))
	}
	return s
}

func (w *writer) refuse(why *geo.Invalid) {
	if w.err == nil {
		w.err = why
	}
}

func (w *writer) parcel(i int, p *Parcel) {
	at := func(field string) string { return fmt.Sprintf("parcels[%d].%s", i, field) }
	figure, least, close := p.Figure, 3, 1
	if figure == "" {
		figure = Area
	}
	if figure == Line {
		least, close = 2, 0
	}
	count := 0
	for _, ring := range p.Rings {
		if count += len(ring.Corners) + close; len(ring.Corners) < least {
			w.refuse(geo.NewInvalid(at("rings"), "survey.ring_short", len(ring.Corners), "n", least, "ring",
				ring.Number))
			return
		}
	}
	if count == 0 {
		w.refuse(geo.NewInvalid(at("rings"), "survey.corners", geo.None()))
		return
	}
	fields := []string{strconv.Itoa(count), hectares(p.Legal()), w.text(at("code"), p.Code), w.text(at("name"), p.Name),
		string(figure), w.text(at("sheet"), p.Sheet), w.text(at("use"), p.Use), w.text(at("class"), p.Class), "@"}
	w.line(strings.Join(fields, ","))
	named := 0
	for n, ring := range p.Rings {
		names := make([]string, len(ring.Corners))
		for j := range ring.Corners {
			named++
			if names[j] = w.text(at("rings"), ring.Corners[j].Name); names[j] == "" {
				names[j] = "J" + strconv.Itoa(named)
			}
		}
		for j := range len(ring.Corners) + close {
			c := ring.Corners[j%len(ring.Corners)]
			w.line(names[j%len(names)], ",", strconv.Itoa(n+1), ",", w.number(c.At[1]), ",",
				w.number(w.easting(c.At[0])))
		}
	}
}

// easting has the zone's number before it.
func (w *writer) easting(x float64) float64 {
	return x - w.zone.FalseEastingM + falseEasting + float64(w.zone.Number)*zoneStep
}

func (w *writer) number(v float64) string { return strconv.FormatFloat(v, 'f', w.form.Decimals, 64) }

// hectares writes an area exactly, with four decimals or more.
func hectares(a geo.Area) string {
	const places = 8
	text := fmt.Sprintf("%0*d", places+1, a.Units())
	text = text[:len(text)-places] + "." + text[len(text)-places:]
	for strings.HasSuffix(text, "0") && len(text)-strings.IndexByte(text, '.') > 5 {
		text = text[:len(text)-1]
	}
	return text
}
