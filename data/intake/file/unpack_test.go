package file

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"strings"
	"testing"
)

func TestPackedFilesReadAsTheirContent(t *testing.T) {
	t.Parallel()
	land := []byte(collectionOf(featureOf(`{"type":"Polygon","coordinates":[` + ring + `]}`)))
	db, err := os.ReadFile(buildGeoPackage(t, parcelLayer, []any{1, "a", nil, nil, nil, blob(t, 77, square)}))
	if err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string][]byte{
		"GeoJSON in gzip":    gzipped(t, land),
		"GeoPackage in gzip": gzipped(t, db),
		"GeoJSON in zip": zipped(t, map[string][]byte{"dir/land.GeoJSON": land, "readme.txt": []byte("x"),
			"__MACOSX/land.geojson": []byte("x"), "dir/.land.geojson": []byte("x")}),
		"GeoPackage in zip": zipped(t, map[string][]byte{"land.gpkg": db}),
	} {
		_, rows, err := readAll(write(t, "packed", body), Options{})
		if err != nil || len(rows) != 1 || rows[0].Fault != nil {
			t.Errorf("%s: rows %+v, error %v", name, rows, err)
			continue
		}
		if got := text(t, rows[0].Shape); got != "POLYGON((0 0,10 0,10 10,0 10,0 0))" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// GDAL writes a Chinese name into an extra field, with a sum of the plain name, of which little is left. A field that
// doesn't belong to the name, or is cut short, doesn't count; a name in it leads out of no folder either.
func TestNamesInAnExtraField(t *testing.T) {
	t.Parallel()
	land := collectionOf(featureOf(`{"type":"Polygon","coordinates":[` + ring + `]}`))
	for name, c := range map[string]struct {
		unicode  string
		sum, cut uint32
		want     string
	}{
		"as GDAL writes it":    {"地块.geojson", 0, 0, ""},
		"of another name":      {"地块.geojson", 1, 0, "pack_content"},
		"cut short":            {"地块.geojson", 0, 3, "pack_content"},
		"out of the folder":    {"../地块.geojson", 0, 0, "pack_path"},
		"out of it, backwards": {"..\\地块.geojson", 0, 0, "pack_path"},
	} {
		plain := ".geojson"
		extra := binary.LittleEndian.AppendUint16(nil, 0x7075)
		extra = binary.LittleEndian.AppendUint16(extra, uint16(5+len(c.unicode)))
		extra = binary.LittleEndian.AppendUint32(append(extra, 1), crc32.ChecksumIEEE([]byte(plain))+c.sum)
		extra = append(extra, c.unicode...)
		var out bytes.Buffer
		w := zip.NewWriter(&out)
		f, err := w.CreateHeader(&zip.FileHeader{Name: plain, Extra: extra[:len(extra)-int(c.cut)], NonUTF8: true})
		if err == nil {
			_, err = f.Write([]byte(land))
		}
		if err := errors.Join(err, w.Close()); err != nil {
			t.Fatal(err)
		}
		_, rows, err := readAll(write(t, "packed.zip", out.Bytes()), Options{})
		var fault *Fault
		if errors.As(err, &fault); c.want == "" && (err != nil || len(rows) != 1) || c.want != "" && (fault == nil ||
			fault.Code != c.want) {
			t.Errorf("%s: %d rows, error %v", name, len(rows), err)
		}
	}
}

func TestUnpackedGeoPackageLeavesNoFile(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	db, err := os.ReadFile(buildGeoPackage(t, parcelLayer))
	if err != nil {
		t.Fatal(err)
	}
	path := write(t, "land.zip", zipped(t, map[string][]byte{"land.gpkg": db}))
	for _, opts := range []Options{{}, {Layer: "none"}} {
		_, _, _ = readAll(path, opts)
		left, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range left {
			if strings.HasSuffix(entry.Name(), ".gpkg") {
				t.Errorf("with %+v %s was left", opts, entry.Name())
			}
		}
	}
}

func TestPackedFilesRefused(t *testing.T) {
	t.Parallel()
	land := []byte(collectionOf(featureOf("null")))
	// What unpacks to 100 MB of spaces in a FeatureCollection grows a thousandfold.
	blank := append([]byte(`{"type":"FeatureCollection",`), bytes.Repeat([]byte(" "), 100<<20)...)
	blank = append(blank, `"features":[]}`...)
	bombLimits := DefaultLimits
	bombLimits.FeatureBytes = 1 << 30
	small := DefaultLimits
	small.FileBytes = 1 << 20
	grown := append(bytes.Repeat([]byte(" "), 3<<20), land...)
	lying := zipped(t, map[string][]byte{"land.geojson": grown})
	copy(lying[bytes.LastIndex(lying, []byte("PK\x01\x02"))+24:], []byte{10, 0, 0, 0}) // the directory claims 10 bytes
	many := map[string][]byte{}
	for i := range 20_000 {
		many[fmt.Sprintf("%0100d", i)] = nil
	}
	encrypted := zipped(t, map[string][]byte{"land.geojson": land})
	encrypted[bytes.Index(encrypted, []byte("PK\x01\x02"))+8] |= 1
	for name, c := range map[string]struct {
		body   []byte
		limits Limits
		want   string
	}{
		"a bomb in gzip":    {gzipped(t, blank), bombLimits, PackBomb},
		"a bomb in zip":     {zipped(t, map[string][]byte{"land.geojson": blank}), bombLimits, PackBomb},
		"too large in gzip": {gzipped(t, grown), small, PackTooLarge},
		"too large in zip":  {zipped(t, map[string][]byte{"land.geojson": grown}), small, PackTooLarge},
		"a zip that lies":   {lying, small, PackDamaged},
		"a cut gzip":        {gzipped(t, land)[:40], Limits{}, PackDamaged},
		"a gzip of nothing": {gzipped(t, nil), Limits{}, FileEmpty},
		"a cut zip":         {zipped(t, map[string][]byte{"land.geojson": land})[:60], Limits{}, PackDamaged},
		"a zip of nothing":  {zipped(t, nil), Limits{}, PackContent},
		"a zip of two": {zipped(t, map[string][]byte{"a.geojson": land, "b.gpkg": land}), Limits{},
			PackContent},
		"a zip of 20,000 entries": {zipped(t, many), Limits{}, PackContent},
		"an encrypted zip":        {encrypted, Limits{}, PackDamaged},
		"text in gzip":            {gzipped(t, []byte("hello")), Limits{}, FormatUnknown},
	} {
		_, _, err := readAll(write(t, "packed", c.body), Options{Limits: c.limits})
		if got := faultOf(t, err); got.Code != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

func TestZipDirectoryBudget(t *testing.T) {
	t.Parallel()
	at := &budget{ReaderAt: bytes.NewReader(make([]byte, 100)), left: 10}
	if _, err := at.ReadAt(make([]byte, 11), 0); faultOf(t, err).Code != PackContent {
		t.Error(err)
	}
	at.lifted = true
	if _, err := at.ReadAt(make([]byte, 50), 0); err != nil {
		t.Error(err)
	}
	if _, err := zip.NewReader(bytes.NewReader(nil), 0); err == nil {
		t.Error("an empty zip was taken")
	}
}
