package chain

import (
	"cmp"
	"slices"
)

// Filled says how much of a node a park has: firms that are there, and firms that are coming.
type Filled struct {
	Tenants  int `json:"tenants"`
	Pipeline int `json:"pipeline"` // projects in talks or signed
	Signed   int `json:"signed"`   // those of Pipeline that are signed
}

// pipelineCounts is how much a node that only a project in talks fills counts as filled: it may not come. signedCounts
// is that of a signed one, which seldom fails to. Assumptions, to be argued with.
const (
	pipelineCounts = 0.5
	signedCounts   = 0.75
)

func (f Filled) share() float64 {
	if f.Tenants > 0 {
		return 1
	}
	if f.Signed > 0 {
		return signedCounts
	}
	if f.Pipeline > 0 {
		return pipelineCounts
	}
	return 0
}

// Missing is how far a node is missing: 1 with nobody, 0.5 with a project in talks, 0.25 with a signed one, 0 with a
// tenant.
func (f Filled) Missing() float64 { return 1 - f.share() }

// Reason is one addend of a gap's score.
type Reason struct {
	// depends: a filled node would buy from it; feeds: a filled node would sell to it; unlocks: a missing node would
	// then lack nothing else
	Why    string
	Node   string  // the other node
	Weight float64 // of the link
	Adds   float64
}

// The whys of a [Reason].
const (
	Depends = "depends"
	Feeds   = "feeds"
	Unlocks = "unlocks"
)

// Gap is a missing node, with a score of its value to the park.
type Gap struct {
	Node    string
	Missing float64 // 1: nobody; 0.5: only projects in talks; 0.25: a signed one
	Score   float64 // Missing × the sum of what the reasons add
	Reasons []Reason
}

// unlockCounts is how much an unlocked node counts beside a firm that is there. An assumption, to be argued with.
const unlockCounts = 0.5

// Gaps lists the nodes that no firm in the park fills, the one most worth to win first. The score of a missing node m
// is
//
//	missing(m) × ( Σ weight × filled(c) over its customers c
//	             + Σ weight × filled(s) over its suppliers s
//	             + ½ Σ weight over missing customers all of whose other suppliers are filled )
//
// where filled is 1 with a tenant, ¾ with a signed project and ½ with one in talks, missing = 1 − filled. The model
// is Luodi's own; its addends come with it.
func (c *Chain) Gaps(filled map[string]Filled) []Gap {
	var gaps []Gap
	for _, n := range c.Nodes {
		missing := filled[n.Code].Missing()
		if missing == 0 {
			continue
		}
		g := Gap{Node: n.Code, Missing: missing}
		for _, l := range c.Links {
			g.weigh(c, l, filled)
		}
		for _, r := range g.Reasons {
			g.Score += r.Adds * missing
		}
		gaps = append(gaps, g)
	}
	slices.SortStableFunc(gaps, func(a, b Gap) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score),
			cmp.Compare(a.Node, b.Node))
	})
	return gaps
}

func (g *Gap) weigh(c *Chain, l Link, filled map[string]Filled) {
	switch g.Node {
	case l.From:
		if share := filled[l.To].share(); share > 0 {
			g.Reasons = append(g.Reasons, Reason{Depends, l.To, l.Weight, l.Weight * share})
		} else if c.lacksOnly(l.To, g.Node, filled) {
			g.Reasons = append(g.Reasons, Reason{Unlocks, l.To, l.Weight, l.Weight * unlockCounts})
		}
	case l.To:
		if share := filled[l.From].share(); share > 0 {
			g.Reasons = append(g.Reasons, Reason{Feeds, l.From, l.Weight, l.Weight * share})
		}
	}
}

// lacksOnly reports whether a node's suppliers but one are all filled.
func (c *Chain) lacksOnly(node, one string, filled map[string]Filled) bool {
	for _, l := range c.Links {
		if l.To == node && l.From != one && filled[l.From].share() == 0 {
			return false
		}
	}
	return true
}
