package page

import (
	"math"
	"strconv"
	"strings"
)

// Backdrop is ground under a drawing: pictures in Web Mercator, each of one tile.
type Backdrop struct {
	Tiles            []string // addresses with {z}, {x} and {y}, of which any serves
	MinZoom, MaxZoom int
}

// Image is a picture on the sheet.
type Image struct {
	Href                string
	X, Y, Width, Height float64
}

const (
	tilePixels = 256.0
	tilesMost  = 60 // of a backdrop
	// The circumference of the earth in Web Mercator, in metres at the equator.
	around = 2 * math.Pi * radius
)

// images are the tiles of a backdrop that the sheet shows, at the zoom at which a pixel is about a unit of the sheet.
// Each is placed by its own corners: within a tile the difference of the projections is below a hundredth of a pixel.
func (f *frame) images(b Backdrop) []Image {
	zoom := math.Ceil(math.Log2(around * math.Cos(f.lat*math.Pi/180) / tilePixels / f.metres))
	for z := int(min(zoom, float64(b.MaxZoom))); z >= max(0, b.MinZoom); z-- {
		west, north := f.tileAt(0, 0, z)
		east, south := f.tileAt(f.Width, f.Height, z)
		if (east-west+1)*(south-north+1) > tilesMost {
			continue
		}
		var all []Image
		for y := north; y <= south; y++ {
			for x := west; x <= east; x++ {
				all = append(all, f.image(b.Tiles[(x+y)%len(b.Tiles)], z, x, y))
			}
		}
		return all
	}
	return nil
}

// tileAt is the tile under a place of the sheet.
func (f *frame) tileAt(right, down float64, z int) (x, y int) {
	lon, lat := f.lon+(right-f.Width/2)/f.perLon, f.lat-(down-f.Height/2)/f.perLat
	tiles := math.Exp2(float64(z))
	at := 0.5 - math.Asinh(math.Tan(lat*math.Pi/180))/(2*math.Pi)
	whole := func(share float64) int { return int(max(0, min(share*tiles, tiles-1))) }
	return whole((lon + 180) / 360), whole(at)
}

func (f *frame) image(address string, z, x, y int) Image {
	corner := func(x, y int) Point {
		tiles := math.Exp2(float64(z))
		lat := math.Atan(math.Sinh(math.Pi*(1-2*float64(y)/tiles))) * 180 / math.Pi
		return f.rounded(f.place(Point{float64(x)/tiles*360 - 180, lat}))
	}
	least, most := corner(x, y), corner(x+1, y+1)
	href := strings.NewReplacer("{z}", strconv.Itoa(z), "{x}", strconv.Itoa(x), "{y}", strconv.Itoa(y)).Replace(address)
	return Image{href, least[0], least[1], most[0] - least[0], most[1] - least[1]}
}
