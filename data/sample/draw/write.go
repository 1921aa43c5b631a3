package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"luodi/data/sample"
)

const note = "Drawn for the sample of Luodi: coordinates are easting, northing in metres of the CRS below, on a 1 mm " +
	"grid. " +
	"Made by data/sample/draw; docs/sample.md says what is from the report, what is drawn and what is a placeholder."

// compose draws the whole document.
func compose() *sample.Document {
	d := &sample.Document{
		Note: note, CRS: 4550,
		District: sample.Named{Code: "lingang", NameZH: "威海临港区", NameEN: "Lingang District, Weihai"},
		Parties:  parties(), Projects: projects(), Teams: teams(),
		Parks: []sample.Park{settled().park()},
	}
	for _, n := range neighbours {
		d.Parks = append(d.Parks, n.park())
	}
	needs(d)
	return d
}

// write prints a document with one row a line, so that a change of the drawing can be read in a diff.
func write(w io.Writer, d *sample.Document) error {
	p := &printer{}
	p.print("{\n%q: %s,\n%q: %d,\n%q: %s,\n%q: [", "note", p.json(d.Note), "crs", d.CRS, "district",
		p.json(d.District), "parks")
	for i, k := range d.Parks {
		p.print("%s{%q: %s, %q: %s, %q: %s,\n%q: %s", comma(i), "code", p.json(k.Code), "name_zh", p.json(k.NameZH),
			"name_en", p.json(k.NameEN), "geom", p.json(k.Geom))
		rows(p, "zones", k.Zones)
		rows(p, "plan_units", k.PlanUnits)
		rows(p, "parcels", k.Parcels)
		rows(p, "networks", k.Networks)
		rows(p, "allotments", k.Allotments)
		if len(k.Buildings) > 0 {
			rows(p, "buildings", k.Buildings)
		}
		p.print("}")
	}
	p.print("]")
	rows(p, "parties", d.Parties)
	rows(p, "projects", d.Projects)
	rows(p, "teams", d.Teams)
	p.print("}\n")
	if p.err != nil {
		return p.err
	}
	_, err := w.Write(p.out.Bytes())
	return err
}

type printer struct {
	out bytes.Buffer
	err error
}

func (p *printer) print(format string, args ...any) { fmt.Fprintf(&p.out, format, args...) }

func (p *printer) json(v any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil && p.err == nil {
		p.err = fmt.Errorf("print the sample: %w", err)
	}
	return string(bytes.TrimSpace(b.Bytes()))
}

func rows[T any](p *printer, name string, list []T) {
	p.print(",\n%q: [", name)
	for i, v := range list {
		p.print("%s\n%s", comma(i), p.json(v))
	}
	p.print("]")
}

func comma(i int) string {
	if i == 0 {
		return ""
	}
	return ","
}
