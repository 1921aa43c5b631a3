package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"luodi/api/auth"
	"luodi/api/problem"
	"luodi/data/registry"
	"luodi/data/store"
)

type titleList struct {
	Titles []registry.FirmTitle `json:"titles" doc:"Those that expire first come first."`
}

type titleYear struct {
	Year    int                    `json:"year"`
	Figures []registry.TitleFigure `json:"figures" doc:"Of each title and level: the year's target, what was reported, and what is noted of companies."`
	Titles  []registry.FirmTitle   `json:"titles" doc:"Of all companies that one sees; those that expire first come first."`
}

type inYear struct {
	InDistrict
	Year int `query:"year" minimum:"2000" maximum:"2100" doc:"The year of the figures; this year in China without it."`
}

type addingTitle struct {
	OfDistrict
	Keyed
	Body registry.NewTitle
}

type withdrawingTitle struct {
	OfDistrict
	Keyed
	Title string `path:"title" format:"uuid" doc:"The title's id."`
	Body  struct {
		Reason string `json:"reason" minLength:"1" maxLength:"1000" text:"prose"`
	}
}

type addingTitleFigure struct {
	Speaking
	Keyed
	Body struct {
		District string `json:"district,omitempty" doc:"A district's code; may be left out where there is just one."`
		registry.NewTitleFigure
	}
}

type titleFigures struct {
	Figures []registry.TitleFigure `json:"figures"`
}

// addTitles adds the titles of firms, and a year's targets for them.
func (d *domain) addTitles() {
	const titles = "/api/parties/{id}/titles"
	desk(d, deskRoute{http.MethodGet, titles, "titles", http.StatusOK}, d.listTitles)
	desk(d, deskRoute{http.MethodPost, titles, "titles.create", http.StatusCreated}, d.addTitle)
	desk(d, deskRoute{http.MethodPost, titles + "/{title}/withdraw", "titles.withdraw", http.StatusCreated},
		d.withdrawTitle)
	desk(d, deskRoute{http.MethodGet, "/api/titles", "titles.year", http.StatusOK}, d.readTitles)
	desk(d, deskRoute{http.MethodPost, "/api/titles/figures", "titles.figure", http.StatusCreated}, d.addTitleFigure)
}

func (d *domain) listTitles(ctx context.Context, in *OfDistrict) (int, titleList, error) {
	_, of, err := d.business(ctx, auth.Asked(ctx), "")
	if err != nil {
		return 0, titleList{}, err
	}
	id, err := parseID("party", in.ID)
	if err != nil {
		return 0, titleList{}, err
	}
	all, err := d.registry.TitlesOf(ctx, of, id)
	return 0, titleList{all}, err
}

func (d *domain) readTitles(ctx context.Context, in *inYear) (int, titleYear, error) {
	_, of, err := d.business(ctx, auth.Asked(ctx), in.District)
	if err != nil {
		return 0, titleYear{}, err
	}
	out := titleYear{Year: orThisYear(in.Year)}
	if out.Figures, err = d.registry.TitleFigures(ctx, of, out.Year); err != nil {
		return 0, out, err
	}
	out.Titles, err = d.registry.Titles(ctx, of)
	return 0, out, err
}

func (d *domain) titling(ctx context.Context, in *OfDistrict, key Keyed, body any, do func(of registry.Business, id,
	by uuid.UUID, once *store.Once) ([]registry.FirmTitle, error)) (int, *kept[titleList], error) {
	who, of, err := d.business(ctx, auth.Asked(ctx), "")
	if err != nil {
		return 0, nil, err
	}
	id, err := parseID("party", in.ID)
	if err != nil {
		return 0, nil, err
	}
	once, err := key.once(ctx, who, body)
	if err != nil {
		return 0, nil, err
	}
	return again(ctx, d, once, func() (int, titleList, error) {
		all, err := do(of, id, who.Account, once)
		return http.StatusCreated, titleList{all}, err
	})
}

func (d *domain) addTitle(ctx context.Context, in *addingTitle) (int, *kept[titleList], error) {
	return d.titling(ctx, &in.OfDistrict, in.Keyed, in.Body, func(of registry.Business, id, by uuid.UUID,
		once *store.Once) ([]registry.FirmTitle, error) {
		return d.registry.AddTitle(ctx, of, id, by, in.Body, once)
	})
}

func (d *domain) withdrawTitle(ctx context.Context, in *withdrawingTitle) (int, *kept[titleList], error) {
	title, err := parseID("title", in.Title)
	if err != nil {
		return 0, nil, err
	}
	return d.titling(ctx, &in.OfDistrict, in.Keyed, in.Body, func(of registry.Business, id, by uuid.UUID,
		once *store.Once) ([]registry.FirmTitle, error) {
		return d.registry.WithdrawTitle(ctx, of, id, title, by, in.Body.Reason, once)
	})
}

func (d *domain) addTitleFigure(ctx context.Context, in *addingTitleFigure) (int, *kept[titleFigures], error) {
	who, of, err := d.business(ctx, auth.Asked(ctx), in.Body.District)
	switch {
	case err != nil:
		return 0, nil, err
	case len(of.Districts) != 1:
		return 0, nil, &problem.Request{Kind: problem.InvalidParameter, Field: "district",
			Expected: "api.expected.district", Got: in.Body.District}
	}
	once, err := in.once(ctx, who, in.Body)
	if err != nil {
		return 0, nil, err
	}
	return again(ctx, d, once, func() (int, titleFigures, error) {
		all, err := d.registry.AddTitleFigure(ctx, of, who.Account, in.Body.NewTitleFigure, once)
		return http.StatusCreated, titleFigures{all}, err
	})
}
