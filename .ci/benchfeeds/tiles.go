package main

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// tilesAt are the addresses of tiles that lie whole in a district, by a template with {z}, {x} and {y}: so many, in
// random order, again and again where there are fewer.
func (of district) tilesAt(r *rand.Rand, z, n int, template string) []string {
	east := west + float64(of.side*of.across)*step
	north := south + float64(of.side*(of.parks/of.across))*step
	left, top := tileOf(west, north, z)
	right, bottom := tileOf(east, south, z)
	urls := make([]string, n)
	for i := range urls {
		x, y := left+1+r.IntN(max(1, right-left-1)), top+1+r.IntN(max(1, bottom-top-1))
		urls[i] = strings.NewReplacer("{z}", fmt.Sprint(z), "{x}", fmt.Sprint(x), "{y}", fmt.Sprint(y)).Replace(template)
	}
	return urls
}

func tileOf(lon, lat float64, z int) (x, y int) {
	n := math.Exp2(float64(z))
	return int((lon + 180) / 360 * n), int((1 - math.Asinh(math.Tan(lat*math.Pi/180))/math.Pi) / 2 * n)
}

// tilePeer is a server of tiles beside the program.
type tilePeer struct{ name, template string }

// tilePeers are the peers that were given by their addresses, and the plain one.
func (b *bench) tilePeers(d *data, of district) (all []tilePeer, stop func(), err error) {
	plain, err := startTiles(b.ctx, d.url("luodi_public", of))
	if err != nil {
		return nil, nil, err
	}
	all = []tilePeer{{"plain ST_AsMVT", plain.url + "/{z}/{x}/{y}"}}
	if b.tiles != "" {
		fmt.Fprintln(os.Stderr, "the peers are to serve the table peer of", d.url("luodi_public", of))
	}
	for _, given := range strings.Fields(b.tiles) {
		name, template, _ := strings.Cut(given, "=")
		p := tilePeer{name, template}
		for first := of.tilesAt(rand.New(rand.NewPCG(1, 1)), 14, 1, template)[0]; ; {
			if _, err := get(first); err == nil {
				break
			}
			select {
			case <-b.ctx.Done():
				return nil, plain.stop, b.ctx.Err()
			case <-time.After(time.Second):
			}
		}
		all = append(all, p)
	}
	return all, plain.stop, nil
}

// sqlTile is a tile as servers of their kind have PostGIS make it.
const sqlTile = `
WITH at AS (SELECT ST_TileEnvelope($1, $2, $3) AS box),
cut AS (SELECT ST_AsMVTGeom(ST_Transform(p.geom, 3857), at.box) AS geom, p.id::text, p.code, p.zone, p.status,
       p.land_use, p.legal_m2::float8 AS legal_m2
  FROM peer p, at WHERE p.geom && ST_Transform(at.box, 4490) AND ($4 = '' OR p.status = $4))
SELECT ST_AsMVT(cut, 'parcels') FROM cut WHERE geom IS NOT NULL`

func startTiles(ctx ctx, dsn string) (*peer, error) {
	pool, err := pgxpool.New(ctx, dsn+"&pool_max_conns=16")
	if err != nil {
		return nil, err
	}
	return start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var z, x, y int
		var body []byte
		_, err := fmt.Sscanf(r.URL.Path, "/%d/%d/%d", &z, &x, &y)
		if err == nil {
			err = pool.QueryRow(r.Context(), sqlTile, z, x, y, r.URL.Query().Get("status")).Scan(&body)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/vnd.mapbox-vector-tile")
		_, _ = w.Write(body) // nobody is left to be told of a failure
	}), "", pool.Close)
}

// tilePath is where the program serves the same tiles.
const tilePath = "/tiles/parcels/{z}/{x}/{y}"

// tile measures map tiles that the program makes anew for each request, beside those of its peers, then tiles that it
// keeps, of the past, and filtered.
func (b *bench) tile(d *data, kept *serving, of district) error {
	if !b.wants("tile") {
		return nil
	}
	peers, stop, err := b.tilePeers(d, of)
	if err != nil {
		return err
	}
	defer stop()
	anew, err := b.serve(d.url("luodi", of), "--feed-memory", "2048", "--tile-memory", "0")
	if err != nil {
		return err
	}
	defer anew.stop()
	if err := anew.warm(); err != nil {
		return err
	}
	filter := "filter=" + url.QueryEscape("status = 'held'")
	past := "datetime=2026-01-15T00:00:00Z"
	for _, row := range []struct {
		z    int
		goal string
	}{{10, "30 × the best"}, {12, "10 × the best"}, {14, "3 × the best"}} {
		count := map[int]string{10: "26,000", 12: "1,600", 14: "100"}[row.z]
		ours, err := b.tilesRow(anew, peers, of, row.z, "tile of "+count, "", "", 0, row.goal)
		if err != nil {
			return err
		}
		if _, err = b.tilesRow(anew, nil, of, row.z, "tile of "+count+" of a past moment", past, "", ours,
			"1.3 × a live one"); err != nil {
			return err
		}
		if _, err = b.tilesRow(anew, peers[:1], of, row.z, "tile of "+count+", filtered", filter, "status=held", ours,
			"1.3 × a live one"); err != nil {
			return err
		}
	}
	return b.tileAgain(kept, of)
}

// tilesRow measures one kind of tile; live is how many live ones the program makes a second, 0 where these are.
func (b *bench) tilesRow(s *serving, peers []tilePeer, of district, z int, name, query, theirs string, live float64,
	goal string) (float64, error) {
	const many = 60_000
	r := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 16))
	ours, err := b.load(of.tilesAt(r, z, many, s.url+tilePath+"?"+query), 8, http.StatusOK)
	if err != nil {
		return 0, err
	}
	best, told := 0.0, "–"
	for i, p := range peers {
		template := p.template
		if theirs != "" {
			template += "?" + theirs
		}
		rate, err := b.load(of.tilesAt(r, z, many, template), 8, http.StatusOK)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", p.name, err)
		}
		if i == 0 {
			told = ""
		}
		told += fmt.Sprintf("%s %.1f ", p.name, rate)
		best = max(best, rate)
	}
	ratio, slower := "–", "–"
	if best > 0 {
		ratio = fmt.Sprintf("%.1f", ours/best)
	}
	if live > 0 {
		slower = fmt.Sprintf("%.2f × a live one's cost", live/ours)
	}
	b.table.row(name, "8", fmt.Sprintf("%.0f", ours), fmt.Sprintf("%.0f", s.memory("VmRSS")), strings.TrimSpace(told),
		"–", ratio, slower, goal)
	return ours, nil
}

// tileAgain measures a tile that did not change, beside a file server that sends the same bytes.
func (b *bench) tileAgain(s *serving, of district) error {
	for _, z := range []int{12, 14} {
		url := of.tilesAt(rand.New(rand.NewPCG(3, 3)), z, 1, s.url+tilePath)[0]
		body, err := get(url)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(b.folder, "tile.mvt"), body, 0o644); err != nil {
			return err
		}
		files, err := startFiles(b.folder)
		if err != nil {
			return err
		}
		ours, err := b.load([]string{url}, 8, http.StatusOK)
		theirs, failed := b.load([]string{files.url + "/tile.mvt"}, 8, http.StatusOK)
		files.stop()
		if err := errors.Join(err, failed); err != nil {
			return err
		}
		b.table.row(fmt.Sprintf("tile of %d KB, again", len(body)/1000), "8", fmt.Sprintf("%.0f", ours),
			fmt.Sprintf("%.0f", s.memory("VmRSS")), "–", fmt.Sprintf("%.0f (Go's file server)", theirs), "–",
			fmt.Sprintf("%.2f", ours/theirs), "0.45 of it")
	}
	return nil
}
