package ogc

import (
	"net/http"
	"strings"

	"luodi/api/page"
	"luodi/api/problem"
	"luodi/api/request"
	"luodi/data/feed"
	"luodi/message"
)

const draft = "https://json-schema.org/draft/2020-12/schema"

// object is a JSON object under construction.
type object = map[string]any

// propertySchema is the JSON Schema of a property's values, the same in every version of JSON Schema and OpenAPI.
func propertySchema(p *feed.Property, lang message.Lang) object {
	schema := object{"title": PropertyTitle(p, lang), "type": "string"}
	switch p.Kind {
	case feed.Integer:
		schema["type"] = "integer"
	case feed.Boolean:
		schema["type"] = "boolean"
	case feed.Number, feed.Decimal, feed.Mu:
		schema["type"] = "number"
	case feed.Instant:
		schema["format"] = "date-time"
	case feed.Day:
		schema["format"] = "date"
	case feed.Object:
		schema["type"] = "object"
	}
	if p.Unit != "" {
		schema["x-ogc-unit"] = p.Unit
	}
	return schema
}

// valued is a property's schema with the values that the property may have, by the profile of the answer (Features
// Part 5, clause 15): their codes with the address of the list, or each with its title.
func (a *ask) valued(p *feed.Property) object {
	schema := propertySchema(p, a.lang)
	switch {
	case p.Values == nil:
	case a.follows(codelistInline):
		schema["oneOf"] = codesOf(a.lang, p)
	default:
		schema["enum"] = p.Values
		schema["x-ogc-codelistUri"] = a.base + codelistPath(p)
	}
	return schema
}

// PropertyTitle is a property's name in a language.
func PropertyTitle(p *feed.Property, lang message.Lang) string {
	key := "api.property." + p.Name
	return message.Text(lang, key)
}

// geometryRef is geojson.org's schema of the geometry type, of any geometry where there are several.
func geometryRef(c *feed.Collection) string {
	if len(c.Geometry) == 1 {
		return "https://geojson.org/schema/" + c.Geometry[0] + ".json"
	}
	return "https://geojson.org/schema/Geometry.json"
}

func oneOf(field string, values []string, got string) error {
	return &problem.Request{Kind: problem.InvalidParameter, Field: field, Expected: "api.expected.one_of",
		Args: []any{"values", strings.Join(values, ", ")}, Got: got}
}

// schemaOf answers with a schema of a collection.
func (s *Service) schemaOf(w http.ResponseWriter, r *http.Request, title string,
	schema func(*ask, *feed.Collection) object) error {
	c, err := findCollection(r)
	if err != nil {
		return err
	}
	a, err := askedFor(r, schemas, "profile")
	if err != nil {
		return err
	}
	a.headProfiles(w)
	return s.describeAs(w, r, a, c, title, schema)
}

// describeAs answers a request that was read with a schema.
func (s *Service) describeAs(w http.ResponseWriter, r *http.Request, a *ask, c *feed.Collection, title string,
	schema func(*ask, *feed.Collection) object) error {
	return s.fixedAs(w, r, a, schemaType(r), func(a *ask) any { return schema(a, c) },
		func(w http.ResponseWriter, r *http.Request, a *ask) error {
			return s.schemaPage(w, r, a, c, title, schema(a, c))
		})
}

// schemaType is what a schema is sent as: a caller that takes plain JSON alone, as GDAL's driver does of queryables,
// gets it as that.
func schemaType(r *http.Request) string {
	accept := strings.ToLower(strings.Join(r.Header.Values("Accept"), ","))
	if strings.Contains(accept, typeJSON) && !strings.Contains(accept, typeSchema) && !strings.Contains(accept, "*") {
		return typeJSON
	}
	return typeSchema
}

func (s *Service) queryables(w http.ResponseWriter, r *http.Request) error {
	return s.schemaOf(w, r, "api.link.queryables", queryables)
}

// queryables is the JSON Schema of what items can be asked for by (Part 3, 6.2).
func queryables(a *ask, c *feed.Collection) object {
	properties := ordered{{feed.GeometryName, object{"title": a.text("api.property.geometry"),
		"format": geometryFormat(c), "x-ogc-role": "primary-geometry"}}}
	for i := range c.Properties {
		if p := &c.Properties[i]; p.Queryable() {
			properties = append(properties, member{p.Name, a.valued(p)})
		}
	}
	return object{
		"$schema": draft, "$id": a.base + "/collections/" + c.ID + "/queryables", "type": "object",
		"title": a.text("api.collection." + c.ID), "properties": properties, "additionalProperties": false,
	}
}

func (s *Service) sortables(w http.ResponseWriter, r *http.Request) error {
	return s.schemaOf(w, r, "api.link.sortables", sortables)
}

// sortables is the JSON Schema of what items can be sorted by (Part 8).
func sortables(a *ask, c *feed.Collection) object {
	schema := queryables(a, c)
	schema["$id"] = a.base + "/collections/" + c.ID + "/sortables"
	properties, _ := schema["properties"].(ordered)
	schema["properties"] = properties[1:] // without the geometry
	return schema
}

func (s *Service) schema(w http.ResponseWriter, r *http.Request) error {
	return s.schemaOf(w, r, "api.link.schema", flatSchema)
}

// roles are the roles of properties (Features Part 5, clause 8): a version holds from since until until.
var roles = map[string]string{"since": "primary-interval-start", "until": "primary-interval-end"}

// flatSchema is the logical schema of Part 5: geometry and properties side by side, with their roles. All are for
// reading: the service takes no features.
func flatSchema(a *ask, c *feed.Collection) object {
	properties := ordered{
		{"id", object{"title": a.text("api.property.id"), "type": "string", "format": "uuid", "x-ogc-role": "id",
			"readOnly": true, "x-ogc-propertySeq": 1}},
		{"geometry", object{"title": a.text("api.property.geometry"), "format": geometryFormat(c),
			"x-ogc-role": "primary-geometry", "readOnly": true, "x-ogc-propertySeq": 2}},
	}
	required := []string{"id", "geometry"}
	for i := range c.Properties {
		p := &c.Properties[i]
		schema := a.valued(p)
		schema["readOnly"], schema["x-ogc-propertySeq"] = true, i+3
		if role := roles[p.Name]; role != "" && c.Timed() {
			schema["x-ogc-role"] = role
		}
		properties = append(properties, member{p.Name, schema})
		if !p.Nullable {
			required = append(required, p.Name)
		}
	}
	return object{
		"$schema": draft, "$id": a.base + "/collections/" + c.ID + "/schema", "type": "object",
		"title": a.text("api.collection." + c.ID), "description": a.text("api.collection." + c.ID + ".about"),
		"properties": properties, "required": required,
	}
}

func geometryFormat(c *feed.Collection) string {
	if len(c.Geometry) == 1 {
		return "geometry-" + strings.ToLower(c.Geometry[0])
	}
	return "geometry-any"
}

func (s *Service) featureSchema(w http.ResponseWriter, r *http.Request) error {
	c, err := findCollection(r)
	if err != nil {
		return err
	}
	a, err := asked(r)
	if err != nil {
		return err
	}
	return s.describeAs(w, r, a, c, "api.link.feature_schema", wholeSchema)
}

// wholeSchema is the JSON Schema of a whole GeoJSON feature as sent, with nulls. GDAL follows describedby to it.
//
// GDAL reads "type" as a single word, and resolves each "$ref" from the document's root. So a nullable property
// refers to a definition, and there are two sets of definitions. The properties are a schema resource with its own
// $id: a conforming reader resolves "#" within it and finds definitions that allow null. GDAL finds the definitions
// of the root, which do not mention null.
func wholeSchema(a *ask, c *feed.Collection) object {
	var properties ordered
	var required []string
	plain, nullable := object{}, object{}
	id := a.base + "/collections/" + c.ID + "/feature-schema"
	for i := range c.Properties {
		p := &c.Properties[i]
		schema := propertySchema(p, a.lang)
		if p.Values != nil {
			schema["enum"] = p.Values
		}
		if p.Nullable {
			kind := nameOfType(schema)
			plain[kind] = defined(schema["type"], schema["format"])
			nullable[kind] = defined([]any{schema["type"], "null"}, schema["format"])
			delete(schema, "type")
			delete(schema, "format")
			schema["$ref"] = "#/$defs/" + kind
			if p.Values != nil {
				schema["enum"] = append(listOf(p.Values), nil)
			}
		}
		properties = append(properties, member{p.Name, schema})
		required = append(required, p.Name)
	}
	return object{
		"$schema": draft, "$id": id, "type": "object", "$defs": plain,
		"title": a.text("api.collection." + c.ID), "required": []string{"type", "id", "geometry", "properties"},
		"properties": object{
			"type":     object{"const": "Feature"},
			"id":       object{"type": "string", "format": "uuid"},
			"geometry": object{"$ref": geometryRef(c)},
			"properties": object{"$id": id + "/properties", "type": "object", "properties": properties,
				"required": required, "$defs": nullable},
		},
	}
}

// nameOfType names a definition of a type, by its format where it has one.
func nameOfType(schema object) string {
	for _, word := range []string{"format", "type"} {
		if name, ok := schema[word].(string); ok {
			return name
		}
	}
	return "any"
}

func defined(kind, format any) object {
	schema := object{"type": kind}
	if format != nil {
		schema["format"] = format
	}
	return schema
}

func listOf[T any](values []T) []any {
	list := make([]any, len(values))
	for i, value := range values {
		list[i] = value
	}
	return list
}

// schemaPage lists a collection's properties as a schema has them.
func (s *Service) schemaPage(w http.ResponseWriter, r *http.Request, a *ask, c *feed.Collection, title string,
	schema object) error {
	body, err := marshalIndent(schema)
	if err != nil {
		return err
	}
	filters := title == "api.link.queryables" || title == "api.link.sortables"
	shown := page.Section{Title: a.text("api.head.properties"), Table: propertyTable(a, c, filters)}
	return a.write(w, r, page.Page{
		Title: a.text(title), Lead: a.text("api.collection." + c.ID), Crumbs: a.crumbs(c),
		Other:    []page.Link{{Text: "JSON", Href: a.with(a.path, request.JSON)}},
		Sections: []page.Section{shown, {Code: body}},
	})
}
