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
	"luodi/data/ledger"
	"luodi/data/store"
)

// ordered is the body of a change: a command, and why it is made.
type ordered struct {
	ledger.Command
	Reason    string            `json:"reason" minLength:"1" maxLength:"2000" text:"prose"`
	Documents []ledger.Document `json:"documents,omitempty" maxItems:"50"`
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
	outcome  *ledger.Outcome
	proposal *ledger.Proposal
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
	return &huma.Schema{OneOf: []*huma.Schema{r.Schema(reflect.TypeFor[ledger.Outcome](), true, ""),
		r.Schema(reflect.TypeFor[ledger.Proposal](), true, "")}}
}

func (d *domain) addRecords() {
	const path = "/api/parks/{park}/records"
	const most = 12 << 20 // a paper's file in Base64, and the rest
	deskOf(d, deskRoute{http.MethodPost, path, "records.create", http.StatusCreated}, most, d.order)
	post := d.api.OpenAPI().Paths[path].Post
	post.RequestBody.Content["application/json"].Examples = orderExamples
	made := post.Responses["201"]
	post.Responses["200"] = &huma.Response{Description: "What a preview would do", Content: made.Content}
	post.Responses["202"] = &huma.Response{Description: "A proposal that waits for a second person",
		Content: made.Content}
}

// order carries out a command, previews it, or proposes it where a second person must approve.
func (d *domain) order(ctx context.Context, in *ordering) (int, *kept[done], error) {
	who, park, err := d.inPark(ctx, in.Park)
	if err != nil {
		return 0, nil, err
	}
	if err := d.forProject(ctx, &in.Body.Command); err != nil {
		return 0, nil, err
	}
	if in.Body.Kind == "settings" {
		if err := who.MayBy(auth.Asked(ctx).As("settings"), park); err != nil {
			return 0, nil, err
		}
	}
	o := ledger.Order{Park: in.Park, Command: in.Body.Command, Reason: in.Body.Reason, Documents: in.Body.Documents,
		By: who.Account, Via: d.via()}
	if err := conditional(&o, in.IfMatch, who.Unlocked(park)); err != nil {
		return 0, nil, err
	}
	if in.Preview {
		out, err := d.ledger.Preview(ctx, o)
		return http.StatusOK, &kept[done]{fresh: done{outcome: &out}}, d.located(ctx, in.Park, err)
	}
	once, err := in.once(ctx, who, in.Body, in.IfMatch)
	if err != nil {
		return 0, nil, err
	}
	return again(ctx, d, once, func() (int, done, error) {
		if ledger.NeedsTwo(o.Command.Kind) {
			p, err := d.ledger.Propose(ctx, o, once)
			return http.StatusAccepted, done{proposal: &p}, d.located(ctx, in.Park, err)
		}
		out, err := d.ledger.Ordered(ctx, o, once)
		return http.StatusCreated, done{outcome: &out}, d.located(ctx, in.Park, err)
	})
}

// forProject looks that the projects which an order names are one's business: a right in one's own park would make any
// of them so.
func (d *domain) forProject(ctx context.Context, c *ledger.Command) error {
	named := []*uuid.UUID{c.Project}
	if c.Then != nil {
		named = append(named, c.Then.Project)
	}
	for _, id := range named {
		if id == nil {
			continue
		}
		_, of, err := d.business(ctx, auth.Asked(ctx).As("for a project"), "")
		if err != nil {
			return err
		}
		if _, err := d.registry.Project(ctx, of, *id); err != nil {
			return err
		}
	}
	return nil
}

// conditional makes an order conditional: each subject must carry the version that the caller saw, from the body or,
// for a single subject, from If-Match. Only a token with the right to write unlocked may omit versions, and not for
// an order that needs a second person.
func conditional(o *ledger.Order, header string, unlocked bool) error {
	version, err := matched(header)
	if err != nil {
		return err
	}
	seen := statedVersions(&o.Command)
	if version > 0 {
		if len(seen) != 1 || (*seen[0].version != 0 && *seen[0].version != version) {
			return &problem.Request{Kind: problem.InvalidParameter, Field: "If-Match",
				Expected: "api.expected.If-Match", Got: header}
		}
		*seen[0].version = version
	}
	for _, s := range seen {
		if *s.version != 0 {
			continue
		}
		if !unlocked || ledger.NeedsTwo(o.Command.Kind) {
			return &problem.Request{Kind: problem.Unconditional, Field: "version", Expected: "api.expected.version",
				Got: s.id.String()}
		}
		o.Unlocked = true
	}
	return nil
}

// stated is the version that a command states of something it acts on.
type stated struct {
	id      uuid.UUID
	version *int64
}

// statedVersions lists the objects that a command acts on, with their versions: parcels, a right, and a zone, plan
// unit or network. An object to be created has none.
func statedVersions(c *ledger.Command) []stated {
	seen := make([]stated, 0, len(c.Parcels)+1)
	for i := range c.Parcels {
		seen = append(seen, stated{c.Parcels[i].ID, &c.Parcels[i].Version})
	}
	if c.Allotment != nil {
		seen = append(seen, stated{c.Allotment.ID, &c.Allotment.Version})
	}
	if c.Object != nil && c.Object.ID != nil {
		seen = append(seen, stated{*c.Object.ID, &c.Object.Version})
	}
	return seen
}

const (
	parcelExample  = "01900000-0000-7000-8000-00000000000a"
	projectExample = "01900000-0000-7000-8000-00000000000b"
)

// orderExamples shows the kinds of commands that differ in what they take.
var orderExamples = map[string]*huma.Example{
	"hold": {Summary: "Hold a parcel for a project",
		Value: map[string]any{"kind": "hold", "reason": "意向协议", "project": projectExample,
			"until":   "2027-01-31T16:00:00Z",
			"parcels": []any{map[string]any{"id": parcelExample, "version": 7}}}},
	"release": {Summary: "Propose to release reserve land",
		Value: map[string]any{"kind": "release", "reason": "年度供地计划",
			"parcels": []any{map[string]any{"id": parcelExample, "version": 7}}}},
	"supply": {Summary: "Propose to supply reserved land",
		Value: map[string]any{"kind": "supply", "reason": "挂牌成交",
			"allotment": map[string]any{"id": parcelExample, "version": 9},
			"terms": map[string]any{"supply_mode": "listing", "term_years": 50,
				"commitments": map[string]any{"investment_per_mu": 300}}}},
	"split": {Summary: "Split 60 mu off", Value: map[string]any{"kind": "split", "reason": "按需供地",
		"parcels": []any{map[string]any{"id": parcelExample, "version": 7}},
		"shape":   map[string]any{"area_mu": 60, "bearing": 90, "side": "left", "codes": []any{"A-1", "A-2"}}}},
	"split and hold": {Summary: "Cut a lot and hold it in one step",
		Value: map[string]any{"kind": "split", "reason": "按需供地",
			"parcels": []any{map[string]any{"id": parcelExample, "version": 7}},
			"shape": map[string]any{"line": []any{[]any{122.02, 37.2405}, []any{122.021, 37.2405}},
				"codes": []any{"A-1", "A-2"}},
			"then": map[string]any{"kind": "hold", "lot": "A-1", "project": projectExample,
				"until": "2027-01-31T16:00:00Z"}}},
	"merge": {Summary: "Merge parcels, deciding what differs", Value: map[string]any{"kind": "merge", "reason": "整体开发",
		"parcels": []any{map[string]any{"id": parcelExample, "version": 7},
			map[string]any{"id": projectExample, "version": 8}},
		"shape": map[string]any{"codes": []any{"A"}, "decision": map[string]any{"land_use": "100102"}}}},
	"border": {Summary: "Draw the park's border anew",
		Value: map[string]any{"kind": "border", "reason": "扩区批复",
			"documents": []any{map[string]any{"title": "批复", "number": "1"}},
			"shape": map[string]any{"geometry": map[string]any{"type": "Polygon",
				"coordinates": []any{[]any{[]any{122.02, 37.24}, []any{122.04, 37.24}, []any{122.04, 37.25},
					[]any{122.02, 37.25}, []any{122.02, 37.24}}}}}}},
	"settings": {Summary: "Show the public nothing of held land",
		Value: map[string]any{"kind": "settings", "reason": "供地前不公开意向",
			"settings": map[string]any{"hold_shown": "nothing"}}},
	"paper": {Summary: "Add a document of a parcel, for all to read",
		Value: map[string]any{"kind": "paper", "reason": "公开规划条件",
			"parcels": []any{map[string]any{"id": parcelExample, "version": 7}},
			"paper": map[string]any{"kind": "document", "file": "JVBERi0xLjcKJSVFT0YK", "title_zh": "规划条件",
				"title_en": "Planning conditions", "number": "2026-018", "dated": "2026-03-01",
				"expires_on": "2027-03-01", "publication": "public"}}},
	"create": {Summary: "Make a parcel on free ground",
		Value: map[string]any{"kind": "create", "reason": "新征用地", "object": map[string]any{"collection": "parcels",
			"geometry": map[string]any{"type": "Polygon",
				"coordinates": []any{[]any{[]any{122.02, 37.24}, []any{122.021, 37.24}, []any{122.021, 37.241},
					[]any{122.02, 37.241}, []any{122.02, 37.24}}}},
			"facts": map[string]any{"code": "A-9", "land_use": "100102", "zone": "Z1",
				"services": map[string]any{"water": map[string]any{"ready": true, "capacity": 400, "unit": "m3/d"}}}}}},
	"edit parcels": {Summary: "Change facts of parcels",
		Value: map[string]any{"kind": "edit", "reason": "调整价格",
			"parcels": []any{map[string]any{"id": parcelExample, "version": 7}},
			"object":  map[string]any{"facts": map[string]any{"price_cny_per_m2": 336, "land_use": "100102"}}}},
	"edit network": {Summary: "Change a network element's capacity",
		Value: map[string]any{"kind": "edit", "reason": "扩建",
			"object": map[string]any{"collection": "networks", "id": parcelExample, "version": 7,
				"facts": map[string]any{"capacity": 400, "unit": "t/h"}}}},
	"retire": {Summary: "Propose to retire a plan unit",
		Value: map[string]any{"kind": "retire", "reason": "规划调整",
			"object": map[string]any{"collection": "plan-units", "id": parcelExample, "version": 7}}},
}

// parseID reads the id of a path; what is no UUID names nothing.
func parseID(kind, text string) (uuid.UUID, error) {
	id, err := uuid.Parse(text)
	if err != nil {
		return id, &store.Missing{Kind: kind, Name: text}
	}
	return id, nil
}
