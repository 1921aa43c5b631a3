package ogc

import (
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"luodi/api/page"
	"luodi/api/problem"
	"luodi/data/feed"
	"luodi/geo"
	"luodi/message"
)

// document describes the service in OpenAPI 3.0. Features come from the collections' own descriptions.
func (s *Service) document(a *ask) *huma.OpenAPI {
	doc := &huma.OpenAPI{
		OpenAPI: "3.0.3",
		Info: &huma.Info{
			Title: a.text("api.ogc.title"), Description: a.text("api.ogc.about"), Version: s.version,
			License: &huma.License{Name: "Apache-2.0", URL: "https://www.apache.org/licenses/LICENSE-2.0"},
		},
		Servers: []*huma.Server{{URL: a.base}},
		Components: &huma.Components{
			Parameters: sharedParameters(a), Responses: sharedResponses(a),
			Schemas: huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer), // none, which is not null
		},
		Paths: map[string]*huma.PathItem{},
	}
	add := func(path, id, title, kind string, params ...*huma.Param) {
		format := "f"
		switch id, _, _ := strings.Cut(id, "."); id {
		case "items":
			format = "f-items"
		case "item":
			format = "f-item"
		case "tile":
			format = "f-tile"
		case "tileset":
			format = "f-tileset"
		case "style":
			format = "f-style"
		}
		params = append(params, ref(format), ref("lang"))
		doc.Paths[path] = &huma.PathItem{Get: &huma.Operation{
			OperationID: id, Summary: title, Parameters: params, Responses: responses(title, kind),
		}}
	}
	add("/", "landing", a.text("api.ogc.title"), typeJSON)
	add("/conformance", "conformance", a.text("api.ogc.conformance"), typeJSON)
	add("/api", "api", a.text("api.ogc.api"), typeOpenAPI)
	add("/collections", "collections", a.text("api.ogc.collections"), typeJSON)
	add(crsPath, "crs", a.text("api.crs.title"), typeJSON)
	add(codelistsPath, "codelists", a.text("api.link.codelists"), typeJSON)
	add(codelistsPath+"/{codelistId}", "codelist", a.text("api.link.codelist"), typeJSON, codelistParam(a))
	add(setsPath, "tileMatrixSets", a.text("api.link.tile_matrix_sets"), typeJSON)
	add(setsPath+"/{tileMatrixSetId}", "tileMatrixSet", a.text("api.link.tile_matrix_set"), typeJSON,
		pathParam(a, "tileMatrixSetId"))
	for _, c := range a.collections() {
		path, name := "/collections/"+c.ID, a.text("api.collection."+c.ID)
		add(path, "collection."+c.ID, name, typeJSON)
		add(path+"/queryables", "queryables."+c.ID, name+" · "+a.text("api.link.queryables"), typeSchema,
			ref("profile-schema"))
		add(path+"/sortables", "sortables."+c.ID, name+" · "+a.text("api.link.sortables"), typeSchema,
			ref("profile-schema"))
		add(path+"/schema", "schema."+c.ID, name+" · "+a.text("api.link.schema"), typeSchema, ref("profile-schema"))
		add(path+"/feature-schema", "featureSchema."+c.ID, name+" · "+a.text("api.link.feature_schema"), typeSchema)
		add(path+"/items", "items."+c.ID, name+" · "+a.text("api.link.items"), typeGeoJSON, itemsParams(a, c)...)
		add(path+"/items/{featureId}", "item."+c.ID, name+" · "+a.text("api.link.item"), typeGeoJSON, ref("featureId"),
			ref("crs"), ref("datetime"), ref("profile"), selectionParam(a, c))
		chosen := append(tileParams(a, c), pathParam(a, "tileMatrixSetId"))
		add(path+"/tiles", "tilesets."+c.ID, name+" · "+a.text("api.link.tilesets"), typeJSON)
		add(path+"/tiles/{tileMatrixSetId}", "tileset."+c.ID, name+" · "+a.text("api.link.tileset"), typeJSON, chosen...)
		add(path+"/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}", "tile."+c.ID, name+" · "+
			a.text("api.link.mvt"), typeMVT, append(chosen, pathParam(a, "tileMatrix"), pathParam(a, "tileRow"),
			pathParam(a, "tileCol"))...)
		add(path+"/styles", "styles."+c.ID, name+" · "+a.text("api.link.styles"), typeJSON)
		add(path+"/styles/{styleId}", "style."+c.ID, name+" · "+a.text("api.link.mbs"), typeMapboxStyle,
			pathParam(a, "styleId"))
	}
	exemplify(a, doc)
	return doc
}

func codelistParam(a *ask) *huma.Param {
	names := a.codelistNames()
	return &huma.Param{Name: "codelistId", In: "path", Required: true, Description: a.text("api.parameter.codelistId"),
		Schema: &huma.Schema{Type: "string", Enum: listOf(names)}, Example: names[0]}
}

func itemsParams(a *ask, c *feed.Collection) []*huma.Param {
	params := []*huma.Param{ref("bbox"), ref("bbox-crs"), ref("crs"), ref("datetime"), ref("limit"), ref("cursor"),
		ref("offset"), ref("profile"), ref("filter"), ref("filter-lang"), ref("filter-crs"), ref("q"), sortParam(a, c),
		selectionParam(a, c)}
	return append(params, valueParams(a, c)...)
}

// tileParams are the parameters of tiles.
func tileParams(a *ask, c *feed.Collection) []*huma.Param {
	params := []*huma.Param{ref("tile-crs"), ref("datetime"), ref("filter"), ref("filter-lang"), ref("filter-crs"),
		ref("q")}
	if by := c.Drawing().Class; by != "" {
		params = append(params, &huma.Param{Name: joined, In: "query", Description: a.text("api.parameter.joined"),
			Style: "form", Schema: &huma.Schema{Type: "string", Enum: []any{by}}})
	}
	return append(params, valueParams(a, c)...)
}

// valueParams are the properties that a collection can be asked by.
func valueParams(a *ask, c *feed.Collection) []*huma.Param {
	var params []*huma.Param
	for i := range c.Properties {
		p := &c.Properties[i]
		if p.Queryable() {
			params = append(params, &huma.Param{Name: p.Name, In: "query", Description: PropertyTitle(p, a.lang),
				Schema: parameterSchema(p, a.lang), Style: "form"})
		}
	}
	return params
}

// sortParam and selectionParam list what a collection can be sorted by, and what of a feature can be asked for.
func sortParam(a *ask, c *feed.Collection) *huma.Param {
	var keys []any
	for _, name := range queryableNames(c) {
		keys = append(keys, name, "+"+name, "-"+name)
	}
	return listParam(a, "sortby", keys)
}

func selectionParam(a *ask, c *feed.Collection) *huma.Param {
	return listParam(a, "properties", listOf(returnableNames(c)))
}

func listParam(a *ask, name string, values []any) *huma.Param {
	no, one := false, 1
	return &huma.Param{Name: name, In: "query", Description: a.text("api.parameter." + name), Style: "form",
		Explode: &no, Schema: &huma.Schema{Type: "array", MinItems: &one,
			Items: &huma.Schema{Type: "string", Enum: values}}}
}

// parameterSchema is the schema of a property's value as a parameter has it.
func parameterSchema(p *feed.Property, lang message.Lang) *huma.Schema {
	of := propertySchema(p, lang)
	schema := &huma.Schema{}
	schema.Type, _ = of["type"].(string)
	schema.Format, _ = of["format"].(string)
	for _, value := range p.Values {
		schema.Enum = append(schema.Enum, value)
	}
	return schema
}

func ref(name string) *huma.Param { return &huma.Param{Ref: "#/components/parameters/" + name} }

// sharedParameters are the parameters of several resources. QGIS and GDAL read limit's maximum here.
func sharedParameters(a *ask) map[string]*huma.Param {
	no := false
	one, most, four := 1.0, float64(limitMost), 4
	six, none, skipped := 6, 0.0, float64(offsetMost)
	format := func(of resource) *huma.Param {
		return &huma.Param{Name: "f", In: "query", Description: a.text("api.parameter.f"), Style: "form", Explode: &no,
			Schema: &huma.Schema{Type: "string", Enum: listOf(names(of))}}
	}
	profileParam := func(of resource) *huma.Param {
		return listParam(a, "profile", listOf(profileValues(of)))
	}
	query := func(name string, schema *huma.Schema) *huma.Param {
		return &huma.Param{Name: name, In: "query", Description: a.text("api.parameter." + name), Schema: schema,
			Style: "form", Explode: &no}
	}
	return map[string]*huma.Param{
		"bbox": query("bbox", &huma.Schema{Type: "array", Items: &huma.Schema{Type: "number"}, MinItems: &four,
			MaxItems: &six}),
		"bbox-crs": query("bbox-crs", &huma.Schema{Type: "string", Format: "uri"}),
		"crs":      query("crs", &huma.Schema{Type: "string", Format: "uri"}),
		"offset":   query("offset", &huma.Schema{Type: "integer", Minimum: &none, Maximum: &skipped}),
		"profile":  profileParam(features),
		"datetime": query("datetime", &huma.Schema{Type: "string"}),
		"limit":    query("limit", &huma.Schema{Type: "integer", Minimum: &one, Maximum: &most, Default: limitDefault}),
		"cursor":   query("cursor", &huma.Schema{Type: "string"}),
		"q":        query("q", &huma.Schema{Type: "array", Items: &huma.Schema{Type: "string"}}),
		"filter":   query("filter", &huma.Schema{Type: "string"}),
		"filter-lang": query("filter-lang", &huma.Schema{Type: "string", Enum: listOf(languageNames()),
			Default: languages[0].name}),
		"filter-crs": query("filter-crs", &huma.Schema{Type: "string", Format: "uri", Enum: servedURIs(),
			Default: geo.CRS84.URI()}),
		"profile-schema": profileParam(schemas),
		"f":              format(document),
		"f-item":         format(oneFeature),
		"f-items":        format(features),
		"f-tile":         format(tileData),
		"f-tileset":      format(tilesetData),
		"f-style":        format(styleData),
		"tile-crs": {Name: "crs", In: "query", Description: a.text("api.parameter.tile_crs"), Style: "form",
			Schema: &huma.Schema{Type: "string", Enum: listOf(geo.MapOffsets())}},
		"lang": query("lang", &huma.Schema{Type: "string", Enum: []any{"zh", "en"}}),
		"featureId": {Name: "featureId", In: "path", Required: true, Description: a.text("api.property.id"),
			Schema: &huma.Schema{Type: "string", Format: "uuid"}},
	}
}

// pathParam is a parameter of an address, with an example that works.
func pathParam(a *ask, name string) *huma.Param {
	none := 0.0
	p := &huma.Param{Name: name, In: "path", Required: true, Description: a.text("api.parameter." + name)}
	switch name {
	case "tileMatrixSetId":
		p.Schema, p.Example = &huma.Schema{Type: "string", Enum: listOf(setIDs())}, setIDs()[0]
	case "tileMatrix":
		p.Schema, p.Example = &huma.Schema{Type: "string"}, "14"
	case "styleId":
		p.Schema, p.Example = &huma.Schema{Type: "string", Enum: []any{styleID}}, styleID
	default: // the tile that shows the middle of the sample's park
		p.Schema, p.Example = &huma.Schema{Type: "integer", Minimum: &none}, map[string]int{"tileRow": 6362,
			"tileCol": 13745}[name]
	}
	return p
}

// servedURIs are the names of the reference systems that filter-crs takes.
func servedURIs() []any {
	var all []any
	for _, crs := range geo.ServedCRS() {
		all = append(all, crs.URI())
	}
	return all
}

func sharedResponses(a *ask) map[string]*huma.Response {
	refused := func(kind problem.Kind) *huma.Response {
		return &huma.Response{Description: kind.Title(a.lang),
			Content: map[string]*huma.MediaType{problem.MediaType: {Schema: &huma.Schema{Type: "object"}}}}
	}
	return map[string]*huma.Response{
		"InvalidParameter": refused(problem.InvalidParameter), "NotFound": refused(problem.NotFound),
		"Unavailable": refused(problem.Unavailable),
	}
}

func responses(title, kind string) map[string]*huma.Response {
	return map[string]*huma.Response{
		"200": {Description: title, Content: map[string]*huma.MediaType{
			kind: {Schema: &huma.Schema{Type: "object"}}, typeHTML: {Schema: &huma.Schema{Type: "string"}},
		}},
		"400": {Ref: "#/components/responses/InvalidParameter"},
		"404": {Ref: "#/components/responses/NotFound"},
		"503": {Ref: "#/components/responses/Unavailable"},
	}
}

func (s *Service) api(w http.ResponseWriter, r *http.Request) error {
	return s.fixed(w, r, typeOpenAPI, func(a *ask) any { return s.document(a) },
		func(w http.ResponseWriter, r *http.Request, a *ask) error {
			return a.write(w, r, page.Page{
				Title: a.text("api.ogc.api"), Lead: a.text("api.ogc.about"), Crumbs: a.crumbs(nil),
				Other:    a.json("OpenAPI 3.0"),
				Sections: page.Docs(s.document(a), a.lang),
			})
		})
}
