package outlet_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb/encoding/mvt"

	"luodi/data/feed"
	"luodi/data/outlet"
	"luodi/data/outlet/pmtiles/pmtilestest"
	"luodi/data/store/storetest"
	"luodi/geo"
	"luodi/geo/tile"
)

var webMercator = geo.CRS{Code: geo.WebMercator}

// The header, the layers and their order, and the progress that is told.
func TestArchivesSayWhatTheyHold(t *testing.T) {
	t.Parallel()
	f := withSample(t)
	j := job(t, "pmtiles", webMercator, layerIDs...)
	last, wrong := int64(0), 0
	j.Progress = func(n int64) {
		if n < last {
			wrong++
		}
		last = n
	}
	a := pmtilestest.Read(t, write(t, f, j))
	h := a.Header
	if h.Clustered != 1 || h.Internal != 2 || h.Tiles != 2 || h.Type != 1 || h.MinZoom != 8 || h.MaxZoom != 16 ||
		h.CenterZoom < 8 || h.CenterZoom > 16 {
		t.Errorf("%+v", h)
	}
	features, west, south, east, north := 0, 180.0, 90.0, -180.0, -90.0
	for _, layer := range layerIDs {
		for _, one := range told(t, f, layer, geo.CRS84) {
			features++
			for _, p := range corners(t, one.Geometry) {
				west, south = math.Min(west, p[0]), math.Min(south, p[1])
				east, north = math.Max(east, p[0]), math.Max(north, p[1])
			}
		}
	}
	for _, c := range [][2]float64{{h.Min[0], west}, {h.Min[1], south}, {h.Max[0], east}, {h.Max[1], north},
		{h.Center[0], (west + east) / 2}, {h.Center[1], (south + north) / 2}} {
		if math.Abs(c[0]-c[1]) > 2e-7 {
			t.Errorf("%+v: %v is not %v", h, c[0], c[1])
		}
	}
	if last != int64(features) || wrong > 0 {
		t.Errorf("%d of %d features were told, %d times fewer than before", last, features, wrong)
	}
	seen := map[string]bool{}
	for _, body := range a.Tiles {
		layers, err := mvt.Unmarshal(body)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range layers {
			seen[l.Name] = true
		}
	}
	for _, layer := range layerIDs {
		if !seen[layer] {
			t.Errorf("no tile has %s", layer)
		}
	}
	if len(a.Metadata["vector_layers"].([]any)) != len(layerIDs) || a.Metadata["name"] != j.Title {
		t.Errorf("%v", a.Metadata)
	}
}

// corners are the positions of a geometry.
func corners(t *testing.T, geometry json.RawMessage) (all [][2]float64) {
	t.Helper()
	var g struct{ Coordinates any }
	if err := json.Unmarshal(geometry, &g); err != nil {
		t.Fatal(err)
	}
	var walk func(any)
	walk = func(v any) {
		list := v.([]any)
		if x, is := list[0].(float64); is {
			all = append(all, [2]float64{x, list[1].(float64)})
			return
		}
		for _, each := range list {
			walk(each)
		}
	}
	walk(g.Coordinates)
	return all
}

// A park of which nothing is there has one tile without a layer: a directory must not be empty.
func TestAnArchiveOfNothingIsReadable(t *testing.T) {
	t.Parallel()
	j := job(t, "pmtiles", webMercator, "parcels", "zones")
	var err error
	if j.Queries[0].Filter, err = j.Queries[0].Collection.ParseFilter("code = 'none'"); err != nil {
		t.Fatal(err)
	}
	j.Queries = j.Queries[:1]
	a := pmtilestest.Read(t, write(t, withSample(t), j))
	if body, is := a.Tiles[pmtilestest.Address{Z: 8}]; !is || len(body) > 0 || len(a.Tiles) != 1 ||
		a.Header.Max[0] != 180 {
		t.Errorf("%v, %+v", a.Tiles, a.Header)
	}
}

// An archive of all parks has the features of each.
func TestAnArchiveOfAllParks(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	storetest.Grow(t, db, 1, 30)
	storetest.Grow(t, db, 2, 40)
	ids := map[any]bool{}
	parks := map[any]bool{}
	err := feed.Of(db.Store).View(context.Background(), func(v *feed.View) error {
		j, err := outlet.Ask{Layers: "parcels", Format: "pmtiles", Zooms: "16"}.Job(context.Background(), v, nil, words)
		if err != nil {
			return err
		}
		j.Temp = t.TempDir()
		var out bytes.Buffer
		n, err := j.Write(context.Background(), v, &out)
		if err != nil || n != 70 {
			return fmt.Errorf("%d rows: %w", n, err)
		}
		for _, body := range pmtilestest.Read(t, out.Bytes()).Tiles {
			layers, err := mvt.Unmarshal(body)
			if err != nil {
				return err
			}
			for _, feature := range layers[0].Features {
				ids[feature.Properties["id"]], parks[feature.Properties["park"]] = true, true
			}
		}
		_, err = outlet.Ask{Layers: "parcels", Format: "gpkg"}.Job(context.Background(), v, nil, words)
		var invalid *geo.Invalid
		if !errors.As(err, &invalid) || invalid.Field != "park" {
			t.Errorf("a GeoPackage without a park: %v", err)
		}
		return nil
	})
	if err != nil || len(ids) != 70 || !parks["growing-1"] || !parks["growing-2"] {
		t.Errorf("%d parcels of %v, %v", len(ids), parks, err)
	}
}

// Zooms out of bounds are refused by their field.
func TestZoomsAreRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"8-19", "19", "-1", "9-8", "8-", "-", "8-16-17", " 8-16", "+8", "08", "8.0", "a",
		"8–16",
		"99999999999999999999", "0-99999999999999999999"} {
		var invalid *geo.Invalid
		if got, err := outlet.ParseZooms(text); !errors.As(err, &invalid) || invalid.Field != "zooms" {
			t.Errorf("%q is %v, %v", text, got, err)
		}
	}
	for text, want := range map[string]outlet.Zooms{"": {Least: 8, Most: 16}, "0": {}, "14": {Least: 14, Most: 14},
		"0-18": {Most: 18}} {
		if got, err := outlet.ParseZooms(text); got != want || err != nil {
			t.Errorf("%q is %v, %v", text, got, err)
		}
	}
}

// readByPage has the package that the page reads archives with tell what it finds: header, metadata, and a tile.
const readByPage = `import { open } from 'node:fs/promises';
import { PMTiles } from 'pmtiles';
const file = await open(process.argv[1] ?? process.argv[2]);
const archive = new PMTiles({
  getKey: () => 'file',
  getBytes: async (offset, length) => {
    const data = new Uint8Array(length);
    const { bytesRead } = await file.read(data, 0, length, offset);
    return { data: data.buffer.slice(0, bytesRead) };
  },
});
const [z, x, y] = process.argv.slice(-3).map(Number);
const tile = await archive.getZxy(z, x, y);
console.log(JSON.stringify({ header: await archive.getHeader(), metadata: await archive.getMetadata(),
  tile: Buffer.from(tile.data).toString('base64'), none: (await archive.getZxy(z, x + 2000, y)) === undefined }));
await file.close();`

// The reader of the page, which the makers of the format wrote, finds the same.
func TestThePagesReaderReadsArchives(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("../../web/node_modules/pmtiles"); err != nil {
		t.Skip("the page's packages are not installed (make web)")
	}
	path := written(t, withSample(t), job(t, "pmtiles", webMercator, "parcels", "zones"))
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	a := pmtilestest.Read(t, file)
	for at, body := range a.Tiles {
		if at.Z != 14 {
			continue
		}
		command := exec.Command("node", "--input-type=module", "-e", readByPage, path, fmt.Sprint(at.Z),
			fmt.Sprint(at.X),
			fmt.Sprint(at.Y))
		command.Dir = filepath.Join("..", "..", "web")
		var complaints strings.Builder
		command.Stderr = &complaints
		out, err := command.Output()
		if err != nil {
			t.Fatalf("%v\n%s", err, complaints.String())
		}
		var got struct {
			Header struct {
				MinZoom, MaxZoom, TileType, NumAddressedTiles int
				MinLon, MaxLat                                float64
				Clustered                                     bool
			}
			Metadata map[string]any
			Tile     []byte
			None     bool
		}
		if err := json.Unmarshal(out, &got); err != nil {
			t.Fatal(err)
		}
		h := got.Header
		if h.MinZoom != 8 || h.MaxZoom != 16 || h.TileType != 1 || h.NumAddressedTiles != len(a.Tiles) ||
			!h.Clustered ||
			h.MinLon != a.Header.Min[0] || h.MaxLat != a.Header.Max[1] || !got.None || !bytes.Equal(got.Tile, body) ||
			got.Metadata["type"] != "overlay" {
			t.Errorf("%+v, %d bytes, want %+v, %d", h, len(got.Tile), a.Header, len(body))
		}
		return
	}
	t.Error("no tile of zoom 14")
}

// Who stops listening stops the drawing, and nothing stays behind.
func TestDrawingStops(t *testing.T) {
	t.Parallel()
	j := job(t, "pmtiles", webMercator, "parcels")
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	j.Progress = func(int64) { stop() }
	err := withSample(t).Desk(context.Background(), func(v *feed.View) error {
		_, err := j.Write(ctx, v, &bytes.Buffer{})
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
	if left, err := os.ReadDir(j.Temp); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// A tile of an archive is, byte for byte, what is drawn of the same features at once, however many pieces of its file
// they were read in.
func TestATileOfAnArchiveIsTheOneThatIsServed(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	storetest.Grow(t, db, 1, 3_000)
	err := feed.Of(db.Store).View(context.Background(), func(v *feed.View) error {
		ask := outlet.Ask{Park: "growing-1", Layers: "parcels", Format: "pmtiles", Zooms: "10-14"}
		j, err := ask.Job(context.Background(), v, nil, words)
		if err != nil {
			return err
		}
		j.Temp = t.TempDir()
		var out bytes.Buffer
		if _, err := j.Write(context.Background(), v, &out); err != nil {
			return err
		}
		draw, err := v.Draw(context.Background(), j.Queries[0])
		if err != nil {
			return err
		}
		var w tile.Writer
		for at, body := range pmtilestest.Read(t, out.Bytes()).Tiles {
			to := j.Queries[0].Collection.BeginTile(&w, tile.Address{Set: tile.SetByID("WebMercatorQuad"), Z: at.Z,
				Row: at.Y, Col: at.X}, false)
			if err := draw(to); err != nil {
				return err
			}
			if want := w.Append(nil); !bytes.Equal(body, want) {
				t.Errorf("%+v: %d bytes, not the %d that are served", at, len(body), len(want))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
