package api_test

import (
	"fmt"
	"math"
	"os"
	"strings"
	"time"
)

// growth is what one question took at a number of parcels.
type growth struct {
	parcels          int
	ours, table, sql time.Duration
}

// plotGrowth draws time against parcels, both by powers of ten, into the file that docs/matching.md shows.
func plotGrowth(path string, points []growth) error {
	const left, top, wide, high = 64.0, 16.0, 120.0, 60.0 // wide: a power of ten of parcels; high: one of milliseconds
	at := func(parcels int, took time.Duration) (x, y float64) {
		return left + (math.Log10(float64(parcels))-4)*wide, top + (5-math.Log10(took.Seconds()*1000))*high
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" font-family="sans-serif" font-size="11" role="img">
<title>One requirement of twelve criteria: time against parcels of the park / 十二项准则的一次选址：用时与宗地数</title>
<style>text{fill:#33393f}line{stroke:#d5dade}polyline{fill:none;stroke-width:2}.ours{stroke:#1f7a55}.table{stroke:#3d6fa8}.sql{stroke:#b0622d}</style>
<rect width="100%%" height="100%%" fill="#fff"/>
`, left+2*wide+150, top+5*high+40)
	for i := range 6 {
		y := top + float64(i)*high
		fmt.Fprintf(&b,
			"<line x1=\"%.0f\" y1=\"%.1f\" x2=\"%.0f\" y2=\"%.1f\"/><text x=\"%.0f\" y=\"%.1f\" "+
				"text-anchor=\"end\">%s ms</text>\n", left, y, left+2*wide, y, left-6, y+4,
			fmt.Sprint(int(math.Pow10(5-i))))
	}
	for i := range 3 {
		x := left + float64(i)*wide
		fmt.Fprintf(&b,
			"<line x1=\"%.0f\" y1=\"%.0f\" x2=\"%.0f\" y2=\"%.0f\"/><text x=\"%.0f\" y=\"%.0f\" "+
				"text-anchor=\"middle\">%d</text>\n", x, top, x, top+5*high, x, top+5*high+18, int(math.Pow10(4+i)))
	}
	for _, line := range []struct {
		class, name string
		of          func(growth) time.Duration
	}{{"ours", "POST /api/match", func(g growth) time.Duration { return g.ours }},
		{"table", "SQL, measures in a table", func(g growth) time.Duration { return g.table }},
		{"sql", "SQL that measures too", func(g growth) time.Duration { return g.sql }}} {
		var path []string
		var x, y float64
		for _, g := range points {
			x, y = at(g.parcels, line.of(g))
			path = append(path, fmt.Sprintf("%.1f,%.1f", x, y))
		}
		fmt.Fprintf(&b, "<polyline class=\"%s\" points=\"%s\"/><text x=\"%.1f\" y=\"%.1f\">%s</text>\n", line.class,
			strings.Join(path, " "), x+8, y+4, line.name)
	}
	fmt.Fprintf(&b,
		"<text x=\"%.0f\" y=\"%.0f\" text-anchor=\"middle\">parcels of the park, a tenth of them free</text>\n</svg>\n", left+wide, top+5*high+34)
	return os.WriteFile(path, []byte(b.String()), 0o644)
}
