package ogc

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"runtime"
	"sync"

	"github.com/cespare/xxhash/v2"

	"luodi/api/request"
	"luodi/api/stream"
	"luodi/data/feed"
	"luodi/data/store"
	"luodi/geo/tile"
)

// The format of map tiles.
const mvt request.Format = "mvt"

const typeMVT = "application/vnd.mapbox-vector-tile"

// webMercator is the set that most web maps use.
var webMercator = tile.SetByID("WebMercatorQuad")

// tile answers with a vector tile of a collection (OGC API Tiles 1.0).
func (s *Service) tile(w http.ResponseWriter, r *http.Request) error {
	set, err := findSet(r)
	if err != nil {
		return err
	}
	return s.tileAt(w, r, set, [3]string{"tileMatrix", "tileRow", "tileCol"})
}

var xyz = [3]string{"z", "y", "x"}

// tileXYZ answers with the same tile by the address that most web maps use.
func (s *Service) tileXYZ(w http.ResponseWriter, r *http.Request) error {
	return s.tileAt(w, r, webMercator, xyz)
}

// ParkTile answers with a tile of what lies in the park of the path, by z, x and y: as its members see it where sees
// says so of who asks, else as the public does.
func (s *Service) ParkTile(sees Sees) http.HandlerFunc {
	return s.inPark(sees, func(w http.ResponseWriter, r *http.Request) error {
		return s.tileAt(w, r, webMercator, xyz)
	})
}

func (s *Service) tileAt(w http.ResponseWriter, r *http.Request, set *tile.Set, names [3]string) error {
	c, err := findCollection(r)
	if err != nil {
		return err
	}
	a, err := askedFor(r, tileData, besidePark(r, tileParameters(c))...)
	if err != nil {
		return err
	}
	at, err := parseAddress(r, set, names)
	if err != nil {
		return err
	}
	q, err := parseTile(a, c, &at)
	if err != nil {
		return err
	}
	narrow(r, q)
	body, err := s.tileOf(r.Context(), a, q, at, stream.Encoding(r))
	if err != nil {
		return tooCostly(err)
	}
	return sendTile(w, r, a, body)
}

// tileOf finds a tile among those that are kept, or makes it.
func (s *Service) tileOf(ctx context.Context, a *ask, q *feed.Query, at tile.Address, encoding string) (*tileBody,
	error) {
	now, err := s.feed.Now(ctx)
	if err != nil {
		return nil, err
	}
	if a.member != nil {
		return s.memberTile(ctx, a, q, at, encoding, now)
	}
	k, name := s.cache.At(ctx, now, q.Collection), tileName(a, q, at, encoding)
	if k == nil {
		body, err := s.draw(ctx, a, q, at, nil)
		if err != nil {
			return nil, err
		}
		return body.in(encoding), nil
	}
	if body := s.tiles.find(name, k); body != nil {
		k.Hit()
		return body, nil
	}
	return s.tiles.make(ctx, name, k, func(ctx context.Context) (*tileBody, error) {
		body, err := s.draw(ctx, a, q, at, k)
		if err != nil {
			return nil, err
		}
		return body.in(encoding), nil
	})
}

// memberTile is a tile as members see it: from memory, and kept for those who see the same parks, where
// [feed.Both] holds what the query asks for; else from the database, and not kept.
func (s *Service) memberTile(ctx context.Context, a *ask, q *feed.Query, at tile.Address, encoding string,
	now store.State) (*tileBody, error) {
	var draw feed.Draw
	b := s.cache.Both(ctx, now, q.Collection)
	if b != nil {
		draw = b.Draw(q)
	}
	if draw == nil {
		body, err := s.draw(ctx, a, q, at, nil)
		if err != nil {
			return nil, err
		}
		return body.in(encoding), nil
	}
	b.Hit()
	name := a.memberTag() + " " + tileName(a, q, at, encoding)
	if body := s.tiles.find(name, b); body != nil {
		return body, nil
	}
	return s.tiles.make(ctx, name, b, func(ctx context.Context) (*tileBody, error) {
		body := &tileBody{box: at.Degrees(), state: b.Stands()}
		if err := body.drawn(ctx, q, at, draw); err != nil {
			return nil, err
		}
		return body.in(encoding), nil
	})
}

// tileName names a tile among those that are kept: all that its bytes depend on but the state. The addresses that a
// tile has name it alike.
func tileName(a *ask, q *feed.Query, at tile.Address, encoding string) string {
	chosen := url.Values{}
	for name, text := range a.query {
		chosen.Set(name, text)
	}
	for _, name := range []string{"f", "lang", "crs", "park"} {
		chosen.Del(name)
	}
	if q.Park != "" {
		chosen.Set("park", q.Park)
	}
	return fmt.Sprintf("%s %s %s %d %d %d %s %s", encoding, q.Collection.ID, at.Set.ID(), at.Z, at.Row, at.Col,
		at.Shift, chosen.Encode())
}

// gate lets so many pass at once.
type gate chan struct{}

// The gates before the making of tiles. Drawing takes a processor for milliseconds: more at once than there are would
// be none sooner. Those that are read from the database have a gate of their own before it, so that slow ones hold
// nobody else up, and what is read of all of them is bounded.
var (
	drawingGate = make(gate, runtime.GOMAXPROCS(0))
	readingGate = make(gate, runtime.GOMAXPROCS(0))
)

// pass waits for room and does what is to be done.
func (g gate) pass(ctx context.Context, do func() error) error {
	select {
	case g <- struct{}{}:
		defer func() { <-g }()
		return do()
	case <-ctx.Done():
		return store.Translate("wait to draw", ctx.Err())
	}
}

// writers are used again: they grow to the size of the tiles that they write.
var writers = sync.Pool{New: func() any { return &tile.Writer{} }}

// draw makes a tile: from memory where k holds what the query asks for, else from the database.
func (s *Service) draw(ctx context.Context, a *ask, q *feed.Query, at tile.Address, k *feed.Kept) (*tileBody, error) {
	body := &tileBody{box: at.Degrees()}
	if k != nil {
		body.state = k.State
		if draw := k.Draw(ctx, q); draw != nil {
			k.Hit()
			return body, body.drawn(ctx, q, at, draw)
		}
		k.Miss()
		q.Live = k
	}
	return body, readingGate.pass(ctx, func() error {
		var draw feed.Draw
		if err := s.readFor(ctx, a, func(v *feed.View) error {
			now, err := v.State(ctx)
			if err != nil {
				return err
			}
			body.state.N, body.state.At = now.N, now.At
			draw, err = v.Draw(ctx, q)
			return err
		}); err != nil {
			return err
		}
		return body.drawn(ctx, q, at, draw)
	})
}

// drawn writes a tile into its body.
func (t *tileBody) drawn(ctx context.Context, q *feed.Query, at tile.Address, draw feed.Draw) error {
	return drawingGate.pass(ctx, func() error {
		w := writers.Get().(*tile.Writer)
		defer writers.Put(w)
		if err := draw(q.Collection.BeginTile(w, at, q.Joined)); err != nil {
			return err
		}
		t.body = w.Append(nil)
		t.tag = fmt.Sprintf(`"%x-%x"`, xxhash.Sum64(t.body), len(t.body))
		return nil
	})
}

// in is the tile in an encoding.
func (t *tileBody) in(encoding string) *tileBody {
	if encoded := stream.Encoded(encoding, typeMVT, t.body); encoded != nil {
		t.encoding, t.body, t.tag = encoding, encoded, tagIn(t.tag, encoding)
	}
	return t
}

// sendTile sends a tile; a tile in which nothing lies is 204.
func sendTile(w http.ResponseWriter, r *http.Request, a *ask, t *tileBody) error {
	unchanged := request.Unchanged
	if a.member != nil {
		unchanged = request.UnchangedPrivate
	}
	if unchanged(w, r, t.tag) {
		return nil
	}
	if len(t.body) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	w.Header().Set("Content-Type", typeMVT)
	if t.encoding != "" {
		w.Header().Set("Content-Encoding", t.encoding)
	}
	writeBody(w, r, t.body)
	return nil
}
