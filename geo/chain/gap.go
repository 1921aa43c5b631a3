package chain

import (
	"cmp"
	"slices"
)

// Filled says how much of a node a park has: firms that are there, and firms that are coming.
type Filled struct {
	Tenants  int `json:"tenants"`
	Pipeline int `json:"pipeline"` // projects in talks or signed
}

// pipelineCounts is how much a node that only a project in the pipeline fills counts as filled: it may not come. An
// assumption, to be argued with.
const pipelineCounts = 0.5

func (f Filled) share() float64 {
	if f.Tenants > 0 {
		return 1
	}
	if f.Pipeline > 0 {
		return pipelineCounts
	}
	return 0
}

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
	Missing float64 // 1: nobody; 0.5: only the pipeline
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
// where filled is 1 with a tenant and ½ with a project in the pipeline, missing = 1 − filled. The model is Luodi's own;
// its addends come with it.
func (c *Chain) Gaps(filled map[string]Filled) []Gap {
	var gaps []Gap
	for _, n := range c.Nodes {
		missing := 1 - filled[n.Code].share()
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
