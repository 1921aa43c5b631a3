package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"luodi/api/auth"
	"luodi/api/problem"
	"luodi/data"
	"luodi/message"
)

// InDistrict names a district; parties and projects belong to one, and are for whoever may do the like in some park of it.
type InDistrict struct {
	Speaking
	District string `query:"district" doc:"A district's code; all one may see without it."`
}

// OfDistrict names something of a district by its id.
type OfDistrict struct {
	Speaking
	ID string `path:"id" format:"uuid" doc:"Its id."`
}

// Revised is an edit of what has a revision.
type Revised struct {
	OfDistrict
	IfMatch string `header:"If-Match" doc:"The revision that was seen, in quotes."`
}

type partyList struct {
	Parties []data.Party `json:"parties"`
}

type projectList struct {
	Projects []data.Project `json:"projects"`
}

type makingParty struct {
	Speaking
	Keyed
	Body struct {
		District string `json:"district,omitempty" doc:"A district's code; may be left out where one works in just one."`
		data.PartyFacts
	}
}

type makingProject struct {
	Speaking
	Keyed
	Body struct {
		District string `json:"district,omitempty" doc:"A district's code; may be left out where one works in just one."`
		Code     string `json:"code" minLength:"1" maxLength:"100" text:"code" example:"P-2026-07"`
		data.ProjectFacts
	}
}

type changingParty struct {
	Revised
	Body data.PartyFacts
}

type revisingProject struct {
	Revised
	Body data.ProjectFacts
}

type addingMilestone struct {
	OfDistrict
	Keyed
	Body data.Milestone
}

type addingTag struct {
	OfDistrict
	Keyed
	Body data.Tag
}

func (d *domain) addProjects() {
	const parties, projects = "/api/parties", "/api/projects"
	desk(d, deskRoute{http.MethodGet, parties, "parties", http.StatusOK}, d.listParties)
	desk(d, deskRoute{http.MethodPost, parties, "parties.create", http.StatusCreated}, d.makeParty)
	desk(d, deskRoute{http.MethodGet, parties + "/{id}", "party", http.StatusOK}, d.readParty)
	desk(d, deskRoute{http.MethodPatch, parties + "/{id}", "parties.change", http.StatusOK}, d.changeParty)
	desk(d, deskRoute{http.MethodGet, projects, "projects", http.StatusOK}, d.listProjects)
	desk(d, deskRoute{http.MethodPost, projects, "projects.create", http.StatusCreated}, d.makeProject)
	desk(d, deskRoute{http.MethodGet, projects + "/{id}", "project", http.StatusOK}, d.readProject)
	desk(d, deskRoute{http.MethodPatch, projects + "/{id}", "projects.change", http.StatusOK}, d.reviseProject)
	desk(d, deskRoute{http.MethodPost, projects + "/{id}/milestones", "projects.milestone", http.StatusCreated}, d.addMilestone)
	desk(d, deskRoute{http.MethodPost, projects + "/{id}/tags", "projects.tag", http.StatusCreated}, d.addTag)
	d.addContacts()
	d.addInvestments()
}

// districts lists those in which one may do this in some park: the one named by code, or all. It is an error that there is none.
func (d *domain) districts(ctx context.Context, action auth.Action, code string) (*auth.Principal, []uuid.UUID, error) {
	who := auth.From(ctx)
	if who == nil {
		return nil, nil, who.May(action, auth.EveryPark)
	}
	all, err := d.store.Districts(ctx)
	if err != nil {
		return nil, nil, err
	}
	var found []uuid.UUID
	known := code == ""
	for _, district := range all {
		if code != "" && district.Code != code {
			continue
		}
		known = true
		may := func(park uuid.UUID) bool { return who.May(action, park) == nil }
		if who.May(action, auth.EveryPark) == nil || slices.ContainsFunc(district.Parks, may) {
			found = append(found, district.ID)
		}
	}
	if !known {
		return nil, nil, &data.Missing{Kind: "district", Name: code}
	}
	if len(found) == 0 {
		if err := who.May(action, auth.EveryPark); err != nil {
			return nil, nil, err
		}
	}
	return who, found, nil
}

// oneDistrict is the district in which something is to be made.
func (d *domain) oneDistrict(ctx context.Context, code string) (*auth.Principal, uuid.UUID, error) {
	who, found, err := d.districts(ctx, auth.Change, code)
	if err != nil {
		return nil, uuid.Nil, err
	}
	if len(found) != 1 {
		return nil, uuid.Nil, &problem.Request{Kind: problem.InvalidParameter, Field: "district", Expected: "api.expected.district", Got: code}
	}
	return who, found[0], nil
}

// revising finds what an edit needs: who, where, what, and the revision that was seen.
func (d *domain) revising(ctx context.Context, kind string, in *Revised) (who *auth.Principal, districts []uuid.UUID, id uuid.UUID, seen int, err error) {
	if who, districts, err = d.districts(ctx, auth.Change, ""); err != nil {
		return
	}
	if id, err = parseID(kind, in.ID); err != nil {
		return
	}
	version, err := matched(in.IfMatch)
	if err == nil && version == 0 && !who.Unlocked {
		err = &problem.Request{Kind: problem.Unconditional, Field: "If-Match", Expected: "api.expected.version", Got: in.ID}
	}
	return who, districts, id, int(version), err
}

// edit names who edits, for the records by which parks show new names.
func (d *domain) edit(who *auth.Principal) data.Edit {
	return data.Edit{By: who.Account, Via: d.via(), Reason: message.Text(message.ZH, "change.renamed")}
}

func (d *domain) listParties(ctx context.Context, in *InDistrict) (int, partyList, error) {
	_, where, err := d.districts(ctx, auth.See, in.District)
	if err != nil {
		return 0, partyList{}, err
	}
	all, err := d.store.Parties(ctx, where)
	return 0, partyList{all}, err
}

func (d *domain) readParty(ctx context.Context, in *OfDistrict) (int, data.Party, error) {
	_, where, err := d.districts(ctx, auth.See, "")
	if err != nil {
		return 0, data.Party{}, err
	}
	id, err := parseID("party", in.ID)
	if err != nil {
		return 0, data.Party{}, err
	}
	one, err := d.store.Party(ctx, where, id)
	return 0, one, err
}

func (d *domain) makeParty(ctx context.Context, in *makingParty) (int, *kept[data.Party], error) {
	who, district, err := d.oneDistrict(ctx, in.Body.District)
	if err != nil {
		return 0, nil, err
	}
	if err := named(in.Body.NameZH, in.Body.NameEN); err != nil {
		return 0, nil, err
	}
	once, err := in.once(ctx, who, in.Body)
	if err != nil {
		return 0, nil, err
	}
	return again(ctx, d, once, func() (int, data.Party, error) {
		made, err := d.store.AddParty(ctx, district, in.Body.PartyFacts, once)
		return http.StatusCreated, made, err
	})
}

// named asks for a name in both languages.
func named(zh, en *string) error {
	for field, name := range map[string]*string{"name_zh": zh, "name_en": en} {
		if name == nil || strings.TrimSpace(*name) == "" {
			return &problem.Request{Kind: problem.InvalidParameter, Field: field, Expected: "api.expected.given", Got: "-"}
		}
	}
	return nil
}

func (d *domain) changeParty(ctx context.Context, in *changingParty) (int, data.Party, error) {
	who, where, id, seen, err := d.revising(ctx, "party", &in.Revised)
	if err != nil {
		return 0, data.Party{}, err
	}
	after, err := d.store.ChangeParty(ctx, where, id, seen, d.edit(who), in.Body)
	return 0, after, err
}

func (d *domain) listProjects(ctx context.Context, in *InDistrict) (int, projectList, error) {
	_, where, err := d.districts(ctx, auth.See, in.District)
	if err != nil {
		return 0, projectList{}, err
	}
	all, err := d.store.Projects(ctx, where)
	return 0, projectList{all}, err
}

func (d *domain) readProject(ctx context.Context, in *OfDistrict) (int, data.Project, error) {
	_, where, err := d.districts(ctx, auth.See, "")
	if err != nil {
		return 0, data.Project{}, err
	}
	id, err := parseID("project", in.ID)
	if err != nil {
		return 0, data.Project{}, err
	}
	one, err := d.store.Project(ctx, where, id)
	return 0, one, err
}

func (d *domain) makeProject(ctx context.Context, in *makingProject) (int, *kept[data.Project], error) {
	who, district, err := d.oneDistrict(ctx, in.Body.District)
	if err != nil {
		return 0, nil, err
	}
	if err := named(in.Body.NameZH, in.Body.NameEN); err != nil {
		return 0, nil, err
	}
	once, err := in.once(ctx, who, in.Body)
	if err != nil {
		return 0, nil, err
	}
	return again(ctx, d, once, func() (int, data.Project, error) {
		made, err := d.store.AddProject(ctx, data.NewProject{District: district, Code: in.Body.Code, Facts: in.Body.ProjectFacts}, once)
		return http.StatusCreated, made, err
	})
}

func (d *domain) reviseProject(ctx context.Context, in *revisingProject) (int, data.Project, error) {
	who, where, id, seen, err := d.revising(ctx, "project", &in.Revised)
	if err != nil {
		return 0, data.Project{}, err
	}
	after, err := d.store.ReviseProject(ctx, where, id, seen, d.edit(who), in.Body)
	return 0, after, err
}

// adding finds what an addition to a project needs.
func (d *domain) adding(ctx context.Context, text string, key Keyed, body any) (where []uuid.UUID, id uuid.UUID, once *data.Once, err error) {
	who, where, err := d.districts(ctx, auth.Change, "")
	if err != nil {
		return nil, id, nil, err
	}
	if id, err = parseID("project", text); err != nil {
		return nil, id, nil, err
	}
	once, err = key.once(ctx, who, body)
	return where, id, once, err
}

func (d *domain) addMilestone(ctx context.Context, in *addingMilestone) (int, *kept[data.Project], error) {
	where, id, once, err := d.adding(ctx, in.ID, in.Keyed, in.Body)
	if err != nil {
		return 0, nil, err
	}
	return again(ctx, d, once, func() (int, data.Project, error) {
		after, err := d.store.AddMilestone(ctx, where, id, in.Body, once)
		return http.StatusCreated, after, err
	})
}

func (d *domain) addTag(ctx context.Context, in *addingTag) (int, *kept[data.Project], error) {
	where, id, once, err := d.adding(ctx, in.ID, in.Keyed, in.Body)
	if err != nil {
		return 0, nil, err
	}
	return again(ctx, d, once, func() (int, data.Project, error) {
		after, err := d.store.AddTag(ctx, where, id, in.Body, once)
		return http.StatusCreated, after, err
	})
}
