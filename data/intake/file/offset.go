package file

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/paulmach/orb"

	"luodi/geo"
)

// onWebMap reads what was drawn on a web map with an offset, which it undoes. Where there is none to undo nothing is
// moved:
//
//  1. A file that names another system than WGS 84 is refused: drawings of such maps name none, or WGS 84.
//  2. A row outside the rectangle in which the maps have an offset is refused; if all are, the file is.
type onWebMap struct {
	mover
	offset        geo.MapOffset
	rows, outside int64
}

func newOnWebMap(reader Reader, offset geo.MapOffset) (Reader, error) {
	info := reader.Info()
	if fault := statesElse(info, offset); fault != nil {
		return nil, fault
	}
	info.EPSG, info.CRS, info.Unproven, info.Offset = int(geo.WGS84), offset.Name(), false, offset
	info.Notes = append(info.Notes, geo.Say("note.offset", "offset", offset.Name()))
	return &onWebMap{mover: mover{Reader: reader, info: info, move: offset.Undo}, offset: offset}, nil
}

// wgs84Heights is WGS 84 with heights, EPSG:4979.
const wgs84Heights geo.EPSG = 4979

// statesElse is the fault of a file that names a system which no map with an offset has; nil where it names none.
func statesElse(info Info, offset geo.MapOffset) error {
	stated := geo.EPSG(info.EPSG)
	if stated == 0 || stated == geo.WGS84 || stated == wgs84Heights {
		return nil
	}
	named := stated.String()
	if info.CRS != "" && info.CRS != named {
		named += ", " + info.CRS
	}
	return &Fault{Code: OffsetStated, Field: "crs", Expected: offset.Name(), Got: named}
}

// Next implements Reader.
func (w *onWebMap) Next(ctx context.Context) (Row, error) {
	row, err := w.Reader.Next(ctx)
	if errors.Is(err, io.EOF) {
		if fault := statesElse(w.Reader.Info(), w.offset); fault != nil { // named after the rows
			return row, fault
		}
		if w.outside > 0 && w.outside == w.rows {
			return row, &Fault{Code: OffsetOutside, Field: "crs", Expected: w.offset.Name(),
				Came: said("came.all_rows", "n", w.rows)}
		}
	}
	if err != nil || row.Fault != nil {
		return row, err
	}
	w.rows++
	if b := row.Shape.Bounds; inDegrees(b) && !(w.offset.Moves(orb.Point{b[0], b[1]}) && w.offset.Moves(orb.Point{b[2],
		b[3]})) {
		w.outside++
		row.Fault = &Fault{Code: OffsetOutside, Field: "crs", Expected: w.offset.Name(),
			Got: fmt.Sprintf("%.5f°E %.5f°N", (b[0]+b[2])/2, (b[1]+b[3])/2)}
		return row, nil
	}
	w.moveRow(&row)
	return row, nil
}

// inDegrees reports whether bounds can be longitude and latitude; where they can't, the place of the file says so.
func inDegrees(b [4]float64) bool {
	return max(math.Abs(b[0]), math.Abs(b[2])) <= 180 && max(math.Abs(b[1]), math.Abs(b[3])) <= 90
}
