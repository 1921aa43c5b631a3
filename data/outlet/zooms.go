package outlet

import (
	"strconv"
	"strings"

	"luodi/geo"
)

// Zooms are the zooms of map tiles in a file, from the first to the last.
type Zooms struct{ Least, Most int }

// usualZooms are those of a file where none are asked for: what lies deeper is drawn from the last of them.
var usualZooms = Zooms{8, 16}

// deepestZoom bounds how many tiles there can be. A step of its grid is 3 cm at 37°N.
const deepestZoom = 18

// ParseZooms reads zooms such as 8-16, or 14 for one alone; "" gives the usual ones.
func ParseZooms(text string) (Zooms, error) {
	if text == "" {
		return usualZooms, nil
	}
	from, to, several := strings.Cut(text, "-")
	if !several {
		to = from
	}
	least, ok := parseZoom(from)
	most, too := parseZoom(to)
	if !ok || !too || least > most {
		return Zooms{}, geo.NewInvalid("zooms", "outlet.zooms", text, "most", deepestZoom)
	}
	return Zooms{least, most}, nil
}

func parseZoom(text string) (z int, ok bool) {
	z, err := strconv.Atoi(text)
	return z, err == nil && text == strconv.Itoa(z) && z >= 0 && z <= deepestZoom
}
