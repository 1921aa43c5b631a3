package content

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"slices"

	"golang.org/x/image/draw"

	"luodi/geo"
)

// Widths in which a picture can be had smaller, in pixels as it is shown.
var Widths = []int{320, 640, 1280}

// MaxPixels is how many pixels a picture has at most that is made smaller. What decodes one takes up to some 15 bytes a
// pixel (progressive JPEG keeps its coefficients): 450 MB for the largest, and few kilobytes can say that they are one.
const MaxPixels = 30_000_000

// quality is that of the JPEGs that are made: a third smaller than at 90, and no eye tells them apart at these widths.
const quality = 82

// SmallerOf lists the widths in which a picture of a size can be had smaller: none where it has too many pixels.
func SmallerOf(width, height int) []int {
	if width*height > MaxPixels {
		return nil
	}
	at, _ := slices.BinarySearch(Widths, width)
	return Widths[:at:at]
}

// Smaller draws a picture in a width, turned as it is to be shown: as JPEG, or as PNG where some of it is clear. It
// returns the picture as it came where it is no wider, or moves. A [geo.Invalid] for width says that it has more than
// MaxPixels.
//
//  1. The head alone tells the size; what is too large is refused before a pixel is decoded.
//  2. The whole is decoded and drawn smaller, each new pixel by all those that it covers.
//  3. What is small is turned: that takes less than turning the whole.
//
// The colour profile of a photo isn't kept.
func Smaller(raw []byte, width int) (small []byte, mediaType string, err error) {
	config, format, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return nil, "", err
	}
	if n := config.Width * config.Height; n > MaxPixels {
		return nil, "", geo.NewInvalid("width", "file.pixels", fmt.Sprintf("%d × %d", config.Width, config.Height),
			"n", MaxPixels)
	}
	way := turn(raw)
	wide, high := config.Width, config.Height
	if way > 4 {
		wide, high = high, wide
	}
	asItCame := "image/" + format
	if wide <= width {
		return raw, asItCame, nil
	}
	whole, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return raw, asItCame, nil // a WebP that moves, or what a browser may still understand
	}
	size := image.Rect(0, 0, width, max(1, (high*width+wide/2)/wide))
	if way > 4 {
		size.Max.X, size.Max.Y = size.Max.Y, size.Max.X
	}
	drawn := image.NewRGBA(size)
	draw.BiLinear.Scale(drawn, size, whole, whole.Bounds(), draw.Src, nil)
	turned := turnedBy(drawn, way)
	var out bytes.Buffer
	if !turned.Opaque() {
		err = png.Encode(&out, turned)
		return out.Bytes(), "image/png", err
	}
	err = jpeg.Encode(&out, turned, &jpeg.Options{Quality: quality})
	return out.Bytes(), "image/jpeg", err
}

// turn is how a picture that Read took is to be turned, 1 to 8, by the one segment that says so; 0 where none does.
func turn(raw []byte) uint16 {
	if !bytes.HasPrefix(raw, []byte("\xff\xd8")) {
		return 0
	}
	for rest := raw[2:]; len(rest) >= 4 && rest[0] == 0xff && rest[1] != jpegScan; {
		end := 2 + int(binary.BigEndian.Uint16(rest[2:]))
		if end < 4 || end > len(rest) {
			return 0
		}
		if rest[1] == jpegApp1 {
			return orientation(rest[4:end])
		}
		rest = rest[end:]
	}
	return 0
}

// turnedBy is a picture as it is to be shown, by Exif's orientation: 2 to 4 mirrored and upside down, 5 to 8 on its side.
func turnedBy(m *image.RGBA, way uint16) *image.RGBA {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	// where the pixel at x, y of the result comes from
	from := map[uint16]func(x, y int) (int, int){
		2: func(x, y int) (int, int) { return w - 1 - x, y },
		3: func(x, y int) (int, int) { return w - 1 - x, h - 1 - y },
		4: func(x, y int) (int, int) { return x, h - 1 - y },
		5: func(x, y int) (int, int) { return y, x },
		6: func(x, y int) (int, int) { return y, h - 1 - x },
		7: func(x, y int) (int, int) { return w - 1 - y, h - 1 - x },
		8: func(x, y int) (int, int) { return w - 1 - y, x },
	}[way]
	if from == nil {
		return m
	}
	size := image.Rect(0, 0, w, h)
	if way > 4 {
		size = image.Rect(0, 0, h, w)
	}
	turned := image.NewRGBA(size)
	for y := range size.Max.Y {
		for x := range size.Max.X {
			turned.SetRGBA(x, y, m.At(from(x, y)).(color.RGBA))
		}
	}
	return turned
}
