package ogc

import (
	"net/http"
	"slices"
	"strings"

	"luodi/api/request"
)

// Profiles of GeoJSON (JSON-FG, clause 14), of code lists and of value domains (Features Part 5, clauses 15 and 16), by
// the last segment of their URIs.
const (
	rfc7946        = "rfc7946"
	jsonFGOnly     = "jsonfg"      // geometry is null where place has the shape
	jsonFGPlus     = "jsonfg-plus" // geometry is the shape in CRS84 besides
	codelistRef    = "codelist-ref"
	codelistInline = "codelist-inline"
	validDomain    = "valid-domain"
)

const profileURI = "http://www.opengis.net/def/profile/OGC/0/"

// profile is a row of the table of profiles.
type profile struct {
	name  string
	of    resource
	in    []request.Format // the formats that can follow it; nil: any
	group string           // an answer follows one profile of each group
}

// profiles are in the order of their groups, the one that is followed unasked first.
var profiles = []profile{
	{rfc7946, oneFeature | features | parkFeatures, []request.Format{request.JSON, geoJSONSeq}, "features"},
	{jsonFGOnly, oneFeature | features, []request.Format{request.JSON, jsonFG}, "features"},
	{jsonFGPlus, oneFeature | features, []request.Format{request.JSON, jsonFG}, "features"},
	{codelistRef, schemas, nil, "codelist"},
	{codelistInline, schemas, nil, "codelist"},
	{validDomain, schemas, nil, "domain"},
}

// profileValues lists the values of the parameter profile for a kind of resource: names, then URIs.
func profileValues(of resource) []string {
	var names, all []string
	for _, p := range profiles {
		if p.of&of != 0 {
			names, all = append(names, p.name), append(all, profileURI+p.name)
		}
	}
	return append(names, all...)
}

// profilesOf are the profiles that an answer follows, one of each group: the first of those asked for that the format
// can follow, else the format's own. A profile that the resource has and the format lacks has no effect (Features
// Part 5, /rec/profile-parameter/profile-negotiation). One that the resource does not have is refused, as the
// standard's test suite wants (/conf/profile-parameter/profile-param-response).
func profilesOf(q request.Query, of resource, format request.Format) ([]string, error) {
	var asked []string
	if text, given := q["profile"]; given {
		known := profileValues(of)
		for name := range strings.SplitSeq(text, ",") {
			if !slices.Contains(known, name) {
				return nil, oneOf("profile", known, name)
			}
			asked = append(asked, strings.TrimPrefix(name, profileURI))
		}
	}
	var followed []string
	group := ""
	for _, p := range profiles {
		last := len(followed) - 1
		switch {
		case p.of&of == 0 || p.in != nil && !slices.Contains(p.in, format):
		case p.group != group:
			group, followed = p.group, append(followed, p.name)
		case place(asked, p.name) < place(asked, followed[last]):
			followed[last] = p.name
		}
	}
	return followed, nil
}

// place is where a name stands in a list, its length where it does not.
func place(list []string, name string) int {
	if at := slices.Index(list, name); at >= 0 {
		return at
	}
	return len(list)
}

// follows reports whether the answer follows a profile.
func (a *ask) follows(name string) bool { return slices.Contains(a.profiles, name) }

// profileLink names the profile of an answer that holds features.
func (a *ask) profileLink() Link {
	link := Link{Rel: "profile", Title: a.text("api.link.profile")}
	for _, name := range a.profiles {
		link.Href = profileURI + name
	}
	return link
}

// headProfiles names the profiles of an answer in its header (RFC 8288).
func (a *ask) headProfiles(w http.ResponseWriter) {
	links := make([]string, len(a.profiles))
	for i, name := range a.profiles {
		links[i] = "<" + profileURI + name + `>; rel="profile"`
	}
	if len(links) > 0 {
		w.Header().Set("Link", strings.Join(links, ", "))
	}
}
