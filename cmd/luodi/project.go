package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"github.com/google/uuid"

	"luodi/data/registry"
)

type projectCmd struct {
	List projectsCmd   `cmd:"" help:"List the projects that are the business of one's parks."`
	Add  projectAddCmd `cmd:"" help:"Make a project."`
}

type partyCmd struct {
	List partiesCmd  `cmd:"" help:"List the companies and public bodies that are the business of one's parks."`
	Add  partyAddCmd `cmd:"" help:"Make a party."`
}

type projectList struct {
	Projects []registry.Project `json:"projects"`
}

type partyList struct {
	Parties []registry.Party `json:"parties"`
}

// ofDistrict is a district of a server, or all one may see.
type ofDistrict struct {
	remote
	District string `help:"Code of the district; may be left out where one works in just one."`
}

func (d ofDistrict) query() url.Values {
	if d.District == "" {
		return url.Values{}
	}
	return url.Values{"district": {d.District}}
}

// projects reads all pages of a list of projects.
func projects(ctx context.Context, e *env, r remote, query url.Values) ([]registry.Project, error) {
	return pages(ctx, e, r, "/api/projects", query, func(p registry.ProjectsFound) ([]registry.Project, *int) {
		return p.Projects, p.Next
	})
}

// parties reads all pages of a list of parties.
func parties(ctx context.Context, e *env, r remote, query url.Values) ([]registry.Party, error) {
	return pages(ctx, e, r, "/api/parties", query, func(p registry.PartiesFound) ([]registry.Party, *int) {
		return p.Parties, p.Next
	})
}

// pages reads all pages of a list; of gives the rows of a page, and where the next begins.
func pages[P, T any](ctx context.Context, e *env, r remote, path string, query url.Values, of func(P) ([]T, *int)) ([]T,
	error) {
	query.Set("limit", "1000")
	all := []T{}
	for {
		page, _, err := read[P](ctx, e, r, path+"?"+query.Encode())
		if err != nil {
			return nil, err
		}
		rows, next := of(page)
		all = append(all, rows...)
		if next == nil {
			return all, nil
		}
		query.Set("from", strconv.Itoa(*next))
	}
}

// names are what a project or party is called.
type names struct {
	NameZH string `help:"Name in Chinese." required:"" name:"name-zh"`
	NameEN string `help:"Name in English." required:"" name:"name-en"`
	Named  bool   `help:"It agreed to be named to the public."`
	Park   string `help:"Code of the park that enters it; may be left out where one plans in just one."`
}

// body is what a server is told of something new.
func (n names) body(district string) map[string]any {
	body := map[string]any{"name_zh": n.NameZH, "name_en": n.NameEN, "named": n.Named}
	if district != "" {
		body["district"] = district
	}
	if n.Park != "" {
		body["park"] = n.Park
	}
	return body
}

type projectsCmd struct{ ofDistrict }

// Run lists projects.
func (c projectsCmd) Run(ctx context.Context, e *env) error {
	all, err := projects(ctx, e, c.remote, c.query())
	if err != nil {
		return err
	}
	body, err := json.Marshal(projectList{all})
	if err != nil {
		return err
	}
	return c.show(e, &answered{body: body}, func() error {
		return e.table("cli.project.head", len(all), func(w io.Writer, i int) {
			p := all[i]
			party := "—"
			if p.Party != nil {
				party = p.Party.NameZH
			}
			row(w, p.Code, p.NameZH, p.NameEN, party, p.District, p.ID)
		})
	})
}

type projectAddCmd struct {
	ofDistrict
	Code string `arg:"" help:"The project's code."`
	names
	Party string   `help:"Id or Chinese name of the company whose project it is."`
	Seeks []string `help:"Codes of parks in which it seeks land: their members see it too." placeholder:"PARK,…"`
}

// Run makes a project.
func (c projectAddCmd) Run(ctx context.Context, e *env) error {
	party, err := c.party(ctx, e)
	if err != nil {
		return err
	}
	body := c.body(c.District)
	body["code"] = c.Code
	if len(c.Seeks) > 0 {
		body["seeks"] = c.Seeks
	}
	if party != nil {
		body["party"] = party
	}
	return c.add(ctx, e, "/api/projects", "cli.project.made", body)
}

// party finds the party that is named; nil where none is.
func (c projectAddCmd) party(ctx context.Context, e *env) (*uuid.UUID, error) {
	if c.Party == "" {
		return nil, nil
	}
	if id, err := uuid.Parse(c.Party); err == nil {
		return &id, nil
	}
	query := c.query()
	query.Set("words", c.Party)
	all, err := parties(ctx, e, c.remote, query)
	if err != nil {
		return nil, err
	}
	var found []uuid.UUID
	for _, p := range all {
		if p.NameZH == c.Party {
			found = append(found, p.ID)
		}
	}
	if len(found) != 1 {
		return nil, errors.New(e.text("cli.party.unknown", "name", c.Party, "count", len(found)))
	}
	return &found[0], nil
}

// add makes a project or party and says its id.
func (d ofDistrict) add(ctx context.Context, e *env, path, done string, body map[string]any) error {
	got, err := d.ask(ctx, e, http.MethodPost, path, body)
	if err != nil {
		return err
	}
	return d.show(e, got, func() error {
		var made struct {
			ID     uuid.UUID `json:"id"`
			NameZH string    `json:"name_zh"`
			NameEN string    `json:"name_en"`
		}
		if err := json.Unmarshal(got.body, &made); err != nil {
			return err
		}
		e.say(done, "id", made.ID, "zh", made.NameZH, "en", made.NameEN)
		return nil
	})
}

type partiesCmd struct{ ofDistrict }

// Run lists parties.
func (c partiesCmd) Run(ctx context.Context, e *env) error {
	all, err := parties(ctx, e, c.remote, c.query())
	if err != nil {
		return err
	}
	body, err := json.Marshal(partyList{all})
	if err != nil {
		return err
	}
	return c.show(e, &answered{body: body}, func() error {
		return e.table("cli.party.head", len(all), func(w io.Writer, i int) {
			p := all[i]
			row(w, p.NameZH, p.NameEN, p.District, p.ID)
		})
	})
}

type partyAddCmd struct {
	ofDistrict
	names
}

// Run makes a party.
func (c partyAddCmd) Run(ctx context.Context, e *env) error {
	return c.add(ctx, e, "/api/parties", "cli.party.made", c.body(c.District))
}
