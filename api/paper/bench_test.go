package paper

import (
	"testing"

	"luodi/api/page"
	"luodi/message"
)

// BenchmarkPaper draws a page of twenty facts in each form.
func BenchmarkPaper(b *testing.B) {
	p := press(b)
	for name, form := range map[string]struct {
		width, height float64
		draw          func(*page.Page, About) ([]byte, error)
	}{"pdf": {A4PlanWidth, A4PlanHeight, p.PDF}, "picture": {PicturePlanWidth, PicturePlanHeight, p.Picture},
		"card": {CardPlanWidth, CardPlanHeight, p.Card}} {
		of := some(b, form.width, form.height, 20)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				file, err := form.draw(of, About{Lang: message.ZH})
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(len(file)), "bytes")
			}
		})
	}
}
