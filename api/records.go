package api

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"luodi/api/auth"
	"luodi/api/problem"
	"luodi/data"
)

// ordered is the body of a change: a command, and why it is made.
type ordered struct {
	data.Command
	Reason    string          `json:"reason" minLength:"1" maxLength:"2000"`
	Documents []data.Document `json:"documents,omitempty" maxItems:"50"`
}

type ordering struct {
	InPark
	Keyed
	Preview bool   `query:"preview" doc:"Do everything, check everything, keep nothing."`
	IfMatch string `header:"If-Match" doc:"The version that was seen, in quotes, where the command has one parcel or right."`
	Body    ordered
}

// done is what an order gave: an outcome, or a proposal that waits for a second person.
type done struct {
	outcome  *data.Outcome
	proposal *data.Proposal
}

// MarshalJSON gives the one there is.
func (o done) MarshalJSON() ([]byte, error) {
	if o.proposal != nil {
		return json.Marshal(o.proposal)
	}
	return json.Marshal(o.outcome)
}

// Schema is either's.
func (o done) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{OneOf: []*huma.Schema{r.Schema(reflect.TypeFor[data.Outcome](), true, ""), r.Schema(reflect.TypeFor[data.Proposal](), true, "")}}
}

func (d *domain) addRecords() {
	const path = "/api/parks/{park}/records"
	desk(d, deskRoute{http.MethodPost, path, "records.create", http.StatusCreated}, d.order)
	post := d.api.OpenAPI().Paths[path].Post
	post.RequestBody.Content["application/json"].Examples = orderExamples
	made := post.Responses["201"]
	post.Responses["200"] = &huma.Response{Description: "What a preview would do", Content: made.Content}
	post.Responses["202"] = &huma.Response{Description: "A proposal that waits for a second person", Content: made.Content}
}

// order carries out a command, previews it, or proposes it where a second person must approve.
func (d *domain) order(ctx context.Context, in *ordering) (int, *kept[done], error) {
	who, err := d.inPark(ctx, auth.Change, in.Park)
	if err != nil {
		return 0, nil, err
	}
	o := data.Order{Park: in.Park, Command: in.Body.Command, Reason: in.Body.Reason, Documents: in.Body.Documents, By: who.Account, Via: d.via()}
	if err := conditional(&o, in.IfMatch, who.Unlocked); err != nil {
		return 0, nil, err
	}
	if in.Preview {
		out, err := d.store.Preview(ctx, o)
		return http.StatusOK, &kept[done]{fresh: done{outcome: &out}}, d.located(ctx, in.Park, err)
	}
	once, err := in.once(ctx, who, in.Body, in.IfMatch)
	if err != nil {
		return 0, nil, err
	}
	return again(ctx, d, once, func() (int, done, error) {
		if data.NeedsTwo(o.Command.Kind) {
			p, err := d.store.Propose(ctx, o, once)
			return http.StatusAccepted, done{proposal: &p}, d.located(ctx, in.Park, err)
		}
		out, err := d.store.Ordered(ctx, o, once)
		return http.StatusCreated, done{outcome: &out}, d.located(ctx, in.Park, err)
	})
}

// conditional sees to it that each parcel and right of an order has the version that was seen: the body's, or that of If-Match where there is one subject.
// Only a token that may write unlocked leaves versions out, and not of what must wait for a second person.
func conditional(o *data.Order, header string, unlocked bool) error {
	version, err := matched(header)
	if err != nil {
		return err
	}
	c := &o.Command
	refs := make([]*data.Ref, 0, len(c.Parcels)+1)
	for i := range c.Parcels {
		refs = append(refs, &c.Parcels[i])
	}
	if c.Allotment != nil {
		refs = append(refs, c.Allotment)
	}
	if version > 0 {
		if len(refs) != 1 || (refs[0].Version != 0 && refs[0].Version != version) {
			return &problem.Request{Kind: problem.InvalidParameter, Field: "If-Match", Expected: "api.expected.If-Match", Got: header}
		}
		refs[0].Version = version
	}
	for _, ref := range refs {
		if ref.Version != 0 {
			continue
		}
		if !unlocked || data.NeedsTwo(c.Kind) {
			return &problem.Request{Kind: problem.Unconditional, Field: "version", Expected: "api.expected.version", Got: ref.ID.String()}
		}
		o.Unlocked = true
	}
	return nil
}

const (
	parcelExample  = "01900000-0000-7000-8000-00000000000a"
	projectExample = "01900000-0000-7000-8000-00000000000b"
)

// orderExamples shows the kinds of commands that differ in what they take.
var orderExamples = map[string]*huma.Example{
	"hold": {Summary: "Hold a parcel for a project", Value: map[string]any{"kind": "hold", "reason": "意向协议", "project": projectExample, "until": "2027-01-31T16:00:00Z",
		"parcels": []any{map[string]any{"id": parcelExample, "version": 7}}}},
	"release": {Summary: "Propose to release reserve land", Value: map[string]any{"kind": "release", "reason": "年度供地计划", "parcels": []any{map[string]any{"id": parcelExample, "version": 7}}}},
	"supply": {Summary: "Propose to supply reserved land", Value: map[string]any{"kind": "supply", "reason": "挂牌成交", "allotment": map[string]any{"id": parcelExample, "version": 9},
		"terms": map[string]any{"supply_mode": "listing", "term_years": 50, "commitments": map[string]any{"investment_per_mu": 300}}}},
	"split": {Summary: "Split 60 mu off", Value: map[string]any{"kind": "split", "reason": "按需供地", "parcels": []any{map[string]any{"id": parcelExample, "version": 7}},
		"shape": map[string]any{"area_mu": 60, "bearing": 90, "side": "left", "codes": []any{"A-1", "A-2"}}}},
	"merge": {Summary: "Merge parcels, deciding what differs", Value: map[string]any{"kind": "merge", "reason": "整体开发",
		"parcels": []any{map[string]any{"id": parcelExample, "version": 7}, map[string]any{"id": projectExample, "version": 8}},
		"shape":   map[string]any{"codes": []any{"A"}, "decision": map[string]any{"land_use": "100102"}}}},
}

// parseID reads the id of a path; what is no UUID names nothing.
func parseID(kind, text string) (uuid.UUID, error) {
	id, err := uuid.Parse(text)
	if err != nil {
		return id, &data.Missing{Kind: kind, Name: text}
	}
	return id, nil
}
