package content

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"slices"

	"luodi/geo"
)

// Widths in which a picture can be had smaller, in pixels as it is shown.
var Widths = []int{320, 640, 1280}

// MaxPixels is how many pixels a picture has at most that is made smaller. What decodes one takes up to some 15 bytes a
// pixel (progressive JPEG keeps its coefficients), or 24 of one in four inks: 450 MB for the largest, or 720, and few
// kilobytes can say that they are one. Drawing it smaller takes less than decoding it did.
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
	turned := turnedBy(shrunk(whole, size), way)
	var out bytes.Buffer
	if !turned.Opaque() {
		err = png.Encode(&out, turned)
		return out.Bytes(), "image/png", err
	}
	err = jpeg.Encode(&out, turned, &jpeg.Options{Quality: quality})
	return out.Bytes(), "image/jpeg", err
}

// shrunk is a picture in a size that is no larger: each new pixel is the mean of all those that it covers, in part or
// whole. It holds one line of the old and the sums of one of the new: a scaler of golang.org/x/image/draw holds 32 bytes
// for each new column in each old line, which of a high picture is more than the picture.
func shrunk(whole image.Image, size image.Rectangle) *image.RGBA {
	from, small := whole.Bounds(), image.NewRGBA(size)
	wide, high, newWide, newHigh := from.Dx(), from.Dy(), size.Dx(), size.Dy()
	line := image.NewRGBA(image.Rect(0, 0, wide, 1))
	across, sums := make([]uint64, 4*newWide), make([]uint64, 4*newWide)
	area := uint64(wide) * uint64(high)
	for y := range high {
		draw.Draw(line, line.Rect, whole, image.Pt(from.Min.X, from.Min.Y+y), draw.Src)
		clear(across)
		for x := range wide {
			at, here, next := shares(x, wide, newWide)
			for c := range 4 {
				value := uint64(line.Pix[4*x+c])
				across[4*at+c] += value * here
				if next > 0 {
					across[4*at+4+c] += value * next
				}
			}
		}
		at, here, next := shares(y, high, newHigh)
		for i, value := range across {
			sums[i] += value * here
			if (y+1)*newHigh >= (at+1)*high { // no later line has a share in it
				small.Pix[at*small.Stride+i] = uint8((sums[i] + area/2) / area)
				sums[i] = value * next
			}
		}
	}
	return small
}

// shares is in which of fewer, equal parts an old one of n begins, and how much of it lies there and in the next: the
// fewer of it in all.
func shares(i, n, fewer int) (at int, here, next uint64) {
	at = i * fewer / n
	in := min(fewer, (at+1)*n-i*fewer)
	return at, uint64(in), uint64(fewer - in)
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
