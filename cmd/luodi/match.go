package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"luodi/data/siting"
	"luodi/message"
)

type matchCmd struct {
	ofPark
	need
	Top      int     `help:"How many places." default:"10"`
	LotFront float64 `help:"Rank lots too, cut out of larger parcels, that front a road by so many metres; --target-mu or the least area says how large." name:"lot-frontage" placeholder:"METRES"`
	Join     int     `help:"Rank so many sets of free neighbours too, put together to the area." placeholder:"N"`
}

// need is what a project needs of its ground.
type need struct {
	JSON      string             `help:"A requirement as /api/match takes it, from a file or - for standard input; flags add to it." name:"json" placeholder:"FILE"`
	AreaMu    string             `help:"Area in mu: 20-40, 20- or -40." name:"area-mu" placeholder:"MIN-MAX"`
	LandUse   []string           `help:"Classes of land use that will do." name:"land-use"`
	Service   map[string]float64 `help:"What it draws: power=2000;steam=4 (kVA, t/h, m³/d, m³/h)."`
	Hazard    string             `help:"Fire-hazard class, A to E."`
	ChainNode string             `help:"Which piece of the chain the project is." name:"chain-node"`
	Method    string             `help:"weighted_sum, topsis or pareto."`

	Hall     string  `help:"A building that must find room: LENGTHxWIDTH in metres." placeholder:"LENGTHxWIDTH"`
	TargetMu float64 `help:"The area wanted, in mu." name:"target-mu"`
}

// matchedSites is what of an answer is printed.
type matchedSites struct {
	Fits      int
	ToAsk     int `json:"to_ask"`
	Places    int
	Method    string
	Normalise string
	Seq       int64
	Scope     string
	Search    struct {
		Lots       *siting.LotSearch
		Assemblies *siting.AssemblySearch
	}
	Sites []struct {
		Rank   int
		Kind   string
		Code   string
		Status string
		Score  *float64
		Judged float64
		ToAsk  []struct {
			Text map[message.Lang]string
		} `json:"to_ask"`
		Parts []struct {
			Weight float64
			Score  float64
			Text   map[message.Lang]string
		}
	}
	Excluded struct {
		Causes []struct {
			Count int
			Text  map[message.Lang]string
		}
	}
}

// Run asks and prints the ranking. A token shows all that its account may see; without one it is what the public sees.
func (c matchCmd) Run(ctx context.Context, e *env) error {
	question, err := c.question(ctx, e)
	if err != nil {
		return err
	}
	question["park"], question["top"] = c.Park, c.Top
	if c.LotFront != 0 {
		question["lots"] = siting.LotsWish{FrontageM: c.LotFront}
	}
	if c.Join != 0 {
		question["assemblies"] = siting.AssembliesWish{Most: c.Join, Reserve: true}
	}
	got, err := c.send(ctx, e, http.MethodPost, "/api/match", question)
	if err != nil {
		return err
	}
	var answer matchedSites
	if err := json.Unmarshal(got.body, &answer); err != nil {
		return err
	}
	return c.show(e, got, func() error {
		if err := e.table("cli.match.head", len(answer.Sites), func(w io.Writer, i int) {
			s := answer.Sites[i]
			slices.SortStableFunc(s.Parts, func(a, b struct {
				Weight float64
				Score  float64
				Text   map[message.Lang]string
			}) int {
				return int(1e6 * (b.Weight*b.Score - a.Weight*a.Score))
			})
			var reasons []string
			for _, ask := range s.ToAsk {
				reasons = append(reasons, e.text("cli.match.ask", "text", ask.Text[e.lang]))
			}
			for _, p := range s.Parts[:min(3, len(s.Parts))] {
				reasons = append(reasons, p.Text[e.lang])
			}
			row(w, s.Rank, e.known("cli.match.kind."+s.Kind, s.Kind), s.Code, s.Status,
				scored(s.Score, s.Judged), strings.Join(reasons, "; "))
		}); err != nil {
			return err
		}
		e.say("cli.match.summary", "fits", answer.Fits, "ask", answer.ToAsk, "places", answer.Places, "method",
			answer.Method, "normalise", answer.Normalise, "seq", answer.Seq, "scope", answer.Scope)
		if l := answer.Search.Lots; l != nil {
			e.say("cli.match.lots", "area", l.AreaMu, "found", l.Found, "carved", l.Carved, "parents", l.Parents)
		}
		if a := answer.Search.Assemblies; a != nil {
			key := "cli.match.assemblies"
			if !a.Proven {
				key = "cli.match.assemblies_open"
			}
			e.say(key, "min", a.MinMu, "max", a.MaxMu, "found", a.Found, "searched", a.Searched, "parcels", a.Parcels)
		}
		for _, cause := range answer.Excluded.Causes {
			e.say("cli.match.cause", "count", cause.Count, "text", cause.Text[e.lang])
		}
		return nil
	})
}

// scored prints a score, with the part of the wishes that it rests on where that is not all.
func scored(score *float64, judged float64) string {
	switch {
	case score == nil:
		return "—"
	case judged < 1:
		return fmt.Sprintf("%.3f (%.0f%%)", *score, 100*judged)
	}
	return fmt.Sprintf("%.3f", *score)
}

// question is the file's with what flags add.
func (c need) question(ctx context.Context, e *env) (map[string]any, error) {
	question := map[string]any{}
	if c.JSON != "" {
		raw, err := readFile(ctx, c.JSON)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(raw, &question); err != nil {
			return nil, usageError{errors.New(e.text("cli.match.file", "cause", err))}
		}
	}
	required, _ := question["requirement"].(map[string]any)
	if required == nil {
		required = map[string]any{}
	}
	given := map[string]any{"land_use": c.LandUse, "services": c.Service, "hazard": c.Hazard, "chain_node": c.ChainNode}
	maps.DeleteFunc(given, func(_ string, v any) bool {
		switch v := v.(type) {
		case []string:
			return len(v) == 0
		case map[string]float64:
			return len(v) == 0
		}
		return v == ""
	})
	maps.Copy(required, given)
	if c.AreaMu != "" || c.TargetMu != 0 {
		area, err := areaCriterion(c.AreaMu, c.TargetMu)
		if err != nil {
			return nil, usageError{err}
		}
		criteria, _ := required["criteria"].([]any)
		required["criteria"] = append(criteria, area)
	}
	if c.Hall != "" {
		hall, err := hallOf(c.Hall)
		if err != nil {
			return nil, usageError{err}
		}
		required["hall"] = hall
	}
	if len(required) > 0 {
		question["requirement"] = required
	}
	if c.Method != "" {
		question["method"] = c.Method
	}
	return question, nil
}

// hallOf reads LENGTHxWIDTH.
func hallOf(text string) (hall siting.Hall, err error) {
	length, width, _ := strings.Cut(text, "x")
	var wrong error
	hall.LengthM, err = strconv.ParseFloat(length, 64)
	if hall.WidthM, wrong = strconv.ParseFloat(width, 64); err != nil || wrong != nil {
		return hall, errors.New("--hall " + text)
	}
	return hall, nil
}

// areaCriterion reads MIN-MAX, either of which may be left out, and a target, which has a weight of its own.
func areaCriterion(limits string, target float64) (map[string]any, error) {
	area := map[string]any{"measure": "area_mu"}
	if target != 0 {
		area["want"], area["target"], area["weight"] = "target", target, 1
	}
	if limits == "" {
		return area, nil
	}
	low, high, ok := strings.Cut(limits, "-")
	given := 0
	for name, end := range map[string]string{"min": low, "max": high} {
		if end == "" {
			continue
		}
		v, err := strconv.ParseFloat(end, 64)
		if err != nil {
			ok = false
		}
		area[name] = v
		given++
	}
	if !ok || given == 0 {
		return nil, errors.New("--area-mu " + limits)
	}
	return area, nil
}
