package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"luodi/api/auth"
	"luodi/data/content"
	"luodi/data/people"
	"luodi/data/registry"
	"luodi/data/store"
)

// withFile is how long a body with a file in base64 may be.
const withFile = content.MaxBytes*4/3 + 64<<10

type colleagueList struct {
	Colleagues []store.Person `json:"colleagues" doc:"By name, 500 at most."`
}

type namingAgent struct {
	OfDistrict
	Keyed
	Body registry.NewAgent
}

type endingAgent struct {
	OfDistrict
	Keyed
	N    int `path:"n" minimum:"1" maximum:"1000000" doc:"The mandate's number."`
	Body registry.AgentEnd
}

type handingIn struct {
	OfDistrict
	Keyed
	Body registry.NewPaper
}

// OfPaper names a paper of a project.
type OfPaper struct {
	OfDistrict
	N int `path:"n" minimum:"1" maximum:"1000000" doc:"The paper's number."`
}

type bringingOn struct {
	OfDistrict
	Keyed
	Step string `path:"step" maxLength:"63" doc:"The step's code."`
	Body registry.StepPhoto
}

type raisingProblem struct {
	OfDistrict
	Keyed
	Body registry.NewProblem
}

type turningProblem struct {
	OfDistrict
	Keyed
	N    int `path:"n" minimum:"1" maximum:"1000000" doc:"The problem's number among the project's."`
	Body registry.NewProblemTurn
}

type makingLink struct {
	OfDistrict
	Body struct {
		Days int `json:"days,omitempty" minimum:"1" maximum:"400" doc:"For how many days it works; 90 without."`
	}
}

type madeLink struct {
	Link   string          `json:"link" doc:"The secret of the link, shown once: the page has it behind #firm=. Only its hash is kept."`
	Agency registry.Agency `json:"agency"`
}

type revokingLink struct {
	OfDistrict
	Keyed
	Body withReason
}

type meeting struct {
	Speaking
	Keyed
	Body registry.NewMeeting
}

type minuting struct {
	OfDistrict
	Keyed
	Body struct {
		Words string `json:"words" minLength:"1" maxLength:"10000" text:"prose" doc:"No person's data. The members of the meeting's park read it."`
	}
}

// notItsAgent is the kind of a right of those who do what an agent does without being one.
const notItsAgent = "not its agent"

// addAgency adds what runs a project for its firm.
func (d *domain) addAgency() {
	const project, meetings = "/api/projects/{id}", "/api/meetings"
	post := func(path, id string) deskRoute { return deskRoute{http.MethodPost, path, id, http.StatusCreated} }
	desk(d, deskRoute{http.MethodGet, "/api/my/day", "my.day", http.StatusOK}, d.readDay)
	desk(d, deskRoute{http.MethodGet, project + "/agency", "agency", http.StatusOK}, d.readAgency)
	desk(d, deskRoute{http.MethodGet, project + "/colleagues", "agency.colleagues", http.StatusOK}, d.listColleagues)
	deskOf(d, post(project+"/agents", "agency.name"), withFile, d.nameAgent)
	desk(d, post(project+"/agents/{n}/end", "agency.end"), d.endAgent)
	deskOf(d, post(project+"/papers", "project.papers.create"), withFile, d.handIn)
	deskOf(d, post(project+"/flow/steps/{step}/photo", "flow.photo"), withFile, d.bringOn)
	desk(d, post(project+"/problems", "problems.create"), d.raiseProblem)
	deskOf(d, post(project+"/problems/{n}/turns", "problems.turn"), withFile, d.turnProblem)
	desk(d, post(project+"/firm-link", "firm_link.create"), d.makeFirmLink)
	desk(d, post(project+"/firm-link/revoke", "firm_link.revoke"), d.revokeFirmLink)
	desk(d, deskRoute{http.MethodGet, meetings, "meetings", http.StatusOK}, d.listMeetings)
	desk(d, post(meetings, "meetings.create"), d.meet)
	desk(d, post(meetings+"/{id}/minutes", "meetings.minutes"), d.minute)
	d.addPaperFile()
	d.addFirm()
}

func (d *domain) addPaperFile() {
	const path = "/api/projects/{id}/papers/{n}"
	bytes := map[string]*huma.MediaType{}
	for _, kind := range []string{"image/jpeg", "image/png", "image/webp", "application/pdf"} {
		bytes[kind] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	}
	huma.Register(d.api, huma.Operation{
		OperationID: "project.paper", Method: http.MethodGet, Path: path, Summary: docsText("project.paper"),
		Middlewares: huma.Middlewares{strict, auth.Guarded("project.paper")},
		Responses:   map[string]*huma.Response{"200": {Description: "The file", Content: bytes}},
		Errors:      []int{http.StatusBadRequest, http.StatusNotFound, http.StatusServiceUnavailable},
		Security:    []map[string][]string{{"session": {}}, {"token": {}}},
	}, d.projectPaper)
	delete(d.api.OpenAPI().Paths[path].Get.Responses, "422")
}

// acting finds what a change needs that an agent makes in its own project; whoever isn't its agent must be allowed to
// change it.
func (d *domain) acting(ctx context.Context, in OfDistrict, key Keyed, what ...any) (who *auth.Principal,
	of registry.Business, id uuid.UUID, once *store.Once, asAgent bool, err error) {
	who, of, id, once, err = d.changing(ctx, in, key, what...)
	if err != nil {
		return
	}
	runs, parks, err := d.registry.Runs(ctx, of, id, who.Account)
	if err != nil {
		return who, of, id, once, false, err
	}
	refused := who.MayBy(auth.Asked(ctx).As(notItsAgent), parks...)
	if runs {
		return who, of, id, once, refused != nil, nil
	}
	return who, of, id, once, false, refused
}

func (d *domain) readDay(ctx context.Context, _ *Speaking) (int, registry.AgentDay, error) {
	who, of, err := d.business(ctx, auth.Asked(ctx), "")
	if err != nil {
		return 0, registry.AgentDay{}, err
	}
	day, err := d.registry.Day(ctx, of, who.Account)
	return 0, day, err
}

func (d *domain) readAgency(ctx context.Context, in *OfDistrict) (int, registry.Agency, error) {
	_, of, err := d.business(ctx, auth.Asked(ctx), "")
	if err != nil {
		return 0, registry.Agency{}, err
	}
	id, err := parseID("project", in.ID)
	if err != nil {
		return 0, registry.Agency{}, err
	}
	found, err := d.registry.Agency(ctx, of, id)
	return 0, found, err
}

func (d *domain) listColleagues(ctx context.Context, in *OfDistrict) (int, colleagueList, error) {
	_, of, err := d.business(ctx, auth.Asked(ctx), "")
	if err != nil {
		return 0, colleagueList{}, err
	}
	id, err := parseID("project", in.ID)
	if err != nil {
		return 0, colleagueList{}, err
	}
	all, err := d.registry.Colleagues(ctx, of, id)
	return 0, colleagueList{all}, err
}

// run carries out a change of how a project is run, once for each key.
func (d *domain) run(ctx context.Context, once *store.Once, do func() (registry.Agency, error)) (int,
	*kept[registry.Agency], error) {
	return again(ctx, d, once, func() (int, registry.Agency, error) {
		after, err := do()
		return http.StatusCreated, after, err
	})
}

func (d *domain) nameAgent(ctx context.Context, in *namingAgent) (int, *kept[registry.Agency], error) {
	who, of, id, once, err := d.changing(ctx, in.OfDistrict, in.Keyed, in.Body)
	if err != nil {
		return 0, nil, err
	}
	return d.run(ctx, once, func() (registry.Agency, error) {
		return d.registry.NameAgent(ctx, of, id, who.Account, in.Body, once)
	})
}

func (d *domain) endAgent(ctx context.Context, in *endingAgent) (int, *kept[registry.Agency], error) {
	who, of, id, once, err := d.changing(ctx, in.OfDistrict, in.Keyed, in.N, in.Body)
	if err != nil {
		return 0, nil, err
	}
	return d.run(ctx, once, func() (registry.Agency, error) {
		return d.registry.EndAgent(ctx, of, id, who.Account, in.N, in.Body, once)
	})
}

func (d *domain) handIn(ctx context.Context, in *handingIn) (int, *kept[registry.Agency], error) {
	who, of, id, once, _, err := d.acting(ctx, in.OfDistrict, in.Keyed, in.Body)
	if err != nil {
		return 0, nil, err
	}
	return d.run(ctx, once, func() (registry.Agency, error) {
		return d.registry.HandIn(ctx, of, id, who.Account, in.Body, once)
	})
}

func (d *domain) bringOn(ctx context.Context, in *bringingOn) (int, *kept[registry.FlowStatus], error) {
	who, of, id, once, asAgent, err := d.acting(ctx, in.OfDistrict, in.Keyed, in.Step, in.Body)
	if err != nil {
		return 0, nil, err
	}
	return again(ctx, d, once, func() (int, registry.FlowStatus, error) {
		after, err := d.registry.BringOn(ctx, of, id, who.Account, in.Step, in.Body, asAgent, once)
		return http.StatusCreated, after, err
	})
}

func (d *domain) raiseProblem(ctx context.Context, in *raisingProblem) (int, *kept[registry.Agency], error) {
	who, of, id, once, _, err := d.acting(ctx, in.OfDistrict, in.Keyed, in.Body)
	if err != nil {
		return 0, nil, err
	}
	return d.run(ctx, once, func() (registry.Agency, error) {
		return d.registry.RaiseProblem(ctx, of, id, who.Account, in.Body, once)
	})
}

func (d *domain) turnProblem(ctx context.Context, in *turningProblem) (int, *kept[registry.Agency], error) {
	who, of, id, once, err := d.changing(ctx, in.OfDistrict, in.Keyed, in.N, in.Body)
	if err != nil {
		return 0, nil, err
	}
	return d.run(ctx, once, func() (registry.Agency, error) {
		return d.registry.TurnProblem(ctx, of, id, who.Account, in.N, in.Body, once)
	})
}

// makeFirmLink makes a link anew each time: a secret that was shown is kept nowhere, so that no key gives it again.
func (d *domain) makeFirmLink(ctx context.Context, in *makingLink) (int, madeLink, error) {
	who, of, id, _, _, err := d.acting(ctx, in.OfDistrict, Keyed{})
	if err != nil {
		return 0, madeLink{}, err
	}
	if in.Body.Days == 0 {
		in.Body.Days = registry.FirmLinkDays
	}
	secret, hash := people.NewLink()
	made, err := d.registry.MakeFirmLink(ctx, of, id, who.Account, hash, in.Body.Days)
	return 0, madeLink{secret, made}, err
}

func (d *domain) revokeFirmLink(ctx context.Context, in *revokingLink) (int, *kept[registry.Agency], error) {
	who, of, id, once, _, err := d.acting(ctx, in.OfDistrict, in.Keyed, in.Body)
	if err != nil {
		return 0, nil, err
	}
	return d.run(ctx, once, func() (registry.Agency, error) {
		return d.registry.RevokeFirmLink(ctx, of, id, who.Account, in.Body.Reason, once)
	})
}

func (d *domain) listMeetings(ctx context.Context, in *InDistrict) (int, registry.Meetings, error) {
	_, of, err := d.business(ctx, auth.Asked(ctx), in.District)
	if err != nil {
		return 0, registry.Meetings{}, err
	}
	found, err := d.registry.Meetings(ctx, of)
	return 0, found, err
}

func (d *domain) meet(ctx context.Context, in *meeting) (int, *kept[registry.Meetings], error) {
	who, park, err := d.inPark(ctx, in.Body.Park)
	if err != nil {
		return 0, nil, err
	}
	_, of, err := d.business(ctx, auth.Asked(ctx), "")
	if err != nil {
		return 0, nil, err
	}
	once, err := in.once(ctx, who, in.Body)
	if err != nil {
		return 0, nil, err
	}
	return again(ctx, d, once, func() (int, registry.Meetings, error) {
		after, err := d.registry.Meet(ctx, of, park, who.Account, in.Body, once)
		return http.StatusCreated, after, err
	})
}

func (d *domain) minute(ctx context.Context, in *minuting) (int, *kept[registry.Meetings], error) {
	who, of, err := d.business(ctx, auth.Asked(ctx), "")
	if err != nil {
		return 0, nil, err
	}
	id, err := parseID("meeting", in.ID)
	if err != nil {
		return 0, nil, err
	}
	once, err := in.once(ctx, who, in.Body)
	if err != nil {
		return 0, nil, err
	}
	return again(ctx, d, once, func() (int, registry.Meetings, error) {
		after, err := d.registry.Minute(ctx, of, id, who.Account, in.Body.Words, once)
		return http.StatusCreated, after, err
	})
}

// projectPaper sends the file of a paper.
func (d *domain) projectPaper(ctx context.Context, in *OfPaper) (*paperFile, error) {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	_, of, err := d.business(ctx, auth.Asked(ctx), "")
	if err != nil {
		return nil, err
	}
	id, err := parseID("project", in.ID)
	if err != nil {
		return nil, err
	}
	f, err := d.registry.PaperFile(ctx, of, id, in.N)
	if err != nil {
		return nil, err
	}
	way := "inline"
	if f.MediaType == "application/pdf" {
		way = "attachment"
	}
	ending := map[string]string{"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "application/pdf": "pdf"}
	return &paperFile{Type: f.MediaType, Cache: "no-store", Policy: alone, Body: f.Bytes,
		Disposition: fmt.Sprintf(`%s; filename="paper-%d.%s"`, way, in.N, ending[f.MediaType])}, nil
}
