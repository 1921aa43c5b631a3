// Package paper draws a page of api/page without a browser: as a PDF of A4 whose text can be selected, as one long
// picture to send in a chat, and as the picture that goes with a link. Lengths are millimetres, y grows downwards.
package paper

import (
	"image/color"
	"io/fs"
	"regexp"
	"strconv"

	"luodi/api/page"
)

// Press has what drawing needs: the type and the colours that the build of the map's page ships. It may be used by many
// at once.
type Press struct {
	faces   faces
	colours map[string]color.RGBA // by the name of their variable
}

// The files of the build that a press reads: the two weights of its type (WOFF 1.0), and the colours.
const (
	regularFile = "type/sans-400.woff"
	boldFile    = "type/sans-600.woff"
	colourFile  = "pages.css"
)

// Load reads what the press needs from the built page; an error that matches [fs.ErrNotExist] where it isn't built.
func Load(files fs.FS) (*Press, error) {
	if files == nil {
		return nil, fs.ErrNotExist
	}
	p := &Press{colours: map[string]color.RGBA{}}
	for file, into := range map[string]*face{regularFile: &p.faces.regular, boldFile: &p.faces.bold} {
		packed, err := fs.ReadFile(files, file)
		if err != nil {
			return nil, err
		}
		if *into, err = readFace(packed); err != nil {
			return nil, err
		}
	}
	style, err := fs.ReadFile(files, colourFile)
	if err != nil {
		return nil, err
	}
	for _, m := range coloured.FindAllSubmatch(style, -1) {
		if name := string(m[1]); p.colours[name].A == 0 { // the light theme comes first
			p.colours[name] = hex(string(m[2]))
		}
	}
	return p, nil
}

var coloured = regexp.MustCompile(`(--[a-z0-9-]+):(#[0-9a-f]{6})\b`)

// hex reads #rrggbb.
func hex(text string) color.RGBA {
	n, err := strconv.ParseUint(text[1:], 16, 32)
	if err != nil {
		return black
	}
	return color.RGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 255}
}

var (
	black = color.RGBA{A: 255}
	white = color.RGBA{255, 255, 255, 255}
)

// colour is the value of a variable; black where the build has none of that name.
func (p *Press) colour(variable string) color.RGBA {
	if c, known := p.colours[variable]; known {
		return c
	}
	return black
}

// wash is the colour of a class of the pages' style, as the map's legend has it.
func (p *Press) wash(class string) color.RGBA {
	if variable := page.Wash(class); variable != "" {
		return p.colour(variable)
	}
	return mix(p.colour("--zone-line"), white, 0.3)
}

// mix is a share of one colour, the rest of another.
func mix(a, b color.RGBA, share float64) color.RGBA {
	part := func(x, y uint8) uint8 { return uint8(share*float64(x) + (1-share)*float64(y) + 0.5) }
	return color.RGBA{part(a.R, b.R), part(a.G, b.G), part(a.B, b.B), 255}
}
