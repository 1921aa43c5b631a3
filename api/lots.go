package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"luodi/api/problem"
	"luodi/data/siting"
	"luodi/data/store"
	"luodi/geo"
	"luodi/geo/lot"
)

// LotsAsk asks for lots out of one parcel.
type LotsAsk struct {
	Park   string `json:"park"`
	Parcel string `json:"parcel" text:"code" doc:"Code of a free parcel."`
	siting.LotWish
}

type carving struct {
	Speaking
	Body LotsAsk
}

type lotsAnswer struct {
	Park     string      `json:"park"`
	Seq      int64       `json:"seq"`
	At       *time.Time  `json:"at" nullable:"true"`
	Parcel   string      `json:"parcel"`
	ParcelID uuid.UUID   `json:"parcel_id" format:"uuid"`
	Version  int64       `json:"version"`
	Status   string      `json:"status"`
	Lots     []lotAnswer `json:"lots" doc:"Best first."`
}

// lotAnswer is a lot that could be cut. Geometries are GeoJSON in EPSG:4490; the cut, given to a split as shape.line,
// makes the lot.
type lotAnswer struct {
	AreaM2      float64         `json:"area_m2" doc:"Computed, in the survey plane."`
	AreaMu      float64         `json:"area_mu"`
	FrontageM   float64         `json:"frontage_m"`
	Road        string          `json:"road" doc:"Code of the road it fronts."`
	DepthM      float64         `json:"depth_m"`
	WidthM      float64         `json:"width_m"`
	Compactness float64         `json:"compactness"`
	Score       float64         `json:"score"`
	RestM2      float64         `json:"rest_m2"`
	Geometry    json.RawMessage `json:"geometry"`
	Rest        json.RawMessage `json:"rest" doc:"Null where the whole parcel is taken."`
	Cut         json.RawMessage `json:"cut" doc:"Null where the cut is not one line."`
}

type assembling struct {
	Speaking
	Body struct {
		Park string `json:"park"`
		siting.AssemblyWish
	}
}

type assemblyAnswer struct {
	Park   string     `json:"park"`
	Seq    int64      `json:"seq"`
	At     *time.Time `json:"at" nullable:"true"`
	Proven bool       `json:"proven" doc:"No better sets exist."`
	Sets   []assembly `json:"sets" doc:"The fewest parcels first, then the nearest to the least area."`
}

type assembly struct {
	AreaM2  float64     `json:"area_m2" doc:"Legal area."`
	AreaMu  float64     `json:"area_mu"`
	Parcels []uuid.UUID `json:"parcels"`
	Codes   []string    `json:"codes"`
}

const m2PerMu = 10000.0 / 15

func (d *domain) addLots() {
	weigh(d, http.MethodPost, "/api/carve", "carve", d.carve)
	weigh(d, http.MethodPost, "/api/assemble", "assemble", d.assemble)
}

func (d *domain) carve(ctx context.Context, in *carving) (*lotsAnswer, error) {
	q := in.Body
	out := &lotsAnswer{Park: q.Park, Lots: []lotAnswer{}}
	var offers []siting.LotOffer
	err := d.matcher.Read(ctx, q.Park, !d.sees(ctx, q.Park), func(s *siting.Sites) error {
		row := s.Row(q.Parcel)
		if row < 0 {
			return &store.Missing{Kind: "parcel", Name: q.Parcel}
		}
		out.Seq, out.At = s.Seq()
		p := &s.Places[row]
		out.Parcel, out.ParcelID, out.Version, out.Status = p.Code, p.ID, p.Version, p.Status
		var err error
		offers, err = s.Carve(row, q.LotWish)
		return err
	})
	if err != nil {
		return nil, unlotted(err)
	}
	for _, o := range offers {
		one := lotAnswer{AreaM2: o.AreaM2, AreaMu: o.AreaM2 / m2PerMu, FrontageM: o.Frontage.LengthM, Road: o.Road,
			DepthM: o.DepthM, WidthM: o.WidthM,
			Compactness: o.Compactness, Score: o.Score, RestM2: o.RestM2}
		if one.Geometry, err = d.geojson(ctx, q.Park, o.Lot); err != nil {
			return nil, err
		}
		if one.Rest, err = d.geojson(ctx, q.Park, o.Rest); err != nil {
			return nil, err
		}
		if one.Cut, err = d.geojson(ctx, q.Park, o.Line); err != nil {
			return nil, err
		}
		out.Lots = append(out.Lots, one)
	}
	return out, nil
}

// unlotted tells a lot that isn't to be had as a requirement that can't be met, in the reader's language.
func unlotted(err error) error {
	var refused *lot.Refused
	if errors.As(err, &refused) {
		return &problem.Request{Kind: problem.InvalidRequirement, Invalid: &refused.Invalid}
	}
	return err
}

// geojson draws a shape of the survey plane in degrees, null where there is none.
func (d *domain) geojson(ctx context.Context, park string, g orb.Geometry) (json.RawMessage, error) {
	switch g := g.(type) {
	case orb.LineString:
		if len(g) == 0 {
			return json.RawMessage("null"), nil
		}
		line, err := d.ledger.Degrees(ctx, park, g)
		if err != nil {
			return nil, err
		}
		return json.Marshal(map[string]any{"type": "LineString", "coordinates": line})
	case orb.Polygon:
		if len(g) == 0 {
			return json.RawMessage("null"), nil
		}
		rings := make([][][2]float64, len(g))
		for i, ring := range g {
			var err error
			if rings[i], err = d.ledger.Degrees(ctx, park, ring); err != nil {
				return nil, err
			}
		}
		return json.Marshal(map[string]any{"type": "Polygon", "coordinates": rings})
	}
	return nil, geo.NewInvalid("geometry", "shape.polygon_or_line", g.GeoJSONType())
}

func (d *domain) assemble(ctx context.Context, in *assembling) (*assemblyAnswer, error) {
	q := in.Body
	out := &assemblyAnswer{Park: q.Park, Sets: []assembly{}}
	err := d.matcher.Read(ctx, q.Park, !d.sees(ctx, q.Park), func(s *siting.Sites) error {
		out.Seq, out.At = s.Seq()
		offers, proven, err := s.Assemble(q.AssemblyWish)
		out.Proven = proven
		for _, o := range offers {
			out.Sets = append(out.Sets, assembly{o.AreaM2, o.AreaM2 / m2PerMu, o.IDs, o.Codes})
		}
		return err
	})
	if err != nil {
		return nil, unlotted(err)
	}
	return out, nil
}
