package page

import (
	"fmt"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// QR is a code that a phone reads from a page or from paper (ISO/IEC 18004, error correction M).
type QR struct {
	Title string   // what a reader hears in place of it
	Text  string   // below it
	Size  int      // modules of a side, with the quiet zone
	D     string   // the outline of its dark modules
	Dark  [][2]int // their columns and rows
}

// quiet is how many modules around the code stay empty (ISO/IEC 18004, 6.3.8).
const quiet = 4

// NewQR codes a text, of 2,331 bytes at most.
func NewQR(title, coded, text string) (*QR, error) {
	code, err := qr.Encode(coded, qr.M, qr.Unicode)
	if err != nil {
		return nil, err
	}
	side := code.Bounds().Dx()
	var d strings.Builder
	var dark [][2]int
	for y := range side {
		for x := range side {
			if r, _, _, _ := code.At(x, y).RGBA(); r == 0 {
				fmt.Fprintf(&d, "M%d %dh1v1h-1z", x+quiet, y+quiet)
				dark = append(dark, [2]int{x + quiet, y + quiet})
			}
		}
	}
	return &QR{title, text, side + 2*quiet, d.String(), dark}, nil
}
