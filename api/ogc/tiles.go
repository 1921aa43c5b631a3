package ogc

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"runtime"
	"slices"
	"sync"

	"luodi/api/request"
	"luodi/api/stream"
	"luodi/data/feed"
	"luodi/data/store"
	"luodi/geo/tile"
)

// The format of map tiles.
const (
	mvt     request.Format = "mvt"
	typeMVT                = "application/vnd.mapbox-vector-tile"
)

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

// tileXYZ answers with the same tile by the address that most web maps use.
func (s *Service) tileXYZ(w http.ResponseWriter, r *http.Request) error {
	return s.tileAt(w, r, webMercator, [3]string{"z", "y", "x"})
}

func (s *Service) tileAt(w http.ResponseWriter, r *http.Request, set *tile.Set, names [3]string) error {
	c, err := findCollection(r)
	if err != nil {
		return err
	}
	a, err := askedFor(r, tileData, tileParameters(c)...)
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
	if a.member != nil {
		body, err := s.draw(r.Context(), a, q, at, nil)
		if err != nil {
			return tooCostly(err)
		}
		return sendTile(w, r, a, body.in(stream.Encoding(r)))
	}
	now, err := s.feed.Now(r.Context())
	if err != nil {
		return err
	}
	k := s.cache.At(r.Context(), now, c)
	name := tileName(a, stream.Encoding(r))
	if k != nil {
		if body := s.tiles.find(name, k); body != nil {
			k.Hit()
			return sendTile(w, r, a, body)
		}
	}
	body, err := s.tiles.make(r.Context(), name, k, func(ctx context.Context) (*tileBody, error) {
		body, err := s.draw(ctx, a, q, at, k)
		if err != nil {
			return nil, err
		}
		return body.in(stream.Encoding(r)), nil
	})
	if err != nil {
		return tooCostly(err)
	}
	return sendTile(w, r, a, body)
}

// tileName names a tile among those that are kept: all that its bytes depend on but the state.
func tileName(a *ask, encoding string) string {
	chosen := *a
	chosen.query = request.Query{}
	for name, text := range a.query {
		if name != "f" && name != "lang" {
			chosen.query[name] = text
		}
	}
	return encoding + " " + a.path + "?" + chosen.parameters(mvt)
}

// drawing is who draws.
var drawing = make(chan struct{}, runtime.GOMAXPROCS(0))

// writers are used again: they grow to the size of the tiles that they write.
var writers = sync.Pool{New: func() any { return &tile.Writer{} }}

// draw makes a tile: from memory where k holds what the query asks for, else from the database.
func (s *Service) draw(ctx context.Context, a *ask, q *feed.Query, at tile.Address, k *feed.Kept) (*tileBody, error) {
	select { // a tile takes a processor for milliseconds: more at once than there are would be none sooner
	case drawing <- struct{}{}:
		defer func() { <-drawing }()
	case <-ctx.Done():
		return nil, store.Translate("wait to draw", ctx.Err())
	}
	w := writers.Get().(*tile.Writer)
	defer writers.Put(w)
	add := beginTile(w, at, q.Collection)
	body := &tileBody{box: at.Degrees()}
	if k != nil {
		done, err := k.Draw(ctx, q, add)
		if err != nil {
			return nil, err
		}
		if body.state = k.State; done {
			k.Hit()
			return body.of(w), nil
		}
		k.Miss()
		q.Live = k
	}
	err := s.readFor(ctx, a, func(v *feed.View) error {
		now, err := v.State(ctx)
		if err != nil {
			return err
		}
		body.state.N, body.state.At = now.N, now.At
		return v.Draw(ctx, q, add)
	})
	if err != nil {
		return nil, err
	}
	return body.of(w), nil
}

// mergedCount is the key of how many features were joined.
const mergedCount = "features"

// beginTile starts a tile of a collection, and returns what adds its features: the values are the id and those of the
// collection's drawing.
func beginTile(w *tile.Writer, at tile.Address, c *feed.Collection) func(shape []byte, values []tile.Value) error {
	d := c.Drawing()
	var merged []string
	class := -1
	if d.Class != "" {
		merged = []string{d.Class, mergedCount}
		class = 1 + slices.Index(d.Names, d.Class)
	}
	if d.Sum != "" {
		merged = append(merged, d.Sum)
	}
	w.Begin(at, c.ID, append([]string{"id"}, d.Names...), merged)
	w.Label("id", d.Label)
	return func(shape []byte, values []tile.Value) error {
		if class < 0 {
			return w.Add(shape, "", values...)
		}
		return w.Add(shape, values[class].Text, values...)
	}
}

// of fills a body with what a writer has.
func (t *tileBody) of(w *tile.Writer) *tileBody {
	t.body = w.Append(nil)
	sum := sha256.Sum256(t.body)
	t.tag = `"` + base64.RawURLEncoding.EncodeToString(sum[:15]) + `"`
	return t
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
