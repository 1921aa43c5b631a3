// Package page draws the readable form of what the API answers: pages that work without scripts, in Chinese and
// English.
package page

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
	"net/url"

	"luodi/message"
)

// StylePath is where Style is to be served.
const StylePath = "/api/style.css"

// Page is one readable answer.
type Page struct {
	Title    string
	Lead     string
	Crumbs   []Link // the way here, the first page first
	Other    []Link // other forms of the same answer
	Map      string // the address of the map, "" for none
	Sections []Section
}

// Section is a part of a page. Empty fields are not rendered.
type Section struct {
	Title string
	Text  string
	Links []Link
	Table *Table
	Code  string
}

// Table has a head and rows of cells.
type Table struct {
	Head []string
	Rows [][]Cell
}

// Cell is a text, perhaps with a link, perhaps a literal.
type Cell struct {
	Text string
	Href string
	Code bool
}

// Link is a text and an address.
type Link struct {
	Text string
	Href string
}

//go:embed page.html
var source string

//go:embed style.css
var style []byte

var pages = template.Must(template.New("page").Parse(source))

// Write draws a page in a language.
func Write(w http.ResponseWriter, r *http.Request, lang message.Lang, p Page) error {
	other, name := message.EN, "English"
	if lang == message.EN {
		other, name = message.ZH, "中文"
	}
	query := r.URL.Query()
	query.Set("lang", string(other))
	var body bytes.Buffer
	err := pages.Execute(&body, struct {
		Page
		Lang     message.Lang
		Product  string
		MapText  string
		Style    string
		Switch   Link
		SwitchTo message.Lang
	}{p, lang, message.Text(lang, "api.product"), message.Text(lang, "api.map"), StylePath,
		Link{name, (&url.URL{Path: r.URL.Path, RawQuery: query.Encode()}).String()}, other})
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(lang))
	_, err = w.Write(body.Bytes())
	return err
}

// Style serves the style sheet of the pages.
func Style(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "max-age=3600")
	_, _ = w.Write(style) // a reader who left needs no style
}
