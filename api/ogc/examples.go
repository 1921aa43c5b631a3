package ogc

import (
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"luodi/api/page"
	"luodi/data/feed"
)

// exemplify groups the operations of the document by collection, and gives each a request that works: a page of a few
// features, and a feature that there is.
func exemplify(a *ask, doc *huma.OpenAPI) {
	doc.Components.Parameters["limit"].Example = 10
	for path, item := range doc.Paths {
		rest, ofCollection := strings.CutPrefix(path, "/collections/")
		if !ofCollection {
			item.Get.Tags = []string{a.text("api.ogc.title")}
			continue
		}
		id, rest, _ := strings.Cut(rest, "/")
		item.Get.Tags = []string{a.text("api.collection." + id)}
		if rest != "items/{featureId}" {
			continue
		}
		for i, param := range item.Get.Parameters {
			if param.Ref == "#/components/parameters/featureId" {
				shared := *doc.Components.Parameters["featureId"]
				shared.Extensions = map[string]any{page.FromExtension: [2]string{
					Prefix + "/collections/" + id + "/items?f=json&limit=1", "features.0.id"}}
				item.Get.Parameters[i] = &shared
			}
		}
	}
	nameGroups(a, doc)
}

// nameGroups lists the groups in the order of the collections.
func nameGroups(a *ask, doc *huma.OpenAPI) {
	doc.Tags = []*huma.Tag{{Name: a.text("api.ogc.title"), Description: a.text("api.ogc.about")}}
	for _, c := range feed.Collections() {
		doc.Tags = append(doc.Tags, &huma.Tag{Name: a.text("api.collection." + c.ID),
			Description: a.text("api.collection." + c.ID + ".about")})
	}
}
