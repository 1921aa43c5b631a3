package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"luodi/api/auth"
	"luodi/api/problem"
	"luodi/api/scope"
	"luodi/data/registry"
	"luodi/data/store"
	"luodi/message"
)

// InDistrict names a district; parties and projects belong to one, and are the business of some of its parks.
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

// listingParties asks for parties.
type listingParties struct {
	InDistrict
	Words string `query:"words" maxLength:"100" text:"-" doc:"Words that stand in a name or the credit code; each must."`
	From  int    `query:"from" minimum:"0" maximum:"1000000" doc:"How many to leave out: next of the page before."`
	Limit int    `query:"limit" minimum:"1" maximum:"1000" default:"100"`
}

// listingProjects asks for projects.
type listingProjects struct {
	InDistrict
	Words    string `query:"words" maxLength:"100" text:"-" doc:"Words that stand in the code, a name, or a name of the company; each must."`
	Stage    string `query:"stage" enum:"none,lead,in_talks,to_sign,signed,landed,started,in_production" doc:"Only those whose furthest stage it is; none: no stage is noted."`
	Standing string `query:"standing" enum:"active,paused,lost"`
	Party    string `query:"party" format:"uuid" doc:"Only those of a company."`
	From     int    `query:"from" minimum:"0" maximum:"1000000" doc:"How many to leave out: next of the page before."`
	Limit    int    `query:"limit" minimum:"1" maximum:"1000" default:"100"`
}

type makingParty struct {
	Speaking
	Keyed
	Body struct {
		District string `json:"district,omitempty" doc:"A district's code; may be left out where one works in just one."`
		Park     string `json:"park,omitempty" doc:"Code of the park that enters it, whose business it is; may be left out where one plans in just one. Without it who plans in every park enters it for the district alone."`
		registry.PartyFacts
	}
}

type makingProject struct {
	Speaking
	Keyed
	Body struct {
		District string `json:"district,omitempty" doc:"A district's code; may be left out where one works in just one."`
		Park     string `json:"park,omitempty" doc:"Code of the park that enters it, whose business it is; may be left out where one plans in just one. Without it who plans in every park enters it for the district alone."`
		Code     string `json:"code" minLength:"1" maxLength:"100" text:"code" example:"P-2026-07"`
		registry.ProjectFacts
	}
}

type changingParty struct {
	Revised
	Body registry.PartyFacts
}

type revisingProject struct {
	Revised
	Body registry.ProjectFacts
}

type addingMilestone struct {
	OfDistrict
	Keyed
	Body registry.MilestoneNote
}

type addingTurn struct {
	OfDistrict
	Keyed
	Body registry.NewTurn
}

type addingTag struct {
	OfDistrict
	Keyed
	Body registry.NewTag
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
	desk(d, deskRoute{http.MethodPost, projects + "/{id}/milestones", "projects.milestone", http.StatusCreated},
		d.addMilestone)
	desk(d, deskRoute{http.MethodPost, projects + "/{id}/turns", "projects.turn", http.StatusCreated}, d.addTurn)
	desk(d, deskRoute{http.MethodPost, projects + "/{id}/tags", "projects.tag", http.StatusCreated}, d.addTag)
	d.addContacts()
	d.addInvestments()
	d.addTeams()
	d.addVisits()
	d.addFigures()
	d.addFactFigures()
	d.addMoney()
	d.addLedgers()
	d.addLedgerFiles()
	d.addBoard()
	d.addPromotion()
}

// business is the scope of projects and companies of a right: the business of the parks where the principal has it,
// in the district with that code or in all.
func (d *domain) business(ctx context.Context, right auth.Right, code string) (*auth.Principal, registry.Business,
	error) {
	who := auth.From(ctx)
	if who == nil {
		return nil, registry.Business{}, who.MayBy(right)
	}
	all, err := d.registry.Districts(ctx)
	if err != nil {
		return nil, registry.Business{}, err
	}
	of, known := scope.Of(who, right.Action, all, code)
	switch {
	case !known:
		return nil, of, &store.Missing{Kind: "district", Name: code}
	case len(of.Districts) == 0:
		return nil, of, who.May(right.Action, auth.EveryPark)
	}
	return who, of, nil
}

// sightOf is whose leads a principal sees.
func sightOf(who *auth.Principal) registry.Sight { return scope.SightOf(who) }

// entering finds where something new is entered: the park that is named, or the one park in which one may; for the
// district itself by who may in every park.
func (d *domain) entering(ctx context.Context, district, park string) (*auth.Principal, registry.Entry, error) {
	var at registry.Entry
	if park != "" {
		who, id, err := d.inPark(ctx, park)
		if err != nil {
			return nil, at, err
		}
		at.Park = &id
		at.District, err = d.districtOf(ctx, district, id)
		return who, at, err
	}
	who, of, err := d.business(ctx, auth.Asked(ctx), district)
	switch {
	case err != nil:
		return nil, at, err
	case len(of.Districts) != 1:
		return nil, at, &problem.Request{Kind: problem.InvalidParameter, Field: "district",
			Expected: "api.expected.district", Got: district}
	case len(of.Parks) > 1:
		return nil, at, &problem.Request{Kind: problem.InvalidParameter, Field: "park",
			Expected: "api.expected.own_park", Got: "-"}
	}
	at.District = of.Districts[0]
	if of.Parks != nil {
		at.Park = &of.Parks[0]
	}
	return who, at, nil
}

// districtOf is the district of a park; one that is named besides must be the same.
func (d *domain) districtOf(ctx context.Context, code string, park uuid.UUID) (uuid.UUID, error) {
	all, err := d.registry.Districts(ctx)
	if err != nil {
		return uuid.Nil, err
	}
	i := slices.IndexFunc(all, func(one registry.District) bool { return slices.Contains(one.Parks, park) })
	if i < 0 || code != "" && all[i].Code != code {
		return uuid.Nil, &problem.Request{Kind: problem.InvalidParameter, Field: "district",
			Expected: "api.expected.district", Got: code}
	}
	return all[i].ID, nil
}

// revising finds what an edit needs: who, of which business, what, and the revision that was seen.
func (d *domain) revising(ctx context.Context, kind string, in *Revised) (who *auth.Principal, of registry.Business,
	id uuid.UUID, seen int, err error) {
	if who, of, err = d.business(ctx, auth.Asked(ctx), ""); err != nil {
		return
	}
	if id, err = parseID(kind, in.ID); err != nil {
		return
	}
	seen, err = d.seen(in.IfMatch, in.ID, who, parksOf(of)...)
	return who, of, id, seen, err
}

// seen reads the revision that an edit saw: 0, any, only from who may write without one in all those parks.
func (d *domain) seen(ifMatch, id string, who *auth.Principal, parks ...uuid.UUID) (int, error) {
	version, err := matched(ifMatch)
	if err == nil && version == 0 && !who.Unlocked(parks...) {
		err = &problem.Request{Kind: problem.Unconditional, Field: "If-Match", Expected: "api.expected.version",
			Got: id}
	}
	return int(version), err
}

// parksOf are the parks of a business; every park where it is not of some.
func parksOf(of registry.Business) []uuid.UUID {
	if of.Parks == nil {
		return []uuid.UUID{auth.EveryPark}
	}
	return of.Parks
}

// edit names who edits, for the records by which parks show new names.
func (d *domain) edit(who *auth.Principal) registry.Edit {
	return registry.Edit{By: who.Account, Via: d.via(), Reason: message.Text(message.ZH, "change.renamed")}
}

func (d *domain) listParties(ctx context.Context, in *listingParties) (int, registry.PartiesFound, error) {
	_, of, err := d.business(ctx, auth.Asked(ctx), in.District)
	if err != nil {
		return 0, registry.PartiesFound{}, err
	}
	found, err := d.registry.FindParties(ctx, of, strings.Fields(strings.ToLower(in.Words)), in.From, in.Limit)
	return 0, found, err
}

func (d *domain) readParty(ctx context.Context, in *OfDistrict) (int, registry.Party, error) {
	_, of, err := d.business(ctx, auth.Asked(ctx), "")
	if err != nil {
		return 0, registry.Party{}, err
	}
	id, err := parseID("party", in.ID)
	if err != nil {
		return 0, registry.Party{}, err
	}
	one, err := d.registry.Party(ctx, of, id)
	return 0, one, err
}

func (d *domain) makeParty(ctx context.Context, in *makingParty) (int, *kept[registry.Party], error) {
	who, at, err := d.entering(ctx, in.Body.District, in.Body.Park)
	if err != nil {
		return 0, nil, err
	}
	if err := named(in.Body.NameZH); err != nil {
		return 0, nil, err
	}
	once, err := in.once(ctx, who, in.Body)
	if err != nil {
		return 0, nil, err
	}
	return again(ctx, d, once, func() (int, registry.Party, error) {
		made, err := d.registry.AddParty(ctx, at, in.Body.PartyFacts, once)
		return http.StatusCreated, made, err
	})
}

// named asks for a Chinese name; without an English one it stands for that too.
func named(zh *string) error {
	if zh == nil || strings.TrimSpace(*zh) == "" {
		return &problem.Request{Kind: problem.InvalidParameter, Field: "name_zh", Expected: "api.expected.given",
			Got: "-"}
	}
	return nil
}

func (d *domain) changeParty(ctx context.Context, in *changingParty) (int, registry.Party, error) {
	who, of, id, seen, err := d.revising(ctx, "party", &in.Revised)
	if err != nil {
		return 0, registry.Party{}, err
	}
	after, err := d.registry.ChangeParty(ctx, of, id, seen, d.edit(who), in.Body,
		func(shown bool, parks []uuid.UUID) error {
			if !shown {
				return nil // one may in a park of it, or it would not have been found
			}
			return who.MayBy(auth.Asked(ctx), parks...)
		})
	return 0, after, err
}

func (d *domain) listProjects(ctx context.Context, in *listingProjects) (int, registry.ProjectsFound, error) {
	_, of, err := d.business(ctx, auth.Asked(ctx), in.District)
	if err != nil {
		return 0, registry.ProjectsFound{}, err
	}
	asked := registry.ProjectsAsked{Words: strings.Fields(strings.ToLower(in.Words)), Stage: in.Stage,
		Standing: in.Standing, From: in.From, Limit: in.Limit}
	if in.Party != "" {
		id, err := parseID("party", in.Party)
		if err != nil {
			return 0, registry.ProjectsFound{}, err
		}
		asked.Party = &id
	}
	found, err := d.registry.FindProjects(ctx, of, asked)
	return 0, found, err
}

func (d *domain) readProject(ctx context.Context, in *OfDistrict) (int, registry.Project, error) {
	_, of, err := d.business(ctx, auth.Asked(ctx), "")
	if err != nil {
		return 0, registry.Project{}, err
	}
	id, err := parseID("project", in.ID)
	if err != nil {
		return 0, registry.Project{}, err
	}
	one, err := d.registry.Project(ctx, of, id)
	return 0, one, err
}

func (d *domain) makeProject(ctx context.Context, in *makingProject) (int, *kept[registry.Project], error) {
	who, at, err := d.entering(ctx, in.Body.District, in.Body.Park)
	if err != nil {
		return 0, nil, err
	}
	if err := named(in.Body.NameZH); err != nil {
		return 0, nil, err
	}
	once, err := in.once(ctx, who, in.Body)
	if err != nil {
		return 0, nil, err
	}
	_, companies, err := d.business(ctx, auth.Asked(ctx).As("of a company"), "")
	if err != nil {
		return 0, nil, err
	}
	return again(ctx, d, once, func() (int, registry.Project, error) {
		made, err := d.registry.AddProject(ctx, registry.NewProject{Entry: at, Code: in.Body.Code,
			Facts: in.Body.ProjectFacts, Party: &companies}, once)
		return http.StatusCreated, made, err
	})
}

func (d *domain) reviseProject(ctx context.Context, in *revisingProject) (int, registry.Project, error) {
	who, of, id, seen, err := d.revising(ctx, "project", &in.Revised)
	if err != nil {
		return 0, registry.Project{}, err
	}
	after, err := d.registry.ReviseProject(ctx, of, id, seen, d.edit(who), in.Body,
		func(shown bool, parks []uuid.UUID) error {
			if !shown {
				return nil // one may in a park of it, or it would not have been found
			}
			return who.MayBy(auth.Asked(ctx).As("what is shown"), parks...)
		})
	return 0, after, err
}

// adding finds what an addition to a project needs.
func (d *domain) adding(ctx context.Context, text string, key Keyed, body any) (who *auth.Principal,
	of registry.Business, id uuid.UUID, once *store.Once, err error) {
	if who, of, err = d.business(ctx, auth.Asked(ctx), ""); err != nil {
		return
	}
	if id, err = parseID("project", text); err != nil {
		return
	}
	once, err = key.once(ctx, who, body)
	return
}

// addition does what adds something to a project.
type addition func(of registry.Business, id, by uuid.UUID, once *store.Once) (registry.Project, error)

// add carries out an addition, once for each key.
func (d *domain) add(ctx context.Context, to OfDistrict, key Keyed, body any, do addition) (int,
	*kept[registry.Project],
	error) {
	who, of, id, once, err := d.adding(ctx, to.ID, key, body)
	if err != nil {
		return 0, nil, err
	}
	return again(ctx, d, once, func() (int, registry.Project, error) {
		after, err := do(of, id, who.Account, once)
		return http.StatusCreated, after, err
	})
}

func (d *domain) addMilestone(ctx context.Context, in *addingMilestone) (int, *kept[registry.Project], error) {
	return d.add(ctx, in.OfDistrict, in.Keyed, in.Body, func(of registry.Business, id, by uuid.UUID,
		once *store.Once) (registry.Project, error) {
		return d.registry.AddMilestone(ctx, of, id, by, in.Body, once)
	})
}

func (d *domain) addTurn(ctx context.Context, in *addingTurn) (int, *kept[registry.Project], error) {
	return d.add(ctx, in.OfDistrict, in.Keyed, in.Body, func(of registry.Business, id, by uuid.UUID,
		once *store.Once) (registry.Project, error) {
		return d.registry.AddTurn(ctx, of, id, by, in.Body, once)
	})
}

func (d *domain) addTag(ctx context.Context, in *addingTag) (int, *kept[registry.Project], error) {
	return d.add(ctx, in.OfDistrict, in.Keyed, in.Body, func(of registry.Business, id, by uuid.UUID,
		once *store.Once) (registry.Project, error) {
		return d.registry.AddTag(ctx, of, id, by, in.Body, once)
	})
}
