package api

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"luodi/api/auth"
	"luodi/api/problem"
	"luodi/data/registry"
	"luodi/geo"
)

// boarding asks for the board of projects by stage.
type boarding struct {
	InDistrict
	Park  string `query:"park" doc:"A park's code: only projects that are its business."`
	Cards int    `query:"cards" minimum:"1" maximum:"2000" default:"20" doc:"How many cards of each column."`
}

type stageBoard struct {
	Columns []registry.BoardColumn `json:"columns" doc:"The stages in their order, then those paused and lost; first those without a stage."`
}

// findingProjects asks for projects by words.
type findingProjects struct {
	InDistrict
	Park  string `query:"park" doc:"A park's code: only projects that are its business."`
	Words string `query:"words" maxLength:"100" text:"-" doc:"Words that stand in the code, a name, or a name of the company; each must. The first projects by code without it."`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

type projectNames struct {
	Projects []registry.ProjectName `json:"projects" doc:"Those whose code or name begins so first."`
}

// dispatching asks for the sheet of a week.
type dispatching struct {
	InDistrict
	Park  string `query:"park" doc:"A park's code: only projects that are its business; days are those of its time zone, of China's without it."`
	Week  string `query:"week" pattern:"^[0-9]{4}-W[0-9]{2}$" example:"2026-W48" doc:"A week by ISO 8601; the one that it is without it."`
	Still int    `query:"still" minimum:"1" maximum:"3650" default:"30" doc:"A project that did not move for more than so many days is stuck."`
}

func (d *domain) addBoard() {
	desk(d, deskRoute{http.MethodGet, "/api/board", "board", http.StatusOK}, d.readBoard)
	desk(d, deskRoute{http.MethodGet, "/api/project-names", "projects.names", http.StatusOK}, d.findProjects)
	desk(d, deskRoute{http.MethodGet, "/api/dispatch", "dispatch", http.StatusOK}, d.readDispatch)
}

// businessIn is business with the time zone of a park, where one is named.
func (d *domain) businessIn(ctx context.Context, district, park string) (registry.Business, *time.Location, error) {
	_, of, err := d.business(ctx, auth.Asked(ctx), district)
	if err != nil || park == "" {
		return of, china, err
	}
	zone, err := d.registry.ParkZone(ctx, of, park)
	if err != nil {
		return of, nil, err
	}
	at, err := time.LoadLocation(zone)
	return of, at, err
}

func (d *domain) readBoard(ctx context.Context, in *boarding) (int, stageBoard, error) {
	of, _, err := d.businessIn(ctx, in.District, in.Park)
	if err != nil {
		return 0, stageBoard{}, err
	}
	columns, err := d.registry.Board(ctx, of, in.Park, in.Cards)
	return 0, stageBoard{columns}, err
}

func (d *domain) findProjects(ctx context.Context, in *findingProjects) (int, projectNames, error) {
	of, _, err := d.businessIn(ctx, in.District, in.Park)
	if err != nil {
		return 0, projectNames{}, err
	}
	found, err := d.registry.ProjectNames(ctx, of, in.Park, strings.Fields(strings.ToLower(in.Words)), in.Limit)
	return 0, projectNames{found}, err
}

func (d *domain) readDispatch(ctx context.Context, in *dispatching) (int, registry.Dispatch, error) {
	of, at, err := d.businessIn(ctx, in.District, in.Park)
	if err != nil {
		return 0, registry.Dispatch{}, err
	}
	now := time.Now().In(at)
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	monday := mondayOf(today)
	if in.Week != "" {
		asked, ok := parseWeek(in.Week)
		if !ok {
			return 0, registry.Dispatch{}, &problem.Request{Kind: problem.InvalidParameter, Field: "week",
				Expected: "api.expected.week", Got: in.Week}
		}
		if asked.After(monday) {
			return 0, registry.Dispatch{}, geo.NewInvalid("week", "flow.not_after", in.Week, "day", weekOf(monday))
		}
		monday = asked
	}
	on := monday.AddDate(0, 0, 6)
	if on.After(today) {
		on = today
	}
	zone := at.String()
	if in.Park == "" {
		zone = "Asia/Shanghai"
	}
	sheet, err := d.registry.Dispatch(ctx, of, registry.DispatchQuery{Park: in.Park, Monday: monday, On: on,
		TimeZone: zone, Still: in.Still})
	sheet.Week = weekOf(monday)
	return 0, sheet, err
}

// mondayOf is the first day of a day's week by ISO 8601.
func mondayOf(day time.Time) time.Time { return day.AddDate(0, 0, -(int(day.Weekday())+6)%7) }

// weekOf names the week of a Monday by ISO 8601.
func weekOf(monday time.Time) string {
	year, week := monday.ISOWeek()
	return fmt.Sprintf("%04d-W%02d", year, week)
}

// parseWeek reads a week by ISO 8601: its Monday. A week that the year doesn't have is none.
func parseWeek(text string) (time.Time, bool) {
	y, w, found := strings.Cut(text, "-W")
	year, err := strconv.Atoi(y)
	week, bad := strconv.Atoi(w)
	if !found || err != nil || bad != nil || year < 1900 || year > 2200 || week < 1 {
		return time.Time{}, false
	}
	monday := mondayOf(time.Date(year, 1, 4, 0, 0, 0, 0, time.UTC)).AddDate(0, 0, 7*(week-1))
	return monday, weekOf(monday) == text
}
