// Package chain models an industry chain: which products are made from which, the tenants of a park that make them,
// and the missing nodes.
//
// A [Chain] is data, with an edition and sources: no program code is about carbon fibre. Nodes are products or
// crafts; links name supplier and customer and the weight of nearness.
package chain

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"

	"luodi/geo"
)

// Node is a piece of the chain: a product made, or a craft beside it.
type Node struct {
	Code   string   `json:"code"`
	NameZH string   `json:"name_zh"`
	NameEN string   `json:"name_en"`
	Stage  int      `json:"stage"`           // how far down the chain: 0 is the raw material; beside the chain negative
	Codes  []string `json:"codes,omitempty"` // industry codes of GB/T 4754 that firms of this node often carry
	Source string   `json:"source,omitempty"`
}

// Link says that From supplies To. Weight, over 0 and at most 1, is how much it counts for To to have From near.
type Link struct {
	From   string  `json:"from"`
	To     string  `json:"to"`
	Weight float64 `json:"weight"`
	Source string  `json:"source,omitempty"`
}

// Industry is the leading industry of a district that a chain belongs to, with who says so.
type Industry struct {
	NameZH string `json:"name_zh"`
	NameEN string `json:"name_en"`
	Source string `json:"source"`
}

// Chain is one edition of an industry chain. One without nodes is not described yet: a district names the industry.
type Chain struct {
	Code     string    `json:"code"`
	NameZH   string    `json:"name_zh"`
	NameEN   string    `json:"name_en"`
	Edition  string    `json:"edition"`
	Source   string    `json:"source"`
	Industry *Industry `json:"industry,omitempty"` // nil: the chain is the industry
	Nodes    []Node    `json:"nodes"`
	Links    []Link    `json:"links"`

	at map[string]int
}

// maxNodes bounds a chain, so that gaps can be walked without care.
const maxNodes = 1000

var code = regexp.MustCompile(`^[a-z0-9][a-z0-9_]{0,62}$`)

// Parse reads a chain from JSON and validates it. A [geo.Invalid] names the wrong member, such as links[3].from.
func Parse(r io.Reader) (*Chain, error) {
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	var c Chain
	if err := d.Decode(&c); err != nil {
		return nil, geo.NewInvalid("chain", "chain.json", geo.WhereJSON(err))
	}
	return &c, c.index()
}

func (c *Chain) index() error {
	if c.Edition == "" || c.Source == "" || !code.MatchString(c.Code) {
		return geo.NewInvalid("chain", "chain.head", c.Code)
	}
	if i := c.Industry; i != nil && (i.NameZH == "" || i.NameEN == "" || i.Source == "") {
		return geo.NewInvalid("industry", "chain.industry", i.NameZH)
	}
	if c.Nodes == nil || len(c.Nodes) > maxNodes {
		return geo.NewInvalid("nodes", "chain.nodes", len(c.Nodes), "n", maxNodes)
	}
	c.at = make(map[string]int, len(c.Nodes))
	for i, n := range c.Nodes {
		if _, twice := c.at[n.Code]; twice || !code.MatchString(n.Code) {
			return geo.NewInvalid(fmt.Sprintf("nodes[%d].code", i), "chain.node_code", n.Code)
		}
		if n.NameZH == "" || n.NameEN == "" {
			return geo.NewInvalid(fmt.Sprintf("nodes[%d].name_zh", i), "chain.node_name", n.Code)
		}
		c.at[n.Code] = i
	}
	return c.checkLinks()
}

func (c *Chain) checkLinks() error {
	seen := make(map[[2]string]bool, len(c.Links))
	for i, l := range c.Links {
		for field, end := range map[string]string{"from": l.From, "to": l.To} {
			if _, known := c.at[end]; !known {
				return geo.NewInvalid(fmt.Sprintf("links[%d].%s", i, field), "chain.link_end", end)
			}
		}
		if ends := [2]string{l.From, l.To}; l.From == l.To || seen[ends] {
			return geo.NewInvalid(fmt.Sprintf("links[%d]", i), "chain.link_pair", l.From+" → "+l.To)
		} else {
			seen[ends] = true
		}
		if !(l.Weight > 0 && l.Weight <= 1) {
			return geo.NewInvalid(fmt.Sprintf("links[%d].weight", i), "chain.link_weight", l.Weight)
		}
	}
	return nil
}

// Node finds a node by its code.
func (c *Chain) Node(code string) (Node, bool) {
	i, ok := c.at[code]
	if !ok {
		return Node{}, false
	}
	return c.Nodes[i], true
}

// Role is what a partner is to a node.
type Role string

// The roles.
const (
	Supplier Role = "supplier" // the node buys from it
	Customer Role = "customer" // the node sells to it
)

// Partner is a node that another gains by having near.
type Partner struct {
	Node   string
	Role   Role
	Weight float64
}

// Partners lists the suppliers and customers of a node, the weightiest first.
func (c *Chain) Partners(node string) []Partner {
	var out []Partner
	for _, l := range c.Links {
		switch node {
		case l.To:
			out = append(out, Partner{l.From, Supplier, l.Weight})
		case l.From:
			out = append(out, Partner{l.To, Customer, l.Weight})
		}
	}
	slices.SortStableFunc(out, func(a, b Partner) int { return cmp.Compare(b.Weight, a.Weight) })
	return out
}
