package main

import (
	"cmp"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"

	"luodi/message"
)

type heatCmd struct {
	remote
	need
	Park     string  `help:"Code of the park; all parks of the district without it." env:"LUODI_PARK"`
	District string  `help:"Code of the district, where there are several."`
	By       string  `help:"One measure of the requirement instead of the whole score."`
	EdgeM    float64 `help:"Length of a cell's side in metres." name:"edge-m" default:"60"`
	Top      int     `help:"How many cells to print, the best first; -o json gives all, as GeoJSON." default:"10"`
}

// heated is what of a surface is printed.
type heated struct {
	Parks []struct {
		Park   string
		Seq    int64
		Scope  string
		Places int
		Ranked int
		ToAsk  int `json:"to_ask"`
	}
	Name     map[message.Lang]string
	Cells    int
	MaxCells int `json:"max_cells"`
	Least    *float64
	Most     *float64
	Features []struct {
		Properties heatedCell
	}
}

type heatedCell struct {
	Score    float64
	Coverage float64
	Best     string
	Park     string
	Top      float64
}

// Run asks for a surface and prints its best cells.
func (c heatCmd) Run(ctx context.Context, e *env) error {
	question, err := c.question(ctx, e)
	if err != nil {
		return err
	}
	question["edge_m"] = c.EdgeM
	for name, value := range map[string]string{"park": c.Park, "district": c.District, "by": c.By} {
		if value != "" {
			question[name] = value
		}
	}
	got, err := c.send(ctx, e, http.MethodPost, "/api/heat", question)
	if err != nil {
		return err
	}
	var answer heated
	if err := json.Unmarshal(got.body, &answer); err != nil {
		return err
	}
	return c.show(e, got, func() error { return c.print(e, answer) })
}

func (c heatCmd) print(e *env, answer heated) error {
	cells := make([]heatedCell, len(answer.Features))
	for i, f := range answer.Features {
		cells[i] = f.Properties
	}
	slices.SortStableFunc(cells, func(a, b heatedCell) int { return cmp.Compare(b.Score, a.Score) })
	if err := e.table("cli.heat.head", max(0, min(c.Top, len(cells))), func(w io.Writer, i int) {
		row(w, score(cells[i].Score), score(cells[i].Coverage), cells[i].Park, cells[i].Best, score(cells[i].Top))
	}); err != nil {
		return err
	}
	if answer.Least != nil && answer.Most != nil {
		e.say("cli.heat.summary", "name", answer.Name[e.lang], "least", score(*answer.Least), "most",
			score(*answer.Most), "ground", len(cells), "cells", answer.Cells, "limit", answer.MaxCells)
	}
	for _, p := range answer.Parks {
		e.say("cli.heat.park", "park", p.Park, "ranked", p.Ranked, "ask", p.ToAsk, "places", p.Places, "seq", p.Seq,
			"scope", p.Scope)
	}
	return nil
}

func score(v float64) string { return strconv.FormatFloat(v, 'f', 3, 64) }
