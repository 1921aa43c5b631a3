package api

import (
	"context"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"luodi/data/feed"
	"luodi/data/ledger"
	"luodi/data/store"
)

type recordList struct {
	Records []ledger.Record `json:"records"`
}

type listingRecords struct {
	InPark
	Before int64 `query:"before" minimum:"1" doc:"Records before this number; the newest without it."`
	Limit  int   `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type inRecord struct {
	InPark
	Seq string `path:"seq" doc:"The record's number."`
}

type allotmentList struct {
	Allotments []ledger.Allotment `json:"allotments"`
}

type listingAllotments struct {
	InPark
	State   string    `query:"state" enum:"live,hold,reserved,supplied,built,ended" default:"live" doc:"live: all that have not ended."`
	Project uuid.UUID `query:"project" format:"uuid" doc:"Those of a project."`
}

type inAllotment struct {
	InPark
	ID string `path:"id" format:"uuid" doc:"The right's id."`
}

// addHistory adds what planners read: records, lineage, rights and the desk's feeds.
func (d *domain) addHistory(r chi.Router) {
	const park = "/api/parks/{park}"
	desk(d, deskRoute{http.MethodGet, park + "/records", "records", http.StatusOK}, d.listRecords)
	desk(d, deskRoute{http.MethodGet, park + "/records/{seq}", "record", http.StatusOK}, d.readRecord)
	desk(d, deskRoute{http.MethodGet, park + "/parcels/{id}/history", "parcel.history", http.StatusOK}, d.readHistory)
	desk(d, deskRoute{http.MethodGet, park + "/allotments", "allotments", http.StatusOK}, d.listAllotments)
	desk(d, deskRoute{http.MethodGet, park + "/allotments/{id}", "allotment", http.StatusOK}, d.readAllotment)
	desk(d, deskRoute{http.MethodGet, park + "/desk/{collection}/{id}", "desk.object", http.StatusOK}, d.readObject)
	d.addDeskGeoJSON(r)
}

func (d *domain) listRecords(ctx context.Context, in *listingRecords) (int, recordList, error) {
	if _, _, err := d.inPark(ctx, in.Park); err != nil {
		return 0, recordList{}, err
	}
	all, err := d.ledger.Records(ctx, in.Park, in.Before, in.Limit)
	return 0, recordList{all}, err
}

func (d *domain) readRecord(ctx context.Context, in *inRecord) (int, *ledger.RecordDetail, error) {
	if _, _, err := d.inPark(ctx, in.Park); err != nil {
		return 0, nil, err
	}
	seq, err := strconv.ParseInt(in.Seq, 10, 64)
	if err != nil {
		return 0, nil, &store.Missing{Kind: "record", Name: in.Seq}
	}
	one, err := d.ledger.RecordDetail(ctx, in.Park, seq)
	return 0, one, err
}

func (d *domain) readHistory(ctx context.Context, in *InParcel) (int, *ledger.ParcelHistory, error) {
	if _, _, err := d.inPark(ctx, in.Park); err != nil {
		return 0, nil, err
	}
	id, err := parseID("parcel", in.ID)
	if err != nil {
		return 0, nil, err
	}
	h, err := d.ledger.ParcelHistory(ctx, in.Park, id)
	return 0, h, err
}

func (d *domain) listAllotments(ctx context.Context, in *listingAllotments) (int, allotmentList, error) {
	if _, _, err := d.inPark(ctx, in.Park); err != nil {
		return 0, allotmentList{}, err
	}
	var of *uuid.UUID
	if in.Project != uuid.Nil {
		of = &in.Project
	}
	all, err := d.ledger.Allotments(ctx, in.Park, in.State, of)
	return 0, allotmentList{all}, err
}

func (d *domain) readAllotment(ctx context.Context, in *inAllotment) (int, *ledger.AllotmentDetail, error) {
	if _, _, err := d.inPark(ctx, in.Park); err != nil {
		return 0, nil, err
	}
	id, err := parseID("allotment", in.ID)
	if err != nil {
		return 0, nil, err
	}
	one, err := d.ledger.Allotment(ctx, in.Park, id)
	return 0, one, err
}

type inObject struct {
	InPark
	Collection thingID `path:"collection" doc:"What kind of thing it is."`
	ID         string  `path:"id" format:"uuid" doc:"Its id."`
}

// thingID is a collection of things beside the parcels: one of those that feed lists.
type thingID string

// Schema lists the collections.
func (thingID) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Enum: enumOf(feed.ThingIDs())}
}

// readObject reads a zone, plan unit or network, public or not, live or retired.
func (d *domain) readObject(ctx context.Context, in *inObject) (int, *ledger.ObjectDetail, error) {
	if _, _, err := d.inPark(ctx, in.Park); err != nil {
		return 0, nil, err
	}
	id, err := parseID("feature", in.ID)
	if err != nil {
		return 0, nil, err
	}
	one, err := d.ledger.ObjectDetail(ctx, in.Park, string(in.Collection), id)
	return 0, one, err
}
