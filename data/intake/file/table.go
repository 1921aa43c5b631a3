package file

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/peterstace/simplefeatures/geom"

	"luodi/geo"
	"luodi/geo/surveytext"
)

// cells gives the rows of a table in order; io.EOF after the last.
type cells interface {
	next() ([]string, error)
	progress() (done, total int64)
	Close() error
}

// table reads a table of land, in one of two forms:
//
//  1. A column holds shapes in WKT, told by what stands in it; a row is a feature.
//  2. Columns hold corners: a code, a ring, a point's number, X and Y; a parcel is the rows of one code. Corners are
//     settled as those of a survey's exchange text are, by its reader.
//
// What stands above the heads, such as a title, is passed over.
type table struct {
	in     cells
	info   Info
	limits Limits
	heads  []string
	shapes int      // the column of WKT
	ahead  []string // a row that was read to find the heads
	number int64
	srid   geo.EPSG // that the first shape of EWKT gives
}

// headRows is how far down heads are looked for.
const headRows = 20

// openTable finds the heads of a table; it closes in where it fails.
func openTable(in cells, format string, opts Options) (Reader, error) {
	reader, err := readHeads(in, format, opts)
	if err != nil {
		_ = in.Close()
		return nil, err
	}
	return reader, nil
}

func readHeads(in cells, format string, opts Options) (Reader, error) {
	var heads, first []string
	for range headRows {
		row, err := in.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if len(row) > opts.Limits.Values {
			return nil, &Fault{Code: TooManyValues, Expected: strconv.Itoa(opts.Limits.Values),
				Got: strconv.Itoa(len(row))}
		}
		if blankRow(row) {
			continue
		}
		if at := slices.IndexFunc(row, isWKT); at >= 0 && heads != nil {
			return newShapesTable(in, format, opts, heads, row, at)
		}
		if c := cornersOf(under(heads, row)); c != nil {
			return readCorners(in, c, format, opts)
		}
		if heads = slices.Clone(row); first == nil {
			first = heads
		}
	}
	return nil, &Fault{Code: TableHead, Words: said("table.heads"), Got: clip(strings.Join(first, ", "))}
}

// under are heads in two rows as one: a head is that of the lower row, else of the upper one.
func under(upper, lower []string) []string {
	heads := slices.Clone(lower)
	for i, head := range upper {
		if i >= len(heads) {
			heads = append(heads, head)
		} else if strings.TrimSpace(heads[i]) == "" {
			heads[i] = head
		}
	}
	return heads
}

func blankRow(row []string) bool {
	return !slices.ContainsFunc(row, func(s string) bool { return strings.TrimSpace(s) != "" })
}

var wktForm = regexp.MustCompile(`(?i)^\s*(?:SRID=(\d+);)?\s*(?:MULTI)?(?:POLYGON|POINT|LINESTRING)\s*(?:Z|M|ZM)?\s*(?:\(|EMPTY)`)

func isWKT(cell string) bool { return wktForm.MatchString(cell) }

func newShapesTable(in cells, format string, opts Options, heads, first []string, at int) (Reader, error) {
	t := &table{in: in, limits: opts.Limits, heads: heads, shapes: at, ahead: slices.Clone(first),
		info: Info{Format: format, Rows: -1}}
	for i, head := range heads {
		if i != at && strings.TrimSpace(head) != "" {
			t.info.Fields = append(t.info.Fields, strings.TrimSpace(head))
		}
	}
	if m := wktForm.FindStringSubmatch(first[at]); m[1] != "" {
		if crs, err := geo.ParseCRS(m[1]); err == nil {
			t.srid = crs.Code
			t.info.CRS, t.info.EPSG = "SRID="+m[1], int(crs.Code)
		}
	}
	return t, nil
}

func (t *table) Info() Info { return t.info }

func (t *table) Progress() (done, total int64) { return t.in.progress() }

func (t *table) Close() error { return t.in.Close() }

// Next implements Reader.
func (t *table) Next(ctx context.Context) (Row, error) {
	for {
		if err := ctx.Err(); err != nil {
			return Row{}, err
		}
		row := t.ahead
		if t.ahead = nil; row == nil {
			var err error
			if row, err = t.in.next(); err != nil {
				return Row{}, err
			}
		}
		if blankRow(row) {
			continue
		}
		t.number++
		return t.row(row), nil
	}
}

func (t *table) row(cells []string) Row {
	row := Row{Number: t.number}
	row.Values, row.Unread = valuesUnder(t.heads, cells, t.shapes)
	if len(cells) <= t.shapes || strings.TrimSpace(cells[t.shapes]) == "" {
		row.Fault = &Fault{Code: NoGeometry}
		return row
	}
	row.Shape, row.Fault = t.shape(cells[t.shapes])
	return row
}

// valuesUnder are a row's values by their heads; of two heads alike the first counts.
func valuesUnder(heads, cells []string, but ...int) (values map[string]string, unread map[string]*Fault) {
	values = map[string]string{}
	for i, cell := range cells {
		if i >= len(heads) || slices.Contains(but, i) {
			continue
		}
		head, text := strings.TrimSpace(heads[i]), strings.TrimSpace(cell)
		if _, again := values[head]; again || head == "" || text == "" {
			continue
		}
		if strings.ContainsAny(text, "\x00\ufffd") {
			if unread == nil {
				unread = map[string]*Fault{}
			}
			unread[head] = &Fault{Code: NotText, Field: clip(head), Expected: "UTF-8, GB18030",
				Got: strconv.QuoteToASCII(clip(text))}
			continue
		}
		values[head] = text
	}
	return values, unread
}

// deepestWKT is how many brackets are around a position of a MULTIPOLYGON.
const deepestWKT = 3

func (t *table) shape(text string) (Shape, *Fault) {
	if int64(len(text)) > t.limits.FeatureBytes {
		return Shape{}, &Fault{Code: FeatureTooLarge, Expected: fmt.Sprint(t.limits.FeatureBytes),
			Got: fmt.Sprint(len(text))}
	}
	m := wktForm.FindStringSubmatch(text)
	depth, deepest := 0, 0
	for _, c := range text {
		switch c {
		case '(':
			depth++
			deepest = max(deepest, depth)
		case ')':
			depth--
		}
	}
	bad := &Fault{Code: BadGeometry, Expected: "WKT", Got: clip(strconv.QuoteToASCII(clip(text)))}
	if m == nil || deepest > deepestWKT {
		return Shape{}, bad
	}
	if m[1] != "" {
		if t.srid != 0 && m[1] != strconv.Itoa(int(t.srid)) {
			return Shape{}, &Fault{Code: CRSOther, Field: "SRID", Expected: strconv.Itoa(int(t.srid)), Got: m[1]}
		}
		_, text, _ = strings.Cut(text, ";")
	}
	g, err := geom.UnmarshalWKT(strings.TrimSpace(text), geom.NoValidate{})
	if err != nil {
		bad.Got = clip(err.Error())
		return Shape{}, bad
	}
	return flatten(g.AsBinary(), t.limits.Points)
}

// corners are the columns of a table of corners; -1 for one that it doesn't have.
type corners struct {
	heads                          []string
	code, ring, point, north, east int
	// bare: the heads say X and Y alone. In tables of Chinese offices X is north; the numbers tell.
	bare bool
}

// Heads of a table of corners, in lower case without spaces, brackets and what stands in them.
var (
	codeHead  = regexp.MustCompile(`^(地块|宗地|图斑|parcel|plot|lot)?(编号|编码|代码|号|_?code|_?id|_?no|名称)$|^(地块|宗地|zddm|dkbh|dkbm)$`)
	ringHead  = regexp.MustCompile(`^(圈号|环号|圈|环|地块圈号|界址圈号|ring|ring_?(no|number)?|part)$`)
	pointHead = regexp.MustCompile(`^(点号|点名|界址点号|界址点|界址点名|拐点|拐点编号|拐点号|序号|顺序号|point|point_?(no|number|name|id)?|pt|vertex|corner)$`)
	northHead = regexp.MustCompile(`^(x?\(?(北|纵|北向|北方向)(坐标|向)?x?|北坐标|纵坐标x?|x纵坐标|northing|north|n|纬度|lat|latitude)$`)
	eastHead  = regexp.MustCompile(`^(y?\(?(东|横|东向|东方向)(坐标|向)?y?|东坐标|横坐标y?|y横坐标|easting|east|e|经度|lon|lng|long|longitude)$`)
	bareX     = regexp.MustCompile(`^(x|x坐标|坐标x|x值|x_?coord(inate)?|point_?x)$`)
	bareY     = regexp.MustCompile(`^(y|y坐标|坐标y|y值|y_?coord(inate)?|point_?y)$`)
	bracketed = regexp.MustCompile(`[(（\[【][^)）\]】]*[)）\]】]`)
)

// cornersOf finds the columns of corners in a row of heads; nil where it has none.
func cornersOf(row []string) *corners {
	c := &corners{heads: slices.Clone(row), code: -1, ring: -1, point: -1, north: -1, east: -1}
	x, y := -1, -1
	for i, head := range row {
		plain := strings.ToLower(strings.Join(strings.Fields(bracketed.ReplaceAllString(head, "")), ""))
		for _, kind := range []struct {
			form *regexp.Regexp
			at   *int
		}{{northHead, &c.north}, {eastHead, &c.east}, {bareX, &x}, {bareY, &y}, {ringHead, &c.ring},
			{pointHead, &c.point}, {codeHead, &c.code}} {
			if kind.form.MatchString(plain) {
				if *kind.at < 0 {
					*kind.at = i
				}
				break
			}
		}
	}
	switch {
	case c.north >= 0 && c.east >= 0:
	case x >= 0 && y >= 0:
		c.north, c.east, c.bare = x, y, true
	default:
		return nil
	}
	return c
}

// remark begins what stands below a table, or between its parcels.
var remark = regexp.MustCompile(`^(合计|总计|小计|共计|制表|填表|审核|备注|说明|注[:：]|total|sum|note)`)

// cornerForm is a number as tables write it.
var cornerForm = regexp.MustCompile(`^[+-]?\d{1,15}(\.\d*)?$`)

// cornerRow is a row of a table of corners.
type cornerRow struct {
	line int64 // of the table, from 1, its heads not counted
	ring string
	name string
	a, b string // northing and easting, or what the heads say they are
}

// tableParcel are the rows of one code.
type tableParcel struct {
	values map[string]string
	unread map[string]*Fault
	rows   []cornerRow
	fault  *Fault
}

// cornerTable gives the parcels of a table of corners.
type cornerTable struct {
	surveyText
	parcels []*tableParcel
}

// readCorners reads the whole table: the rows of a parcel need not stand together.
func readCorners(in cells, c *corners, format string, opts Options) (Reader, error) {
	parcels, err := c.gather(in, opts)
	if err != nil {
		return nil, err
	}
	east := c.bare && eastFirst(c, parcels)
	if east {
		for _, p := range parcels {
			for i := range p.rows {
				p.rows[i].a, p.rows[i].b = p.rows[i].b, p.rows[i].a
			}
		}
	}
	body, lines := exchangeText(parcels)
	text := surveytext.Read(body, surveytext.Options{CRS: opts.CRS, Figure: surveytext.Area})
	for i := range text.Faults {
		f := &text.Faults[i]
		if f.Parcel < 0 {
			for _, p := range parcels {
				if p.fault != nil {
					return nil, p.fault // said of a cell, which tells more
				}
			}
			return nil, tableFault(f, lines)
		}
	}
	t := &cornerTable{parcels: parcels, surveyText: surveyText{text: text, source: closer{in},
		points: opts.Limits.Points}}
	t.info = Info{Format: format, EPSG: int(text.CRS), Rows: int64(len(parcels))}
	for i, head := range c.heads {
		if !slices.Contains([]int{c.ring, c.point, c.north, c.east}, i) && strings.TrimSpace(head) != "" {
			t.info.Fields = append(t.info.Fields, strings.TrimSpace(head))
		}
	}
	north, southern := c.heads[c.north], c.heads[c.east]
	if east {
		north, southern = southern, north
	}
	t.info.Notes = append(t.info.Notes, geo.Say("note.north", "north", clip(north), "east", clip(southern)))
	for i, p := range parcels {
		if f := text.Of(i); f != nil && p.fault == nil {
			p.fault = tableFault(f, lines)
		}
	}
	return t, nil
}

// closer closes the cells of a table that was read to its end.
type closer struct{ cells }

func (c closer) Read([]byte) (int, error) { return 0, io.EOF }

func (c *corners) gather(in cells, opts Options) ([]*tableParcel, error) {
	var all []*tableParcel
	byCode := map[string]*tableParcel{}
	code := ""
	for line := int64(1); ; line++ {
		row, err := in.next()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		at := func(i int) string {
			if i < 0 || i >= len(row) {
				return ""
			}
			return strings.TrimSpace(row[i])
		}
		if len(all) == 0 && cornersOf(row) != nil { // the heads again, in another language
			line--
			continue
		}
		if at(c.north) == "" && at(c.east) == "" && (remark.MatchString(at(c.code)) ||
			at(c.code)+at(c.ring)+at(c.point) == "") {
			continue
		}
		if line > surveytext.MaxCorners {
			return nil, &Fault{Code: TooManyPoints, Expected: strconv.Itoa(surveytext.MaxCorners),
				Got: "> " + strconv.Itoa(surveytext.MaxCorners)}
		}
		if given := at(c.code); given != "" { // merged cells hold their text in the first row alone
			code = given
		}
		p := byCode[code]
		if p == nil {
			p = &tableParcel{}
			p.values, p.unread = valuesUnder(c.heads, row, c.ring, c.point, c.north, c.east)
			byCode[code], all = p, append(all, p)
		}
		p.add(cornerRow{line, ringNumber(at(c.ring)), at(c.point), at(c.north), at(c.east)}, c)
	}
}

// ringNumber reads a ring's number as tables write it; one for none.
func ringNumber(s string) string {
	if whole, fraction, ok := strings.Cut(s, "."); ok && strings.Trim(fraction, "0") == "" {
		s = whole
	}
	if s == "" {
		return "1"
	}
	return s
}

func (p *tableParcel) add(row cornerRow, c *corners) {
	for _, cell := range []struct{ head, text string }{{c.heads[c.north], row.a}, {c.heads[c.east], row.b}} {
		if !cornerForm.MatchString(cell.text) && p.fault == nil {
			p.fault = &Fault{Code: TableDamaged, Field: fmt.Sprintf("%d %s", row.line, cell.head),
				Where: said("place.table_cell", "row", row.line, "column", clip(cell.head)),
				Words: said("table.number"), Got: geo.Quoted(cell.text)}
		}
	}
	p.rows = append(p.rows, row)
}

// eastFirst reports whether bare X and Y are east and north: no head is Chinese, and the numbers can be nothing else.
// Chinese tables put north first; numbers that contradict it are refused.
func eastFirst(c *corners, parcels []*tableParcel) bool {
	if slices.ContainsFunc(c.heads, func(head string) bool {
		return strings.ContainsFunc(head, func(r rune) bool { return r > 0x2e80 })
	}) {
		return false
	}
	seen := false
	for _, p := range parcels {
		for _, row := range p.rows {
			x, errX := strconv.ParseFloat(row.a, 64)
			y, errY := strconv.ParseFloat(row.b, 64)
			if errX != nil || errY != nil {
				continue
			}
			if surveytext.NorthEast(x, y) || !surveytext.NorthEast(y, x) {
				return false
			}
			seen = true
		}
	}
	return seen
}

// exchangeText writes parcels as a survey's exchange text, and the table's row of each of its lines.
func exchangeText(parcels []*tableParcel) (body []byte, lines []int64) {
	var out strings.Builder
	write := func(line int64, format string, args ...any) {
		fmt.Fprintf(&out, format+"\n", args...)
		lines = append(lines, line)
	}
	write(0, "[地块坐标]")
	plain := strings.NewReplacer(",", " ", "，", " ", "@", " ", "=", " ", ";", " ", "；", " ", "\t", " ", "\n", " ",
		"\r", " ",
		"[", " ", "]", " ", "\ufffd", " ")
	for i, p := range parcels {
		first := int64(0)
		if len(p.rows) > 0 {
			first = p.rows[0].line
		}
		write(first, ",,%d,,面,,,,@", i+1)
		for _, row := range p.rows {
			if p.fault != nil { // it is refused for that: any ground will do
				continue
			}
			name := strings.TrimSpace(plain.Replace(row.name))
			write(row.line, "%s,%s,%s,%s", clip(name), plain.Replace(row.ring), row.a, row.b)
		}
	}
	return []byte(out.String()), lines
}

// tableFault is a survey's fault at the table's row.
func tableFault(f *surveytext.Fault, lines []int64) *Fault {
	fault := surveyFault(f)
	if f.Line >= 1 && f.Line <= len(lines) {
		row := lines[f.Line-1]
		fault.Field = fmt.Sprintf("%d %s", row, f.Field)
		fault.Where = said("place.table_cell", "row", row, "column", f.Field)
	}
	return fault
}

// Next implements Reader.
func (t *cornerTable) Next(ctx context.Context) (Row, error) {
	at := t.at
	row, err := t.surveyText.Next(ctx)
	if err != nil {
		return row, err
	}
	p := t.parcels[at]
	row.Values, row.Unread = p.values, p.unread
	if p.fault != nil {
		row.Fault, row.Shape = p.fault, Shape{}
	}
	return row, nil
}
