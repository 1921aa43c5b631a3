package paper

import (
	"fmt"
	"image/color"
	"math"
	"testing"

	"codeberg.org/go-pdf/fpdf"

	"luodi/api/page"
)

// drawnLines writes down the closed lines that are drawn.
type drawnLines struct {
	blank
	closed [][]page.Point
}

func (d *drawnLines) line(lines [][]page.Point, closed bool, _ float64, _ color.RGBA) {
	if closed {
		d.closed = append(d.closed, lines...)
	}
}

// A side of a parcel is as long on the sheet as the scale says, and all of the parcel stands in the frame.
func TestPlatsAreDrawnAtATrueScale(t *testing.T) {
	t.Parallel()
	for _, side := range []float64{4, 63, 150, 580, 4000} {
		for _, a3 := range []bool{false, true} {
			ring := []page.Point{{412_000, 4_125_000}, {412_000, 4_125_000 + side}, {412_000 + side, 4_125_000 + side},
				{412_000 + side, 4_125_000}}
			drawn := &drawnLines{}
			of := &Plat{Title: "TX", Rings: [][]page.Point{ring}, A3: a3, Scale: func(n int) string { return fmt.Sprint(n) },
				Notes: []string{"a", "b", "c"}, Head: []string{"a", "b", "c", "d"}}
			size := fpdf.SizeType{Wd: 210, Ht: 297}
			if a3 {
				size.Wd = 420
			}
			d := &plan{Press: press(t), Plat: of, pen: drawn}
			d.sheet(size, About{}, func() { t.Fatal("a second sheet") })
			found := false
			for _, line := range drawn.closed {
				if len(line) != 4 {
					continue
				}
				mm := math.Hypot(line[1][0]-line[0][0], line[1][1]-line[0][1])
				found = found || math.Abs(mm-side*1000/float64(d.scale)) < 1e-6 && line[0][0] > d.frame.x &&
					line[2][0] < d.frame.x+d.frame.width && line[1][1] > d.frame.y && line[0][1] < d.bottom()
			}
			if !found || side*1000/float64(d.scale) < 20 {
				t.Errorf("%g m at 1:%d on A3 %v: %v", side, d.scale, a3, found)
			}
		}
	}
}
