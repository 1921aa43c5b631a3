package api

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"luodi/api/auth"
	"luodi/api/ogc"
	"luodi/api/page"
	"luodi/api/paper"
	"luodi/api/request"
	"luodi/data/feed"
	"luodi/data/outlet"
	"luodi/data/store"
	"luodi/data/store/ewkb"
	"luodi/geo"
	"luodi/message"
)

type plattedParcel struct {
	InParcel
	Sheet string `query:"sheet" enum:"a4,a3" default:"a4" doc:"The size of the sheet: A4 upright or A3 lying."`
}

// platMost is how many boundary points a plan may have.
const platMost = 2000

// addPlat adds the plan of a parcel (宗地图) as a PDF.
func (d *domain) addPlat() {
	const id, path = "parcel.plat", "/api/parks/{park}/parcels/{id}/plat.pdf"
	huma.Register(d.api, huma.Operation{
		OperationID: id, Method: http.MethodGet, Path: path, Summary: docsText(id), Tags: []string{"desk"},
		Middlewares: huma.Middlewares{strict, auth.Guarded(id)},
		Responses: map[string]*huma.Response{"200": {Description: "The plan", Content: map[string]*huma.MediaType{
			"application/pdf": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}},
		Errors: []int{http.StatusBadRequest, http.StatusNotFound, http.StatusServiceUnavailable},
	}, d.plat)
	delete(d.api.OpenAPI().Paths[path].Get.Responses, "422")
}

// plat draws the plan of a parcel as the public sees it.
func (d *domain) plat(ctx context.Context, in *plattedParcel) (*paperFile, error) {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	r, ok := ctx.Value(requestKey{}).(*http.Request)
	if !ok {
		return nil, errors.New("the route lacks its middleware")
	}
	id, err := parseID("parcel", in.ID)
	if err != nil {
		return nil, err
	}
	press, err := d.press()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &store.Missing{Kind: "client", Name: "pdf"}
	}
	if err != nil {
		return nil, err
	}
	leave, err := d.enterFiles(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	lang := speaks(ctx)
	p := &platting{lang: lang, a3: in.Sheet == "a3"}
	out := &paperFile{Type: "application/pdf", Cache: "no-cache", Policy: alone}
	err = d.feed.View(ctx, func(v *feed.View) error {
		park, err := v.Park(ctx, in.Park)
		if err != nil {
			return err
		}
		out.ETag = request.Tag(park.Stamp(), d.version, "plat", in.ID, in.Sheet, string(lang))
		if request.Holds(r.Header.Get("If-None-Match"), out.ETag) {
			return &unchanged{out.ETag}
		}
		return p.read(ctx, v, in.Park, id)
	})
	if err != nil {
		return nil, err
	}
	out.Disposition = mime.FormatMediaType("inline", map[string]string{"filename": p.title() + ".pdf"})
	out.Body, _, err = press.PlatPDF(p.plan(), paper.About{Lang: lang, At: p.park.At})
	return out, err
}

// PlatAsk asks for the plan of a parcel (宗地图).
type PlatAsk struct {
	Park   string
	Parcel string // its code, or its id
	A3     bool   // lying; else A4 upright
	Lang   message.Lang
}

// WritePlat draws the plan of a parcel as the public sees it, as PDF. files are those of the page, which has the type.
func WritePlat(ctx context.Context, v *feed.View, files fs.FS, ask PlatAsk) ([]byte, error) {
	press, err := paper.Load(files)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &store.Missing{Kind: "client", Name: "pdf"}
	}
	if err != nil {
		return nil, err
	}
	id, err := uuid.Parse(ask.Parcel)
	if err != nil {
		if id, err = publicParcel(ctx, v, ask.Park, ask.Parcel); err != nil {
			return nil, err
		}
	}
	p := &platting{lang: ask.Lang, a3: ask.A3}
	if err := p.read(ctx, v, ask.Park, id); err != nil {
		return nil, err
	}
	body, _, err := press.PlatPDF(p.plan(), paper.About{Lang: ask.Lang, At: p.park.At})
	return body, err
}

// publicParcel finds a parcel by its code.
func publicParcel(ctx context.Context, v *feed.View, park, code string) (uuid.UUID, error) {
	rows, err := v.Features(ctx, &feed.Query{Collection: feed.Parcels(), Park: park, Limit: 1,
		Equal: []feed.Equal{{Property: feed.Parcels().Property("code"), Value: code}}})
	if err != nil {
		return uuid.Nil, err
	}
	defer rows.Close()
	if !rows.Next() {
		return uuid.Nil, errors.Join(rows.Err(), &store.Missing{Kind: "parcel", Name: code})
	}
	return rows.ID(), nil
}

// platting gathers what the plan of a parcel says.
type platting struct {
	lang   message.Lang
	a3     bool
	park   *feed.Park
	facts  *feed.ParcelFacts
	code   string
	status string
	rings  [][]orb.Point // each corner once
	around []paper.Outline
	crs    geo.CRS
}

func (p *platting) text(key string, args ...any) string { return message.Text(p.lang, key, args...) }

func (p *platting) title() string { return p.text("outlet.plat") + " " + p.code }

// read reads the parcel, and what lies around it.
func (p *platting) read(ctx context.Context, v *feed.View, park string, id uuid.UUID) (err error) {
	if p.park, err = v.ParkFacts(ctx, park); err != nil {
		return err
	}
	if p.facts, err = v.ParcelFacts(ctx, park, id); err != nil {
		return err
	}
	var own struct{ Code, Status string }
	if err := json.Unmarshal(p.facts.Properties, &own); err != nil {
		return err
	}
	p.code, p.status, p.crs = own.Code, own.Status, geo.CRS{Code: p.park.SurveyCRS}
	projection, known := p.crs.Projection()
	if !known {
		return geo.NewInvalid("crs", "outlet.crs_zone", p.crs.Code, "format", p.text("outlet.plat"))
	}
	box := p.facts.BBox
	wide, high := box[2]-box[0], box[3]-box[1]
	around := &geo.BBox{West: box[0] - wide, South: box[1] - high, East: box[2] + wide, North: box[3] + high}
	rows, err := v.Features(ctx, &feed.Query{Collection: feed.Parcels(), Park: park, Box: around, Limit: 500})
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		shape, _, err := ewkb.Decode(rows.Shape())
		polygon, is := shape.(orb.Polygon)
		if err != nil || !is {
			return errors.Join(errors.New("a parcel that is no polygon"), err)
		}
		for _, ring := range polygon {
			for i := range ring {
				ring[i] = projection.Forward(ring[i])
			}
		}
		if rows.ID() == id {
			for _, ring := range polygon {
				p.rings = append(p.rings, outlet.Corners(ring, p.crs.Decimals()))
			}
			continue
		}
		p.around = append(p.around, neighbour(polygon, rows))
	}
	if err := rows.Err(); err != nil {
		return err
	}
	n := 0
	for _, ring := range p.rings {
		n += len(ring)
	}
	if n == 0 || n > platMost {
		return geo.NewInvalid("id", "outlet.too_many_corners", n, "n", platMost)
	}
	return nil
}

func neighbour(polygon orb.Polygon, rows *feed.Features) paper.Outline {
	o := paper.Outline{At: page.Point(geo.PointInside(polygon))}
	_ = json.Unmarshal(rows.AppendProperty(nil, "code"), &o.Name) // the feed prints a text
	for _, ring := range polygon {
		points := make([]page.Point, len(ring)-1)
		for i := range points {
			points[i] = page.Point(ring[i])
		}
		o.Rings = append(o.Rings, points)
	}
	return o
}

// plan is the plan in words and positions.
func (p *platting) plan() *paper.Plat {
	name := p.park.NameZH
	if p.lang == message.EN {
		name = p.park.NameEN
	}
	day := time.Now()
	if p.park.At != nil {
		day = *p.park.At
	}
	of := &paper.Plat{Title: p.title(), Lead: name, Around: p.around, A3: p.a3, Class: p.status,
		North: p.text("api.sheet.north"), Facts: p.said(),
		Scale:  func(n int) string { return p.text("outlet.plat.scale", "n", n) },
		Legend: [3]string{p.text("outlet.plat.parcel"), p.text("outlet.plat.around"), p.text("outlet.points.point")},
		Head: []string{p.text("outlet.points.point"), p.text("outlet.points.north"), p.text("outlet.points.east"),
			p.text("outlet.plat.side")}}
	n := 0
	for _, ring := range p.rings {
		points := make([]page.Point, len(ring))
		for i, at := range ring {
			n++
			points[i] = page.Point(at)
			next := ring[(i+1)%len(ring)]
			of.Points = append(of.Points, []string{"J" + strconv.Itoa(n), metres(at[1]), metres(at[0]),
				metres(math.Hypot(next[0]-at[0], next[1]-at[1]))})
		}
		of.Rings = append(of.Rings, points)
	}
	of.Notes = []string{p.text("outlet.plat.system", "crs", p.crs.Code, "day", day.UTC().Format(time.DateOnly)),
		p.text("outlet.plat.note")}
	if p.park.Illustrative {
		of.Notes = append(of.Notes, p.text("outlet.plat.illustrative"))
	}
	return of
}

func metres(x float64) string { return strconv.FormatFloat(x, 'f', 3, 64) }

// platted are the properties that a plan tells, in its order.
var platted = []string{"code", "cadastral_no", "estate_unit_no", "zone", "land_use", "status", "legal_m2", "legal_mu",
	"computed_m2"}

// said are the facts of the parcel and the conditions of its plan unit.
func (p *platting) said() [][2]string {
	var properties map[string]json.RawMessage
	_ = json.Unmarshal(p.facts.Properties, &properties) // it was read before
	var all [][2]string
	add := func(of *feed.Property, raw json.RawMessage) {
		if of != nil && len(raw) > 0 && string(raw) != "null" {
			all = append(all, [2]string{ogc.PropertyTitle(of, p.lang), ogc.PropertyCell(p.lang, of, raw).Text})
		}
	}
	for _, name := range platted {
		add(feed.Parcels().Property(name), properties[name])
	}
	if unit := p.facts.PlanUnit; unit != nil {
		if of, err := feed.FindCollection("plan-units"); err == nil {
			add(of.Property("conditions"), unit.Conditions)
			add(of.Property("edition"), feed.AppendJSONString(nil, unit.Edition))
		}
	}
	return all
}
