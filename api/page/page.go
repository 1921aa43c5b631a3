// Package page draws the readable form of what the API answers: pages that work without scripts, in Chinese and
// English.
package page

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"luodi/message"
)

// Where Style and Script are to be served.
const (
	StylePath  = "/api/style.css"
	ScriptPath = "/api/page.js"
)

// policy lets a page use the style, the one script, the fonts and the images of this server, and nothing else. It is
// narrower than the policy of the map's page. It ends with who may show the page in a frame.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'self'"

// Page is one readable answer.
type Page struct {
	Root     string // the path under which a proxy serves this server, "" for the root; links carry it already
	Title    string
	Lead     string
	About    string // for previews of links, "" for none
	Image    string // the picture of such a preview, 1200 by 630, by its whole address; "" for none
	Crumbs   []Link // the way here, the first page first
	Here     string // what the page is called at the end of the way, "" for its title
	Other    []Link // other forms of the same answer
	Map      string // the address of the map, "" for none
	Contact  string // whom to ask, on one line, for a card; "" for none
	Sections []Section
	Framers  []string // origins whose pages may show this one in a frame, beside this server's own
	Pictures []string // origins of pictures that the page shows, beside this server
	Outward  bool     // in a frame: its links open outside of it
	Viewer   *Viewer  // nil but on the page of the API's documents
}

// Section is a part of a page. Empty fields are not rendered.
type Section struct {
	Title   string
	Text    string
	Links   []Link
	Form    *Form
	Drawing *Drawing
	Maps    []*Drawing // small, side by side
	Solid   *Solid
	Table   *Table
	Copy    *Copy
	Code    string
	QR      *QR
	Photos  []Photo // on a screen
}

// Photo is a picture with what is said of it, in its own size, so that nothing moves when it comes.
type Photo struct {
	Href, Alt, Text string
	Sizes           string // for srcset: smaller sizes with their widths, and the whole
	Width, Height   int
}

// Laid is the section's drawing as the template draws it; nil where there is none.
func (s Section) Laid() *Drawn {
	if s.Drawing == nil {
		return nil
	}
	return s.Drawing.Lay()
}

// Raised is the section's solid as the template draws it; nil where there is none.
func (s Section) Raised() *DrawnSolid {
	if s.Solid == nil {
		return nil
	}
	return s.Solid.Lay()
}

// Table has a head and rows of cells.
type Table struct {
	Head []string
	// Sorting says of each column how a click on its head sorts; nil where it does not. It may be shorter than Head.
	Sorting []*Sort
	Rows    [][]Cell
	Compact bool // a line a row: short values in many columns
}

// Sorts is Sorting, as long as Head.
func (t *Table) Sorts() []*Sort {
	return append(t.Sorting[:len(t.Sorting):len(t.Sorting)], make([]*Sort, max(0, len(t.Head)-len(t.Sorting)))...)
}

// Numeric tells whether a column holds numbers, which stand at its end.
func (t *Table) Numeric(column int) bool {
	return slices.ContainsFunc(t.Rows, func(row []Cell) bool { return column < len(row) && row[column].Number })
}

// Sort is what a click on a head asks for, and the order of the rows that are shown: "ascending", "descending" or "".
type Sort struct {
	Href  string
	Order string
}

// Mark shows the order.
func (s *Sort) Mark() string {
	return map[string]string{"ascending": " ↑", "descending": " ↓"}[s.Order]
}

// Cell is a text, perhaps with a link, perhaps a literal.
type Cell struct {
	Text   string
	Href   string
	Code   bool
	Number bool   // aligned as numbers are
	Head   bool   // names the row
	Class  string // of a swatch before the text, "" for none
	Phone  bool   // a telephone number, which a press calls
}

// Dial is the address that calls a telephone number (RFC 3966): its digits, with + before where it has one.
func (c Cell) Dial() template.URL {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, c.Text)
	if strings.HasPrefix(c.Text, "+") {
		digits = "+" + digits
	}
	return template.URL("tel:" + digits)
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

//go:embed page.js
var script []byte

// washes are the variables that classes of the style take their colour from.
var washes = func() map[string]string {
	all := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^\.([a-z_]+) \{ --wash: var\((--[a-z_-]+)\); \}$`).FindAllSubmatch(style, -1) {
		all[string(m[1])] = string(m[2])
	}
	return all
}()

// Wash is the variable of pages.css that a class of the style is coloured by; "" for a class that has none.
func Wash(class string) string { return washes[class] }

var pages = template.Must(template.New("page").Parse(source))

// Write draws a page in a language.
func Write(w http.ResponseWriter, r *http.Request, lang message.Lang, p Page) error {
	other, name := message.EN, "English"
	if lang == message.EN {
		other, name = message.ZH, "中文"
	}
	query := r.URL.Query()
	query.Set("lang", string(other))
	text := func(key string) string { return message.Text(lang, key) }
	var body bytes.Buffer
	err := pages.Execute(&body, struct {
		Page
		Lang                                   message.Lang
		Product, MapText, TableText, Skip, Way string
		Style, Script                          string
		Switch                                 Link
		SwitchTo                               message.Lang
	}{p, lang, text("api.product"), text("api.map"), text("api.page.table"), text("api.page.skip"), text("api.page.way"),
		p.Root + StylePath, p.Root + ScriptPath,
		Link{name, (&url.URL{Path: p.Root + r.URL.Path, RawQuery: query.Encode()}).String()}, other})
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", strings.Join(append([]string{p.policy()}, p.Framers...), " "))
	if len(p.Pictures) > 0 { // keys of tile servers are often tied to the origin of the page
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
	}
	if p.Viewer != nil {
		h.Set("Content-Security-Policy", viewerPolicy)
	}
	h.Set("Content-Language", string(lang))
	_, err = w.Write(body.Bytes())
	return err
}

// policy is the page's, with its pictures.
func (p *Page) policy() string {
	return strings.Replace(policy, "img-src 'self'", strings.Join(append([]string{"img-src 'self'"}, p.Pictures...), " "), 1)
}

// Style serves the style sheet of the pages.
func Style(w http.ResponseWriter, _ *http.Request) { serve(w, "text/css", style) }

// Script serves the script of the pages, which work without it.
func Script(w http.ResponseWriter, _ *http.Request) { serve(w, "text/javascript", script) }

func serve(w http.ResponseWriter, kind string, body []byte) {
	w.Header().Set("Content-Type", kind+"; charset=utf-8")
	w.Header().Set("Cache-Control", "max-age=3600")
	_, _ = w.Write(body) // a reader who left needs none
}
