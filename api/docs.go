package api

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io/fs"
	"net/http"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"luodi/api/page"
	"luodi/api/problem"
	"luodi/api/request"
	"luodi/message"
)

// addDocs adds the documents of the API and the pages that show them: a viewer with which requests can be tried, and a
// page without scripts. A program that was built without the map's page has no viewer.
func (d *domain) addDocs(r chi.Router, files fs.FS) {
	_, err := fs.Stat(cmp.Or[fs.FS](files, nothing{}), "docs/swagger-ui-bundle.js")
	first := d.plainDocs
	if err == nil {
		first = d.viewer
	}
	r.Get("/api/docs", asking(first, "of"))
	r.Get("/api/docs/plain", asking(d.plainDocs))
	r.Get("/api/openapi.json", asking(d.openAPI)) // in place of huma's, which speaks one language
	r.Get(page.ViewerPath, page.ViewerScript)
}

// nothing is a file system without files.
type nothing struct{}

func (nothing) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// asking gives a handler the parameters of the request: lang, and those named.
func asking(serve func(http.ResponseWriter, *http.Request, request.Query) error, names ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q, err := request.ParseQuery(r, append([]string{"lang"}, names...)...)
		if err == nil {
			err = serve(w, r, q)
		}
		if err != nil {
			problem.Write(w, r, err)
		}
	}
}

// plainDocs draws the OpenAPI document without scripts.
func (d *domain) plainDocs(w http.ResponseWriter, r *http.Request, q request.Query) error {
	lang, err := q.Lang(r)
	if err != nil {
		return err
	}
	text := func(key string) string { return message.Text(lang, key) }
	root := request.PathPrefix(r)
	return page.Write(w, r, lang, page.Page{
		Root: root, Title: text("api.docs.title"), Lead: text("api.docs.about"), Map: root + "/?lang=" + string(lang),
		Other: []page.Link{{Text: "OpenAPI 3.1", Href: root + "/api/openapi.json"},
			{Text: "OGC API", Href: root + "/ogc?f=html&lang=" + string(lang)}},
		Sections: page.Docs(d.api.OpenAPI(), lang),
	})
}

// viewer shows a document so that requests can be tried: the domain API's, or with of=ogc that of the features.
func (d *domain) viewer(w http.ResponseWriter, r *http.Request, q request.Query) error {
	lang, err := q.Lang(r)
	if err != nil {
		return err
	}
	of, given := q["of"]
	if given && of != "api" && of != "ogc" {
		return &problem.Request{Kind: problem.InvalidParameter, Field: "of", Expected: "api.expected.one_of",
			Args: []any{"values", "api, ogc"}, Got: of}
	}
	text := func(key string) string { return message.Text(lang, key) }
	speaking, root := url.Values{"lang": {string(lang)}}.Encode(), request.PathPrefix(r)
	docs := root + "/api/docs"
	v := page.Viewer{Document: root + "/api/openapi.json?" + speaking, Plain: docs + "/plain?" + speaking,
		Loading: text("api.docs.viewer.loading"), Failed: text("api.docs.viewer.failed"),
		Tabs: []page.Tab{{Link: page.Link{Text: text("api.docs.domain"), Href: docs + "?" + speaking}, Here: of != "ogc"},
			{Link: page.Link{Text: text("api.ogc.title"), Href: docs + "?of=ogc&" + speaking}, Here: of == "ogc"}}}
	if of == "ogc" {
		v.Document, v.Plain = root+"/ogc/api?f=json&"+speaking, root+"/ogc/api?f=html&"+speaking
	}
	return page.Write(w, r, lang, page.Page{Root: root, Title: text("api.docs.title"), Lead: text("api.docs.viewer.about"),
		Map:   root + "/?lang=" + string(lang),
		Other: []page.Link{{Text: "OpenAPI", Href: v.Document}, {Text: text("api.docs.plain"), Href: v.Plain}}, Viewer: &v,
	})
}

// openAPI sends the document: in English, as those expect that make programs of it, or as lang says.
func (d *domain) openAPI(w http.ResponseWriter, r *http.Request, q request.Query) error {
	lang := message.EN
	if _, given := q["lang"]; given {
		var err error
		if lang, err = q.Lang(r); err != nil {
			return err
		}
	}
	doc := *d.api.OpenAPI()
	root := request.PathPrefix(r)
	if root != "" { // without servers paths begin at the root
		doc.Servers = []*huma.Server{{URL: root}}
	}
	body, err := json.Marshal(&doc)
	if err == nil && lang != message.EN {
		body, err = translated(body, &doc, lang)
	}
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/openapi+json")
	h.Set("Content-Language", string(lang))
	tag := request.Tag("", d.version, root, r.URL.Path, string(lang))
	if request.Unchanged(w, r, tag) {
		return nil
	}
	_, _ = w.Write(body) // nobody is left to be told of a failure
	return nil
}

// translated is the document with its texts in a language, as the page without scripts has them.
func translated(body []byte, doc *huma.OpenAPI, lang message.Lang) ([]byte, error) {
	var said map[string]any
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if err := decoder.Decode(&said); err != nil {
		return nil, err
	}
	member(said, "info")["description"] = message.Text(lang, "api.docs.about")
	for _, tag := range list(said["tags"]) {
		name, _ := tag["name"].(string)
		tag[displayName] = page.Known(lang, "api.docs.group."+name, name)
		tag["description"] = page.Known(lang, "api.docs.group."+name+".about", name)
	}
	for op := range operations(doc) {
		translate(member(said, "paths", op.Path, strings.ToLower(op.Method)), op, lang)
	}
	return json.Marshal(said)
}

// translate puts the texts of an operation into its JSON.
func translate(said map[string]any, op *huma.Operation, lang message.Lang) {
	said["summary"] = page.Known(lang, "api.docs."+op.OperationID, op.Summary)
	said["description"] = page.Needs(op, lang)
	for _, param := range list(said["parameters"]) {
		name, _ := param["name"].(string)
		description, _ := param["description"].(string)
		param["description"] = page.Known(lang, "api.docs.parameter."+name, description)
	}
	for status, response := range member(said, "responses") {
		if response, ok := response.(map[string]any); ok {
			description, _ := response["description"].(string)
			response["description"] = page.Known(lang, "api.answer."+status, description)
		}
	}
}

// member walks into an object; an empty object where there is none.
func member(object map[string]any, names ...string) map[string]any {
	for _, name := range names {
		next, ok := object[name].(map[string]any)
		if !ok {
			return map[string]any{}
		}
		object = next
	}
	return object
}

// list is a list of objects.
func list(value any) []map[string]any {
	items, _ := value.([]any)
	var objects []map[string]any
	for _, item := range items {
		if object, ok := item.(map[string]any); ok {
			objects = append(objects, object)
		}
	}
	return objects
}
