package chain

// Need is a piece that another needs before it stands as an industry: a supplier, or a supplier's.
type Need struct {
	Node   string
	For    string  // the node that buys from it, the nearest to the one that is asked about
	Weight float64 // of that link
	Steps  int     // how many links away, from 1
}

// Needs lists all that a node is made from, the nearest first: its suppliers, theirs, and so on.
//
//  1. Walk the links against their direction, breadth first, from the node.
//  2. Each piece is listed once, by the link over which it was first met.
//
// Of a node that the chain doesn't have nothing is listed.
func (c *Chain) Needs(node string) []Need {
	var out []Need
	met := map[string]bool{node: true}
	from := []string{node}
	for steps := 1; len(from) > 0; steps++ {
		var next []string
		for _, at := range from {
			for _, p := range c.Partners(at) {
				if p.Role != Supplier || met[p.Node] {
					continue
				}
				met[p.Node] = true
				next = append(next, p.Node)
				out = append(out, Need{p.Node, at, p.Weight, steps})
			}
		}
		from = next
	}
	return out
}
