package api

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"luodi/api/auth"
	"luodi/api/problem"
	"luodi/data/registry"
	"luodi/data/store"
	"luodi/geo"
	"luodi/geo/flow"
)

// OfTemplate names a template of a district.
type OfTemplate struct {
	InDistrict
	Code string `path:"code" maxLength:"63" doc:"The template's code."`
}

type templateList struct {
	Templates []registry.FlowTemplate `json:"templates"`
}

// OfEdition names an edition of a template.
type OfEdition struct {
	OfTemplate
	Revision int `query:"revision" minimum:"1" maximum:"100000" doc:"An edition; the newest without."`
}

type writtenTemplate struct {
	Template json.RawMessage `json:"template" doc:"Code, names, edition, source, departments, stages, documents and steps, as docs/approvals.md has them."`
}

type makingTemplate struct {
	InDistrict
	Keyed
	Body writtenTemplate
}

type changingTemplate struct {
	OfTemplate
	IfMatch string `header:"If-Match" doc:"The revision that was seen, in quotes."`
	Body    writtenTemplate
}

type planningFlow struct {
	OfEdition
	Start   string   `query:"start" format:"date" required:"true" doc:"The day from which the plan runs."`
	Without []string `query:"without" maxItems:"200" doc:"Codes of steps that are left out, with commas between."`
}

type readingFlow struct {
	OfDistrict
	On   string `query:"on" format:"date" doc:"As of the end of this day; today without."`
	Flow string `query:"flow" format:"uuid" doc:"A flow that was retired, by its id; the live one without."`
	Spanning
}

// Spanning names the two events between which elapsed days are counted.
type Spanning struct {
	From string `query:"from" maxLength:"80" doc:"The event from which elapsed days are counted, as filing.accepted or filing.done; with to."`
	To   string `query:"to" maxLength:"80" doc:"The event to which they are counted."`
}

type startingFlow struct {
	OfDistrict
	Keyed
	Body registry.NewFlow
}

type notingEvent struct {
	OfDistrict
	Keyed
	Body registry.NewFlowEvent
}

type withReason struct {
	Reason string `json:"reason" minLength:"1" maxLength:"1000" text:"prose"`
}

type retractingEvent struct {
	OfDistrict
	Keyed
	N    int `path:"n" minimum:"1" maximum:"1000000" doc:"The number of what was noted."`
	Body withReason
}

type retiringFlow struct {
	Revised
	Body withReason
}

type askingFigures struct {
	InDistrict
	On string `query:"on" format:"date" doc:"As of the end of this day; today without."`
	Spanning
	Rows string `query:"rows" enum:"working.compared,working.unfinished,working.unlimited,working.provisional,elapsed.compared,elapsed.unfinished,elapsed.unlimited,elapsed.provisional,elapsed.lacking" doc:"Lists the flows behind a figure."`
}

func (d *domain) addFlows() {
	const templates, flows = "/api/flow-templates", "/api/projects/{id}/flow"
	desk(d, deskRoute{http.MethodGet, templates, "flow.templates", http.StatusOK}, d.listTemplates)
	desk(d, deskRoute{http.MethodPost, templates, "flow.templates.create", http.StatusCreated}, d.makeTemplate)
	desk(d, deskRoute{http.MethodGet, templates + "/{code}", "flow.template", http.StatusOK}, d.readTemplate)
	desk(d, deskRoute{http.MethodPut, templates + "/{code}", "flow.templates.change", http.StatusOK}, d.changeTemplate)
	desk(d, deskRoute{http.MethodGet, templates + "/{code}/plan", "flow.plan", http.StatusOK}, d.planFlow)
	desk(d, deskRoute{http.MethodGet, flows, "flow", http.StatusOK}, d.readFlow)
	desk(d, deskRoute{http.MethodPost, flows, "flow.start", http.StatusCreated}, d.startFlow)
	desk(d, deskRoute{http.MethodPost, flows + "/events", "flow.note", http.StatusCreated}, d.noteEvent)
	desk(d, deskRoute{http.MethodPost, flows + "/events/{n}/retract", "flow.retract", http.StatusCreated}, d.retractEvent)
	desk(d, deskRoute{http.MethodPost, flows + "/retire", "flow.retire", http.StatusOK}, d.retireFlow)
	desk(d, deskRoute{http.MethodGet, "/api/approvals/figures", "flow.figures", http.StatusOK}, d.figures)
}

// ofDistrict finds the one district that is named, or in which one has the operation's right.
func (d *domain) ofDistrict(ctx context.Context, code string) (*auth.Principal, registry.District, error) {
	who, of, err := d.business(ctx, auth.Asked(ctx), code)
	if err != nil {
		return nil, registry.District{}, err
	}
	all, err := d.registry.Districts(ctx)
	if err != nil {
		return nil, registry.District{}, err
	}
	all = slices.DeleteFunc(all, func(one registry.District) bool { return !slices.Contains(of.Districts, one.ID) })
	if len(all) != 1 {
		return nil, registry.District{}, &problem.Request{Kind: problem.InvalidParameter, Field: "district",
			Expected: "api.expected.district", Got: code}
	}
	return who, all[0], nil
}

// ownTemplates finds the district whose templates one may edit: its parks all work by them.
func (d *domain) ownTemplates(ctx context.Context, code string) (*auth.Principal, registry.District, error) {
	who, district, err := d.ofDistrict(ctx, code)
	if err != nil {
		return nil, district, err
	}
	return who, district, who.MayBy(auth.Asked(ctx), district.Parks...)
}

func (d *domain) listTemplates(ctx context.Context, in *InDistrict) (int, templateList, error) {
	_, of, err := d.business(ctx, auth.Asked(ctx), in.District)
	if err != nil {
		return 0, templateList{}, err
	}
	all, err := d.registry.FlowTemplates(ctx, of)
	return 0, templateList{all}, err
}

func (d *domain) readTemplate(ctx context.Context, in *OfEdition) (int, registry.FlowTemplateEdition, error) {
	_, district, err := d.ofDistrict(ctx, in.District)
	if err != nil {
		return 0, registry.FlowTemplateEdition{}, err
	}
	found, err := d.registry.FlowTemplate(ctx, district, in.Code, in.Revision)
	return 0, found, err
}

func (d *domain) makeTemplate(ctx context.Context, in *makingTemplate) (int, *kept[registry.FlowTemplate], error) {
	who, district, err := d.ownTemplates(ctx, in.District)
	if err != nil {
		return 0, nil, err
	}
	t, err := registry.ParseFlowTemplate("template", in.Body.Template)
	if err != nil {
		return 0, nil, err
	}
	once, err := in.once(ctx, who, district.Code, in.Body)
	if err != nil {
		return 0, nil, err
	}
	return again(ctx, d, once, func() (int, registry.FlowTemplate, error) {
		made, err := d.registry.AddFlowTemplate(ctx, district, who.Account, t, once)
		return http.StatusCreated, made, err
	})
}

func (d *domain) changeTemplate(ctx context.Context, in *changingTemplate) (int, registry.FlowTemplate, error) {
	who, district, err := d.ownTemplates(ctx, in.District)
	if err != nil {
		return 0, registry.FlowTemplate{}, err
	}
	t, err := registry.ParseFlowTemplate("template", in.Body.Template)
	if err == nil && t.Code != in.Code {
		err = geo.NewInvalid("template.code", "one_of", t.Code, "values", in.Code)
	}
	if err != nil {
		return 0, registry.FlowTemplate{}, err
	}
	seen, err := d.seen(in.IfMatch, in.Code, who, district.Parks...)
	if err != nil {
		return 0, registry.FlowTemplate{}, err
	}
	made, err := d.registry.ChangeFlowTemplate(ctx, district, who.Account, seen, t)
	return 0, made, err
}

func (d *domain) planFlow(ctx context.Context, in *planningFlow) (int, registry.FlowPlan, error) {
	_, district, err := d.ofDistrict(ctx, in.District)
	if err != nil {
		return 0, registry.FlowPlan{}, err
	}
	plan, err := d.registry.PlanFlow(ctx, district, in.Code, in.Revision, in.Start, in.Without)
	return 0, plan, err
}

// marks reads the two events between which days are counted: both, or none.
func (s Spanning) marks() (from, to *flow.Mark, err error) {
	if s.From == "" && s.To == "" {
		return nil, nil, nil
	}
	if from, err = registry.ParseMark("from", s.From); err == nil {
		to, err = registry.ParseMark("to", s.To)
	}
	return from, to, err
}

func (d *domain) readFlow(ctx context.Context, in *readingFlow) (int, registry.FlowStatus, error) {
	_, of, err := d.business(ctx, auth.Asked(ctx), "")
	if err != nil {
		return 0, registry.FlowStatus{}, err
	}
	id, err := parseID("project", in.ID)
	if err != nil {
		return 0, registry.FlowStatus{}, err
	}
	ask := registry.AskFlow{On: in.On}
	if ask.From, ask.To, err = in.marks(); err != nil {
		return 0, registry.FlowStatus{}, err
	}
	if in.Flow != "" {
		named, err := parseID("flow", in.Flow)
		if err != nil {
			return 0, registry.FlowStatus{}, err
		}
		ask.Named = &named
	}
	found, err := d.registry.Flow(ctx, of, id, ask)
	return 0, found, err
}

// changing finds what a change of a project's flow needs.
func (d *domain) changing(ctx context.Context, in OfDistrict, key Keyed, what ...any) (who *auth.Principal,
	of registry.Business, id uuid.UUID, once *store.Once, err error) {
	if who, of, err = d.business(ctx, auth.Asked(ctx), ""); err != nil {
		return
	}
	if id, err = parseID("project", in.ID); err != nil {
		return
	}
	once, err = key.once(ctx, who, what...)
	return who, of, id, once, err
}

func (d *domain) startFlow(ctx context.Context, in *startingFlow) (int, *kept[registry.FlowStatus], error) {
	who, of, id, once, err := d.changing(ctx, in.OfDistrict, in.Keyed, in.Body)
	if err != nil {
		return 0, nil, err
	}
	return again(ctx, d, once, func() (int, registry.FlowStatus, error) {
		after, err := d.registry.StartFlow(ctx, of, id, who.Account, in.Body, once)
		return http.StatusCreated, after, err
	})
}

func (d *domain) noteEvent(ctx context.Context, in *notingEvent) (int, *kept[registry.FlowStatus], error) {
	who, of, id, once, err := d.changing(ctx, in.OfDistrict, in.Keyed, in.Body)
	if err != nil {
		return 0, nil, err
	}
	return again(ctx, d, once, func() (int, registry.FlowStatus, error) {
		after, err := d.registry.NoteFlowEvent(ctx, of, id, who.Account, in.Body, once)
		return http.StatusCreated, after, err
	})
}

func (d *domain) retractEvent(ctx context.Context, in *retractingEvent) (int, *kept[registry.FlowStatus], error) {
	who, of, id, once, err := d.changing(ctx, in.OfDistrict, in.Keyed, in.Body)
	if err != nil {
		return 0, nil, err
	}
	return again(ctx, d, once, func() (int, registry.FlowStatus, error) {
		after, err := d.registry.RetractFlowEvent(ctx, of, id, who.Account, in.N, in.Body.Reason, once)
		return http.StatusCreated, after, err
	})
}

func (d *domain) retireFlow(ctx context.Context, in *retiringFlow) (int, registry.FlowStatus, error) {
	who, of, id, seen, err := d.revising(ctx, "project", &in.Revised)
	if err != nil {
		return 0, registry.FlowStatus{}, err
	}
	after, err := d.registry.RetireFlow(ctx, of, id, who.Account, seen, in.Body.Reason)
	return 0, after, err
}

func (d *domain) figures(ctx context.Context, in *askingFigures) (int, registry.Figures, error) {
	_, of, err := d.business(ctx, auth.Asked(ctx), in.District)
	if err != nil {
		return 0, registry.Figures{}, err
	}
	ask := registry.AskFigures{On: in.On, Rows: in.Rows}
	if ask.From, ask.To, err = in.marks(); err != nil {
		return 0, registry.Figures{}, err
	}
	told, err := d.registry.Figures(ctx, of, ask)
	return 0, told, err
}
