package outlet

import (
	"bufio"
	"context"
	"io"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"luodi/data/feed"
	"luodi/data/store/ewkb"
	"luodi/geo"
)

// Job says what goes into a file.
type Job struct {
	Format  *Format
	Queries []*feed.Query // a layer each; their CRS is set to the job's
	Changed *feed.Span    // what changed in it alone; nil: all
	Zooms   Zooms         // of map tiles
	CRS     geo.CRS
	Words   Vocabulary
	English bool      // the language of what a format has in one language alone
	GBK     bool      // texts of Shapefile and survey TXT in GBK (GB18030)
	At      time.Time // when the state that is written began: what files say of their own time
	Title   string    // of the park
	By      string    // who writes: 数据产生单位 of a survey's text
	Temp    string    // folder for what has to lie on disk on the way; "": the system's
	// Progress hears how many rows were written, again and again; nil: nobody does.
	Progress func(done int64)
	// Ended hears of the end of a layer, where its rows know their last position; nil: nobody does.
	Ended func(*feed.Features)
}

// Check refuses what the format can't hold.
func (j *Job) Check() error {
	if err := j.Format.CheckCRS(j.CRS); err != nil {
		return err
	}
	if len(j.Queries) > 1 && !j.Format.Layers {
		return geo.NewInvalid("layer", "outlet.one_layer", j.Queries[1].Collection.ID, "format", j.Format.Title)
	}
	if j.Changed != nil && !j.Format.Changes {
		return geo.NewInvalid("format", "one_of", j.Format.Name, "values", strings.Join(changeNames(), ", "))
	}
	for i, q := range j.Queries {
		kind := q.Collection.Geometry[0]
		if q.Select != nil && !q.Select.Geometry && !j.Format.Bare {
			return geo.NewInvalid("properties", "outlet.geometry", feed.GeometryName, "format", j.Format.Title)
		}
		if j.Format.Plans && kind != "Polygon" && kind != "MultiPolygon" {
			return geo.NewInvalid("layer", "outlet.areas", q.Collection.ID, "format", j.Format.Title)
		}
		for _, other := range j.Queries[:i] {
			if other.Collection.ID == q.Collection.ID {
				return geo.NewInvalid("layer", "outlet.twice", q.Collection.ID)
			}
		}
	}
	return nil
}

// paper is what a sink writes on.
type paper struct {
	*Job
	w   *bufio.Writer
	dir string
}

// temp makes a file that is gone when the job is done.
func (p *paper) temp() (*os.File, error) { return os.CreateTemp(p.dir, "part") }

const bufferSize = 256 << 10

// Write writes the file. An error leaves a part of it in w, which is to be thrown away.
func (j *Job) Write(ctx context.Context, v *feed.View, w io.Writer) (rows int64, err error) {
	if err := j.Check(); err != nil {
		return 0, err
	}
	dir, err := os.MkdirTemp(j.Temp, "luodi-export-")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	p := &paper{Job: j, w: bufio.NewWriterSize(w, bufferSize), dir: dir}
	if j.Format.whole != nil {
		rows, err = j.Format.whole(ctx, v, p)
	} else {
		rows, err = j.layers(ctx, v, p)
	}
	if err != nil {
		return rows, err
	}
	return rows, p.w.Flush()
}

// layers writes the layers row by row.
func (j *Job) layers(ctx context.Context, v *feed.View, p *paper) (rows int64, err error) {
	s, err := j.Format.open(p)
	if err != nil {
		return 0, err
	}
	if closer, ok := s.(io.Closer); ok {
		defer func() { _ = closer.Close() }()
	}
	for _, q := range j.Queries {
		q.CRS = geo.CRS{Code: j.CRS.Code, LonFirst: true}
		n, err := j.layer(ctx, v, newLayer(q, j.Changed, j.Words), s, rows)
		if err != nil {
			return rows, err
		}
		rows += n
	}
	return rows, s.end()
}

// tellEvery is after how many rows progress is told.
const tellEvery = 1000

// layer writes the rows of a layer.
func (j *Job) layer(ctx context.Context, v *feed.View, l *Layer, s sink, before int64) (n int64, err error) {
	if err := s.begin(l); err != nil {
		return 0, err
	}
	rows, err := rowsOf(ctx, v, l)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	row := &Row{feature: rows.Features}
	for rows.next() {
		if err := row.read(l, rows); err != nil {
			return n, err
		}
		if err := s.row(row); err != nil {
			return n, err
		}
		if n++; n%tellEvery == 0 && j.Progress != nil {
			j.Progress(before + n)
		}
	}
	if err := rows.Err(); err != nil {
		return n, err
	}
	if j.Progress != nil {
		j.Progress(before + n)
	}
	if j.Ended != nil {
		j.Ended(rows.Features)
	}
	return n, nil
}

// found are the features of a layer, or what of them changed.
type found struct {
	*feed.Features
	changes *feed.Changes // nil: all
}

func rowsOf(ctx context.Context, v *feed.View, l *Layer) (f found, err error) {
	if l.changed == nil {
		f.Features, err = v.Features(ctx, l.query)
		return f, err
	}
	if f.changes, err = v.Changes(ctx, l.query, *l.changed); err == nil {
		f.Features = f.changes.Features
	}
	return f, err
}

func (f found) next() bool {
	if f.changes != nil {
		return f.changes.Next()
	}
	return f.Features.Next()
}

// read brings the current feature into the row.
func (r *Row) read(l *Layer, from found) (err error) {
	if from.changes != nil {
		r.change = from.changes.Kind
	}
	if r.deleted() {
		r.ID, r.Shape, r.Values = from.changes.ID(), nil, r.Values[:0]
		for range l.Fields[1:] {
			r.Values = append(r.Values, feed.Value{Null: true})
		}
		r.Values = append(r.Values, feed.Value{Text: []byte(r.change)})
		return nil
	}
	r.ID = r.feature.ID()
	r.Values = r.feature.Values(r.Values)
	if r.change != "" {
		r.Values = append(r.Values, feed.Value{Text: []byte(r.change)})
	}
	if r.Shape = nil; r.feature.Shape() == nil { // it was not selected
		return nil
	}
	r.Shape, _, err = ewkb.Decode(r.feature.Shape())
	if err != nil {
		return &brokenShape{r.ID, err}
	}
	if l.move != nil {
		r.Shape = move(r.Shape, l.move)
	}
	return nil
}

// brokenShape is a stored geometry that can't be read: no fault of who asks.
type brokenShape struct {
	id  uuid.UUID
	err error
}

func (e *brokenShape) Error() string { return "shape of " + e.id.String() + ": " + e.err.Error() }

// move moves the positions of a geometry, in place where it has any to change.
func move(g orb.Geometry, to func(orb.Point) orb.Point) orb.Geometry {
	if p, ok := g.(orb.Point); ok {
		return to(p)
	}
	for _, line := range linesOf(g) {
		for i := range line {
			line[i] = to(line[i])
		}
	}
	return g
}

// linesOf are the rings or lines of a geometry.
func linesOf(g orb.Geometry) [][]orb.Point {
	var all [][]orb.Point
	switch g := g.(type) {
	case orb.LineString:
		all = append(all, g)
	case orb.MultiLineString:
		for _, line := range g {
			all = append(all, line)
		}
	case orb.Polygon:
		for _, ring := range g {
			all = append(all, ring)
		}
	case orb.MultiPolygon:
		for _, polygon := range g {
			for _, ring := range polygon {
				all = append(all, ring)
			}
		}
	}
	return all
}
