package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"luodi/api/ogc"
	"luodi/data/feed"
	"luodi/data/store"
	"luodi/message"
)

// InParcel names a parcel of a park by its id.
type InParcel struct {
	InPark
	ID string `path:"id" doc:"The parcel's id." format:"uuid"`
}

// parcelFacts is a parcel's properties in the feed and what else is known of it, as one object.
type parcelFacts struct {
	properties json.RawMessage
	parcelMore
}

type parcelMore struct {
	ID         string               `json:"id" format:"uuid"`
	BBox       []float64            `json:"bbox" minItems:"4" maxItems:"4"`
	Point      []float64            `json:"point" minItems:"2" maxItems:"2" doc:"Longitude and latitude of a point inside."`
	ZoneNameZH *string              `json:"zone_name_zh" nullable:"true"`
	ZoneNameEN *string              `json:"zone_name_en" nullable:"true"`
	PlanUnit   *feed.ParcelPlanUnit `json:"plan_unit" doc:"Null where no plan unit covers the point."`
	AreaNote   *string              `json:"area_note" nullable:"true" doc:"Set when the legal and the computed area differ by over 1 %."`
	Neighbours []feed.Neighbour     `json:"neighbours"`
	Papers     []feed.Paper         `json:"papers" doc:"Photos and documents that are public: photos first, each the newest first."`
}

// MarshalJSON joins both objects.
func (f *parcelFacts) MarshalJSON() ([]byte, error) {
	more, err := json.Marshal(f.parcelMore)
	if err != nil {
		return nil, err
	}
	joined := append(bytes.TrimSuffix(bytes.Clone(f.properties), []byte("}")), ',')
	return append(joined, more[1:]...), nil
}

// Schema joins both descriptions.
func (f *parcelFacts) Schema(r huma.Registry) *huma.Schema {
	schema := huma.SchemaFromType(r, reflect.TypeFor[parcelMore]())
	for i := range feed.Parcels().Properties {
		p := &feed.Parcels().Properties[i]
		property := &huma.Schema{Type: jsonType(p.Kind), Nullable: p.Nullable,
			Description: ogc.PropertyTitle(p, message.EN)}
		for _, value := range p.Values {
			property.Enum = append(property.Enum, value)
		}
		schema.Properties[p.Name] = property
		schema.Required = append(schema.Required, p.Name)
	}
	return schema
}

func jsonType(kind feed.Kind) string {
	switch kind {
	case feed.Integer:
		return huma.TypeInteger
	case feed.Boolean:
		return huma.TypeBoolean
	case feed.Number, feed.Decimal, feed.Mu:
		return huma.TypeNumber
	case feed.Object:
		return huma.TypeObject
	}
	return huma.TypeString
}

// noteAbove is by how much the legal and the computed area may differ without a note (docs/feeds.md).
const noteAbove = 0.01

func (d *domain) addParcels() {
	get(d, "/api/parks/{park}/parcels/{id}", "parcel",
		func(ctx context.Context, v *feed.View, in *InParcel) (*parcelFacts, error) {
			if _, err := v.Park(ctx, in.Park); err != nil {
				return nil, err
			}
			id, err := uuid.Parse(in.ID)
			if err != nil {
				return nil, &store.Missing{Kind: "parcel", Name: in.ID}
			}
			p, err := v.ParcelFacts(ctx, in.Park, id)
			if err != nil {
				return nil, err
			}
			papers, err := v.Papers(ctx, feed.PublicPapers, in.Park, id)
			if err != nil {
				return nil, err
			}
			return &parcelFacts{p.Properties, parcelMore{
				ID: p.ID, BBox: p.BBox, Point: p.Point, ZoneNameZH: p.ZoneNameZH, ZoneNameEN: p.ZoneNameEN,
				PlanUnit: p.PlanUnit,
				AreaNote: areaNote(p, speaks(ctx)), Neighbours: p.Neighbours, Papers: papers,
			}}, nil
		})
}

// areaNote warns of a legal area that the shape doesn't bear out; nil when there is no need.
func areaNote(p *feed.ParcelFacts, lang message.Lang) *string {
	off := p.ComputedM2/p.LegalM2 - 1
	if math.Abs(off) <= noteAbove {
		return nil
	}
	note := message.Text(lang, "api.area_note", "percent", fmt.Sprintf("%+.2f", off*100))
	return &note
}
