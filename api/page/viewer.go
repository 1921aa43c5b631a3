package page

import (
	_ "embed"
	"net/http"
)

// ViewerPath is where ViewerScript is to be served.
const ViewerPath = "/api/docs.js"

// FromExtension names, in the OpenAPI documents, where a value for a request is found: the path of an answer and the
// member of it, for ids that each database gives anew. The path begins at the server's root, below a proxy's prefix.
// Of a parameter it is such a pair, of a body pairs by member. The viewer of the documents looks them up, with what
// the reader may see.
const FromExtension = "x-luodi-from"

// Viewer shows an OpenAPI document with the program that the build puts into /docs: Swagger UI.
type Viewer struct {
	Document string // the address of the document
	Plain    string // of the page for those without scripts
	Tabs     []Tab  // the documents that there are
	Loading  string
	Failed   string
}

// Tab leads to one of several pages side by side.
type Tab struct {
	Link
	Here bool
}

// viewerPolicy lets the viewer ask this server, and style its parts itself. No other page has so wide a policy.
const viewerPolicy = "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; font-src 'self'; " +
	"img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"

//go:embed viewer.js
var viewerScript []byte

// ViewerScript serves what starts the viewer.
func ViewerScript(w http.ResponseWriter, _ *http.Request) { serve(w, "text/javascript", viewerScript) }
