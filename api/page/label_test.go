package page

import "testing"

// TestLabelsDontLieOverEachOther: of labels that would, the first stays; in the larger type of a phone the rest is
// hidden.
func TestLabelsDontLieOverEachOther(t *testing.T) {
	t.Parallel()
	label := func(text string, x, y float64) Path { return Path{Shape: Shape{Label: text}, Name: &Point{x, y}} }
	subject := []Path{label("TX-L04", 50, 50)}
	ground := []Path{
		label("TX-L03", 55, 51),             // over the first
		label("TX-L05", 62, 50),             // beside it on paper, over it on a phone
		label("TX-L06", 50, 54),             // below it on paper, over it on a phone
		label("TX-M01", 90, 50),             // far from all but the next
		{Shape: Shape{Label: "TX-M02"}},     // never had a place
		label("TX-M03 with more", 110, 50.), // ends where TX-M01 begins on a phone
	}
	spread(subject, ground)
	for i, want := range []struct{ named, dense bool }{
		{false, false}, {true, true}, {true, true}, {true, false}, {false, false}, {true, true}} {
		if got := ground[i]; (got.Name != nil) != want.named || got.Dense != want.dense {
			t.Errorf("%s: named %v, dense %v, want %+v", got.Label, got.Name != nil, got.Dense, want)
		}
	}
	if subject[0].Name == nil || subject[0].Dense {
		t.Error("the drawing's own label gave way to the ground's")
	}
}
