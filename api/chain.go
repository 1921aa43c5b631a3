package api

import (
	"context"
	"time"

	"luodi/api/auth"
	"luodi/data/siting"
	"luodi/geo/chain"
)

type chaining struct {
	InPark
	Revision int `query:"revision" minimum:"1" doc:"An older edition by its number; the one in force without it. Who fills it is always told as of now."`
}

// chainAnswer is a district's chain, with the tenants in a park that fill its nodes, and the gaps.
type chainAnswer struct {
	Code     string      `json:"code"`
	Name     bilingual   `json:"name"`
	Edition  string      `json:"edition"`
	Revision int         `json:"revision" doc:"Number of the edition, from 1."`
	At       time.Time   `json:"at" doc:"When the edition was put in force."`
	Source   string      `json:"source"`
	Scope    string      `json:"scope" enum:"public,planner"`
	Seq      int64       `json:"seq"`
	Nodes    []chainNode `json:"nodes"`
	Links    []chainLink `json:"links"`
	Gaps     []chainGap  `json:"gaps" doc:"Missing pieces, the one most worth to win first."`
}

type chainNode struct {
	Code     string        `json:"code"`
	Name     bilingual     `json:"name"`
	Stage    int           `json:"stage"`
	Codes    []string      `json:"industries,omitempty" doc:"Industry codes of GB/T 4754 that firms of this node often carry."`
	Pipeline int           `json:"pipeline" doc:"Projects in talks or signed without land yet; members alone see them."`
	Signed   int           `json:"signed" doc:"Those of them that are signed."`
	Tenants  []chainTenant `json:"tenants"`
}

type chainTenant struct {
	Parcel string     `json:"parcel" format:"uuid"`
	Code   string     `json:"code"`
	Name   bilingual  `json:"name"`
	Point  [2]float64 `json:"point"`
}

type chainLink struct {
	From   string  `json:"from"`
	To     string  `json:"to"`
	Weight float64 `json:"weight"`
	Source string  `json:"source"`
}

type chainGap struct {
	Node    string        `json:"node"`
	Missing float64       `json:"missing" doc:"1: nobody; 0.5: only projects in talks; 0.25: a signed one."`
	Score   float64       `json:"score"`
	Reasons []chainReason `json:"reasons"`
}

type chainReason struct {
	Why    string    `json:"why" enum:"depends,feeds,unlocks"`
	Node   string    `json:"node"`
	Weight float64   `json:"weight"`
	Adds   float64   `json:"adds"`
	Text   bilingual `json:"text"`
}

// chain tells who fills the chain in a park and where it has gaps.
func (d *domain) chain(ctx context.Context, in *chaining) (*chainAnswer, error) {
	return d.chainFor(ctx, in, d.sees(ctx, in.Park))
}

// chainFor is chain for who sees what is not public, or not.
func (d *domain) chainFor(ctx context.Context, in *chaining, sees bool) (*chainAnswer, error) {
	c, err := d.registry.ChainEdition(ctx, in.Park, "", in.Revision)
	if err != nil {
		return nil, err
	}
	coming := map[string]chain.Filled{}
	if sees {
		if coming, err = d.coming(ctx, in.Park); err != nil {
			return nil, err
		}
	}
	out := &chainAnswer{Code: c.Code, Name: bilingual{c.NameZH, c.NameEN}, Edition: c.Edition, Revision: c.Revision,
		At: c.At, Source: c.Source, Scope: "public", Gaps: []chainGap{}}
	if sees {
		out.Scope = "planner"
	}
	err = d.matcher.Read(ctx, in.Park, !sees, func(s *siting.Sites) error {
		out.Seq, _ = s.Seq()
		out.fill(c.Chain, s.Tenants(), coming)
		return nil
	})
	return out, err
}

// coming counts the projects on their way to a park's chain that are the asker's business.
func (d *domain) coming(ctx context.Context, park string) (map[string]chain.Filled, error) {
	_, of, err := d.business(ctx, auth.RightTo("projects", ""), "")
	if err != nil {
		return nil, err
	}
	return d.registry.Pipeline(ctx, of, park)
}

func (o *chainAnswer) fill(c *chain.Chain, tenants []siting.Tenant, coming map[string]chain.Filled) {
	filled := map[string]chain.Filled{}
	for _, n := range c.Nodes {
		node := chainNode{Code: n.Code, Name: bilingual{n.NameZH, n.NameEN}, Stage: n.Stage, Codes: n.Codes,
			Pipeline: coming[n.Code].Pipeline, Signed: coming[n.Code].Signed,
			Tenants: []chainTenant{}}
		for _, t := range tenants {
			if t.Node == n.Code {
				node.Tenants = append(node.Tenants, chainTenant{t.Parcel.String(), t.Code,
					bilingual{t.NameZH, t.NameEN}, t.LonLat()})
			}
		}
		filled[n.Code] = chain.Filled{Tenants: len(node.Tenants), Pipeline: node.Pipeline, Signed: node.Signed}
		o.Nodes = append(o.Nodes, node)
	}
	for _, l := range c.Links {
		o.Links = append(o.Links, chainLink(l))
	}
	for _, g := range c.Gaps(filled) {
		gap := chainGap{Node: g.Node, Missing: g.Missing, Score: round4(g.Score), Reasons: []chainReason{}}
		for _, r := range g.Reasons {
			other, _ := c.Node(r.Node)
			text := both("match.gap."+r.Why, "node", bilingual{other.NameZH, other.NameEN}, "weight",
				siting.Figure(r.Weight))
			gap.Reasons = append(gap.Reasons, chainReason{r.Why, r.Node, r.Weight, round4(r.Adds), text})
		}
		o.Gaps = append(o.Gaps, gap)
	}
}
