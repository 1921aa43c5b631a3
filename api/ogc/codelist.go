package ogc

import (
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"

	"luodi/api/page"
	"luodi/data/feed"
	"luodi/data/store"
	"luodi/message"
)

// codelistsPath is the path of the lists of codes, below Prefix.
const codelistsPath = "/codelists"

// codelistPath is the path of the list of a property's values. It is named as the property is.
func codelistPath(p *feed.Property) string { return codelistsPath + "/" + p.Name }

// code is a value that a property may have and what it means, as a schema has it.
type code struct {
	Const string `json:"const"`
	Title string `json:"title"`
}

func codesOf(lang message.Lang, p *feed.Property) []code {
	codes := make([]code, len(p.Values))
	for i, value := range p.Values {
		codes[i] = code{value, valueText(lang, p, value)}
	}
	return codes
}

// listed are the properties that have a list of values, each name once: those of the same name have the same list.
func (a *ask) listed() []*feed.Property {
	var all []*feed.Property
	for _, c := range a.collections() {
		for i := range c.Properties {
			p := &c.Properties[i]
			if p.Values != nil && !slices.ContainsFunc(all, func(q *feed.Property) bool { return q.Name == p.Name }) {
				all = append(all, p)
			}
		}
	}
	return all
}

func (a *ask) codelistNames() []string {
	var names []string
	for _, p := range a.listed() {
		names = append(names, p.Name)
	}
	return names
}

// codelistHead tells of a list where all are listed.
type codelistHead struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Links []Link `json:"links"`
}

// codelists answers with the lists that there are.
func (s *Service) codelists(w http.ResponseWriter, r *http.Request) error {
	return s.fixed(w, r, typeJSON, func(a *ask) any {
		all := []codelistHead{}
		for _, p := range a.listed() {
			all = append(all, codelistHead{p.Name, PropertyTitle(p, a.lang),
				[]Link{a.link("item", codelistPath(p), typeJSON, "api.link.codelist")}})
		}
		return struct {
			Links     []Link         `json:"links"`
			Codelists []codelistHead `json:"codelists"`
		}{a.self(typeJSON), all}
	}, func(w http.ResponseWriter, r *http.Request, a *ask) error {
		t := &page.Table{}
		for _, p := range a.listed() {
			t.Rows = append(t.Rows, []page.Cell{{Text: p.Name, Href: a.html(codelistPath(p))},
				{Text: PropertyTitle(p, a.lang)}})
		}
		return a.write(w, r, page.Page{Title: a.text("api.link.codelists"),
			Lead: a.text("api.codelists.about"), Crumbs: a.crumbs(nil), Other: a.json("JSON"),
			Sections: []page.Section{{Table: t}}})
	})
}

// codelist answers with a list: each code with its title in the reader's language.
func (s *Service) codelist(w http.ResponseWriter, r *http.Request) error {
	a, err := asked(r)
	if err != nil {
		return err
	}
	listed, name := a.listed(), chi.URLParam(r, "codelist")
	at := slices.IndexFunc(listed, func(p *feed.Property) bool { return p.Name == name })
	if at < 0 {
		return &store.Missing{Kind: "codelist", Name: name}
	}
	p := listed[at]
	return s.fixedAs(w, r, a, typeJSON, func(a *ask) any {
		return struct {
			ID    string `json:"id"`
			Title string `json:"title"`
			Codes []code `json:"codes"`
			Links []Link `json:"links"`
		}{p.Name, PropertyTitle(p, a.lang), codesOf(a.lang, p), a.self(typeJSON)}
	}, func(w http.ResponseWriter, r *http.Request, a *ask) error {
		t := &page.Table{Head: []string{a.text("api.head.code"), a.text("api.head.meaning")}}
		for _, c := range codesOf(a.lang, p) {
			t.Rows = append(t.Rows, []page.Cell{{Text: c.Const, Code: true}, {Text: c.Title}})
		}
		lists := page.Link{Text: a.text("api.link.codelists"), Href: a.html(codelistsPath)}
		return a.write(w, r, page.Page{Title: PropertyTitle(p, a.lang), Lead: a.text("api.link.codelist"),
			Crumbs: append(a.crumbs(nil), lists), Other: a.json("JSON"), Sections: []page.Section{{Table: t}}})
	})
}
