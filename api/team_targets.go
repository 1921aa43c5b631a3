package api

import (
	"context"
	"net/http"
	"time"

	"luodi/api/auth"
	"luodi/data/registry"
)

type teamYear struct {
	Year    int                   `json:"year"`
	Figures []registry.TeamFigure `json:"figures" doc:"Of each team, task forces first; by measure and quarter."`
}

type teamRowsOf struct {
	OfDistrict
	Year    int    `query:"year" minimum:"2000" maximum:"2100" doc:"This year in China without it."`
	Quarter int    `query:"quarter" minimum:"0" maximum:"4" doc:"0: those of which only the year is known."`
	Measure string `query:"measure" required:"true" enum:"leads,talks,signed,landed,started,signed_cny"`
}

type teamRows struct {
	Projects []registry.TeamReached `json:"projects" doc:"By the day on which they reached the stage."`
}

type teamTargetList struct {
	Targets []registry.NotedTeamTarget `json:"targets" doc:"The newest year first; those that were corrected, too."`
}

type settingTeamTarget struct {
	OfDistrict
	Keyed
	Body registry.NewTeamTarget
}

// addTeamTargets adds what teams are to reach by quarter, beside what they reached.
func (d *domain) addTeamTargets() {
	const team = "/api/teams/{id}"
	desk(d, deskRoute{http.MethodGet, "/api/team-figures", "teams.figures", http.StatusOK}, d.readTeamFigures)
	desk(d, deskRoute{http.MethodGet, team + "/figures/projects", "teams.figures.projects", http.StatusOK}, d.readTeamRows)
	desk(d, deskRoute{http.MethodGet, team + "/targets", "teams.targets", http.StatusOK}, d.listTeamTargets)
	desk(d, deskRoute{http.MethodPost, team + "/targets", "teams.targets.create", http.StatusCreated}, d.setTeamTarget)
}

// orThisYear is a year that was asked for, or this one in China.
func orThisYear(year int) int {
	if year == 0 {
		return time.Now().In(china).Year()
	}
	return year
}

func (d *domain) readTeamFigures(ctx context.Context, in *inYear) (int, teamYear, error) {
	_, of, err := d.business(ctx, auth.Asked(ctx), in.District)
	if err != nil {
		return 0, teamYear{}, err
	}
	out := teamYear{Year: orThisYear(in.Year)}
	out.Figures, err = d.registry.TeamFigures(ctx, of, out.Year)
	return 0, out, err
}

func (d *domain) readTeamRows(ctx context.Context, in *teamRowsOf) (int, teamRows, error) {
	_, of, err := d.business(ctx, auth.Asked(ctx), "")
	if err != nil {
		return 0, teamRows{}, err
	}
	id, err := parseID("team", in.ID)
	if err != nil {
		return 0, teamRows{}, err
	}
	rows, err := d.registry.TeamRows(ctx, of, id, orThisYear(in.Year), in.Quarter, in.Measure)
	return 0, teamRows{rows}, err
}

func (d *domain) listTeamTargets(ctx context.Context, in *OfDistrict) (int, teamTargetList, error) {
	_, of, err := d.business(ctx, auth.Asked(ctx), "")
	if err != nil {
		return 0, teamTargetList{}, err
	}
	id, err := parseID("team", in.ID)
	if err != nil {
		return 0, teamTargetList{}, err
	}
	all, err := d.registry.TeamTargets(ctx, of.Districts, id)
	return 0, teamTargetList{all}, err
}

func (d *domain) setTeamTarget(ctx context.Context, in *settingTeamTarget) (int, *kept[teamTargetList], error) {
	if _, err := auth.Need(ctx); err != nil {
		return 0, nil, err
	}
	who, of, err := d.business(ctx, auth.Asked(ctx), "")
	if err != nil {
		return 0, nil, err
	}
	id, err := parseID("team", in.ID)
	if err != nil {
		return 0, nil, err
	}
	once, err := in.once(ctx, who, in.Body)
	if err != nil {
		return 0, nil, err
	}
	return again(ctx, d, once, func() (int, teamTargetList, error) {
		all, err := d.registry.SetTeamTarget(ctx, of.Districts, id, who.Account, in.Body, once)
		return http.StatusCreated, teamTargetList{all}, err
	})
}
