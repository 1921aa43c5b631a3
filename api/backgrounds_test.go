package api_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"errors"
	"image"
	"image/png"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"

	"luodi/api"
	"luodi/api/background"
	"luodi/data/sample"
)

// tileFile is the least of a PMTiles file of pictures that has a head; its tiles are letters.
func tileFile() []byte {
	head := make([]byte, 127)
	copy(head, "PMTiles\x03")
	head[56] = 127                                                     // where the tiles begin
	head[97], head[98], head[99] = 1, 1, 2                             // nothing is compressed; PNG
	head[100], head[101] = 3, 17                                       // zooms
	return append(head, strings.Repeat("abcdefghijklmnopqrs", 300)...) // 5827 bytes
}

// backgroundsIn writes a folder with a setting, a tile file and what must stay outside.
func backgroundsIn(t *testing.T, setting string) string {
	t.Helper()
	around := t.TempDir()
	folder := filepath.Join(around, "in")
	for name, text := range map[string][]byte{"secret.pmtiles": tileFile(), "in/ortho.pmtiles": tileFile(),
		"in/backgrounds.json": []byte(setting), "in/other.pmtiles": tileFile(), "in/text.pmtiles": []byte("PMTiles\x03")} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(around, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(around, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, target := range map[string]string{"away.pmtiles": "../secret.pmtiles", "within.pmtiles": "ortho.pmtiles"} {
		if err := os.Symlink(target, filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(folder, "pipe.pmtiles"), 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}

// mapPage is a page that has room for what is given with it.
func mapPage(t *testing.T) fstest.MapFS {
	return fstest.MapFS{"index.html": {Data: []byte("<!doctype html><body></body>")}, "seal.svg": {Data: seal(t)}}
}

// withBackgrounds is a house over the sample with a setting.
func withBackgrounds(t *testing.T, folder string) *house {
	t.Helper()
	set, err := background.Read(folder)
	if err != nil {
		t.Fatal(err)
	}
	h := open(t, func(o *api.Options) {
		o.Backgrounds = set
		o.Web = mapPage(t)
	})
	if err := sample.Load(t.Context(), h.db.Planner); err != nil {
		t.Fatal(err)
	}
	return h
}

const someBackgrounds = `{"backgrounds": [
	{"code": "city", "kind": "xyz", "name_zh": "市图", "name_en": "City", "attribution_zh": "某局", "attribution_en": "An office",
		"url": "https://{s}.tiles.example.gov.cn/{z}/{x}/{y}.png?k={key}", "subdomains": ["a", "b"], "key": "abcd1234"},
	{"code": "sky", "kind": "tianditu", "name_zh": "天地图", "name_en": "Tianditu", "key": "0123456789abcdef", "parks": ["other"]},
	{"code": "ortho", "kind": "pmtiles", "name_zh": "正射影像", "name_en": "Orthophoto", "attribution_zh": "园区", "attribution_en": "The park",
		"file": "ortho.pmtiles", "parks": ["carbon-fibre"]}]}`

// TestWithoutASettingNoMachineIsAsked: the page's policy is what it was, no list has a background, no file is given.
func TestWithoutASettingNoMachineIsAsked(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	r := h.get("/")
	if policy := r.Header.Get("Content-Security-Policy"); strings.Contains(policy, "connect-src") || strings.Contains(policy, "http") {
		t.Errorf("the page may ask others: %s", policy)
	}
	if got := string(h.get("/api/parks/carbon-fibre/backgrounds").body); strings.TrimSpace(got) != `{"backgrounds":[]}` {
		t.Errorf("%s", got)
	}
	if r := h.get("/backgrounds/ortho.pmtiles"); r.StatusCode != http.StatusNotFound {
		t.Errorf("a file: %s", r.Status)
	}
	if r := h.get("/api/parks/none/backgrounds"); r.StatusCode != http.StatusNotFound {
		t.Errorf("a park that is not there: %s", r.Status)
	}
}

// TestTheSettingOpensItsHostsAlone: the page may fetch from the hosts that are set and from no other; every other
// answer has the policy that it had; a page under another policy is another page to caches.
func TestTheSettingOpensItsHostsAlone(t *testing.T) {
	t.Parallel()
	h := withBackgrounds(t, backgroundsIn(t, someBackgrounds))
	plain := openOn(t, h.db, func(o *api.Options) { o.Web = mapPage(t) }) // of the same land
	before, now := plain.get("/"), h.get("/")
	hosts := "https://a.tiles.example.gov.cn https://b.tiles.example.gov.cn"
	for n := range 8 {
		hosts += " https://t" + string(rune('0'+n)) + ".tianditu.gov.cn"
	}
	want := before.Header.Get("Content-Security-Policy") + "; connect-src 'self' " + hosts
	if got := now.Header.Get("Content-Security-Policy"); got != want {
		t.Errorf("the page's policy is\n%s\nnot\n%s", got, want)
	}
	empty := open(t, func(o *api.Options) { o.Web = mapPage(t) }) // no park: no list of backgrounds goes with the page
	set, err := background.Read(backgroundsIn(t, someBackgrounds))
	if err != nil {
		t.Fatal(err)
	}
	other := openOn(t, empty.db, func(o *api.Options) { o.Web, o.Backgrounds = mapPage(t), set })
	tag := func(h *house) string { // at one address, which tags name
		answer := httptest.NewRecorder()
		h.handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/", nil))
		return answer.Header().Get("ETag")
	}
	if tag(plain) == "" || tag(plain) == tag(h) || tag(empty) == tag(other) {
		t.Error("a cache takes the page for the one before, with its policy")
	}
	for _, path := range []string{"/overview", "/api/parks", "/ogc?f=html", "/embed/carbon-fibre", "/seal.svg"} {
		if a, b := plain.get(path).Header.Get("Content-Security-Policy"), h.get(path).Header.Get("Content-Security-Policy"); a != b {
			t.Errorf("%s: %s", path, b)
		}
	}
}

// TestAParkHasItsBackgrounds: each park is told of its own, with whole addresses and the attribution.
func TestAParkHasItsBackgrounds(t *testing.T) {
	t.Parallel()
	h := withBackgrounds(t, backgroundsIn(t, someBackgrounds))
	var told struct{ Backgrounds []background.Background }
	if err := json.Unmarshal(h.get("/api/parks/carbon-fibre/backgrounds").body, &told); err != nil {
		t.Fatal(err)
	}
	if len(told.Backgrounds) != 2 || told.Backgrounds[0].Code != "city" || told.Backgrounds[1].Code != "ortho" {
		t.Fatalf("%+v", told)
	}
	city, ortho := told.Backgrounds[0], told.Backgrounds[1]
	if got := city.Layers[0].Tiles; len(got) != 2 || got[1] != "https://b.tiles.example.gov.cn/{z}/{x}/{y}.png?k=abcd1234" {
		t.Errorf("%v", got)
	}
	if city.AttributionZH != "某局" || ortho.Layers[0].PMTiles != "/backgrounds/ortho.pmtiles" || ortho.Layers[0].MaxZoom != 17 {
		t.Errorf("%+v", told)
	}
	if !strings.Contains(string(h.get("/").body), `"/api/parks/carbon-fibre/backgrounds":{"backgrounds":[{"code":"city"`) {
		t.Error("the page asks for them once more")
	}
}

// TestTileFilesAreGivenInRanges: with a strong tag, and nothing of the folder but what is set.
func TestTileFilesAreGivenInRanges(t *testing.T) {
	t.Parallel()
	folder := backgroundsIn(t, someBackgrounds)
	h := withBackgrounds(t, folder)
	const path = "/backgrounds/ortho.pmtiles"
	r := h.get(path, "Range", "bytes=127-130", "Accept-Encoding", "gzip, br")
	tag := r.Header.Get("ETag")
	if r.StatusCode != http.StatusPartialContent || string(r.body) != "abcd" || r.Header.Get("Content-Encoding") != "" ||
		r.Header.Get("Content-Range") != "bytes 127-130/5827" || !strings.HasPrefix(tag, `"`) {
		t.Errorf("%s %q %v", r.Status, r.body, r.Header)
	}
	if r := h.get(path, "Accept-Encoding", "gzip, br"); r.Header.Get("Content-Encoding") != "" || len(r.body) != 5827 {
		t.Errorf("the whole file: %d bytes, %s", len(r.body), r.Header.Get("Content-Encoding"))
	}
	if r := h.get(path, "If-None-Match", tag); r.StatusCode != http.StatusNotModified {
		t.Errorf("what is held: %s", r.Status)
	}
	if r := h.get(path, "Range", "bytes=5827-"); r.StatusCode != http.StatusRequestedRangeNotSatisfiable {
		t.Errorf("beyond the end: %s", r.Status)
	}
	for _, other := range []string{"other", "away", "pipe", "..%2fsecret", "../secret", "in/ortho", "backgrounds.json", "sky", "city"} {
		if r := h.get("/backgrounds/" + other + ".pmtiles"); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", other, r.Status)
		}
	}
	// what takes the file's place later is no way out of the folder either
	file := filepath.Join(folder, "ortho.pmtiles")
	for name, put := range map[string]func() error{
		"a link that leads out": func() error { return os.Symlink("../secret.pmtiles", file) },
		"a pipe":                func() error { return syscall.Mkfifo(file, 0o600) },
		"a folder":              func() error { return os.Mkdir(file, 0o755) },
	} {
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		if err := put(); err != nil {
			t.Fatal(err)
		}
		if r := h.get(path); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", name, r.Status)
		}
	}
}

// TestTheEmbedShowsABackgroundWhereItIsAsked: pictures of the hosts that are set, placed on the drawing, with whose
// work they are; without the parameter the frame asks nobody.
func TestTheEmbedShowsABackgroundWhereItIsAsked(t *testing.T) {
	t.Parallel()
	h := withBackgrounds(t, backgroundsIn(t, someBackgrounds))
	plain := h.get("/embed/carbon-fibre")
	if strings.Contains(string(plain.body), "<image") || strings.Contains(plain.Header.Get("Content-Security-Policy"), "http") {
		t.Error("a frame asks others without being told to")
	}
	r := h.get("/embed/carbon-fibre?lang=en&background=city")
	want := strings.Replace(plain.Header.Get("Content-Security-Policy"), "img-src 'self'",
		"img-src 'self' https://a.tiles.example.gov.cn https://b.tiles.example.gov.cn", 1)
	if got := r.Header.Get("Content-Security-Policy"); got != want {
		t.Errorf("the policy is %s", got)
	}
	if !strings.Contains(string(r.body), "An office") || r.Header.Get("ETag") == plain.Header.Get("ETag") {
		t.Error("nothing says whose work it is, or the page is taken for the other")
	}
	images := imageForm.FindAllStringSubmatch(string(r.body), -1)
	if len(images) < 4 || len(images) > 60 {
		t.Fatalf("%d pictures", len(images))
	}
	right := map[string]float64{} // where a tile ends the next begins
	for _, m := range images {
		x, width := number(t, m[4]), number(t, m[5])
		if end, known := right[m[1]+m[3]]; known && math.Abs(end-x) > 0.11 {
			t.Errorf("%s begins at %v, the one before ends at %v", m[0], x, end)
		}
		right[m[1]+m[3]] = x + width
	}
	for address, status := range map[string]int{"background=ortho": http.StatusOK, "background=sky": http.StatusBadRequest,
		"background=x": http.StatusBadRequest, "backgrounds=city": http.StatusBadRequest, "background=": http.StatusOK} {
		if r := h.get("/embed/carbon-fibre?" + address); r.StatusCode != status {
			t.Errorf("%s: %s", address, r.Status)
		}
	}
	if r := withSample(t).get("/embed/carbon-fibre?background=city"); r.StatusCode != http.StatusBadRequest {
		t.Errorf("where nothing is set: %s", r.Status)
	}
}

// imageForm is a tile of city: its zoom, column, row, and where and how wide it is drawn.
var imageForm = regexp.MustCompile(`<image href="https://[ab]\.tiles\.example\.gov\.cn/(\d+)/(\d+)/(\d+)\.png\?k=abcd1234" x="([-\d.]+)" y="[-\d.]+" width="([\d.]+)"`)

func number(t *testing.T, text string) float64 {
	t.Helper()
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// orthoFile is a PMTiles file in which every tile of the world to zoom 14 is one picture but for the one with a number:
// by a root directory that leads to another, both gzipped.
func orthoFile(t *testing.T, kind byte, usual, other []byte, number uint64) []byte {
	t.Helper()
	const every = (1<<30 - 1) / 3
	directory := func(values ...uint64) []byte {
		var raw []byte
		for _, v := range values {
			raw = binary.AppendUvarint(raw, v)
		}
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		if _, err := w.Write(raw); err != nil || w.Close() != nil {
			t.Fatal("gzip")
		}
		return b.Bytes()
	}
	n, m := uint64(len(usual)), uint64(len(other))
	leaf := directory(3, 0, number, 1, number, 1, every-number-1, n, m, n, 1, 0, 1)
	root := directory(1, 0, 0, uint64(len(leaf)), 1)
	head := make([]byte, 127)
	copy(head, "PMTiles\x03")
	leaves := uint64(127 + len(root))
	tiles := leaves + uint64(len(leaf))
	for i, v := range []uint64{127, uint64(len(root)), 0, 0, leaves, uint64(len(leaf)), tiles, n + m} {
		binary.LittleEndian.PutUint64(head[8+8*i:], v)
	}
	copy(head[97:], []byte{2, 1, kind, 0, 14})
	return slices.Concat(head, root, leaf, usual, other)
}

// TestTheParksOrthophotoStandsInAFrame: tile by tile from this server, with its attribution, and no other host is opened;
// a file of vectors has none, nor has what is no place of the file.
func TestTheParksOrthophotoStandsInAFrame(t *testing.T) {
	t.Parallel()
	var dot, line bytes.Buffer
	if err := errors.Join(png.Encode(&dot, image.NewGray(image.Rect(0, 0, 1, 1))),
		png.Encode(&line, image.NewGray(image.Rect(0, 0, 9, 1)))); err != nil {
		t.Fatal(err)
	}
	folder := backgroundsIn(t, strings.Replace(someBackgrounds, `"ortho.pmtiles"`, `"real.pmtiles"`, 1))
	put := func(kind byte) {
		t.Helper()
		file := orthoFile(t, kind, dot.Bytes(), line.Bytes(), 19078479) // 12/3423/1763, by the specification
		if err := os.WriteFile(filepath.Join(folder, "real.pmtiles"), file, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put(2)
	h := withBackgrounds(t, folder)
	frame := h.get("/embed/carbon-fibre?lang=en&background=ortho")
	if policy := frame.Header.Get("Content-Security-Policy"); strings.Contains(policy, "http") ||
		policy != h.get("/embed/carbon-fibre").Header.Get("Content-Security-Policy") {
		t.Errorf("the policy is %s", policy)
	}
	if !strings.Contains(string(frame.body), "The park") {
		t.Error("nothing says whose work it is")
	}
	shown := regexp.MustCompile(`<image href="(/backgrounds/ortho/14/\d+/\d+)"`).FindAllStringSubmatch(string(frame.body), -1)
	if len(shown) < 1 {
		t.Fatalf("no picture: %s", frame.Status)
	}
	const other = "/backgrounds/ortho/12/3423/1763"
	for path, want := range map[string]string{shown[0][1]: dot.String(), other: line.String(), "/backgrounds/ortho/0/0/0": dot.String(),
		"/backgrounds/ortho/12/3423/1764": dot.String(), "/backgrounds/ortho/14/16383/16383": dot.String()} {
		if r := h.get(path); r.Header.Get("Content-Type") != "image/png" || string(r.body) != want {
			t.Errorf("%s: %s %s, %d bytes", path, r.Status, r.Header.Get("Content-Type"), len(r.body))
		}
	}
	if r := h.get(other, "If-None-Match", h.get(other).Header.Get("ETag")); r.StatusCode != http.StatusNotModified {
		t.Errorf("what is held: %s", r.Status)
	}
	for _, none := range []string{"15/0/0", "1/2/0", "1/0/2", "99/0/0", "x/0/0", "1/-1/0", "1/0"} {
		if r := h.get("/backgrounds/ortho/" + none); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", none, r.Status)
		}
	}
	for _, none := range []string{"city", "sky", "other"} {
		if r := h.get("/backgrounds/" + none + "/0/0/0"); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", none, r.Status)
		}
	}
	put(2)
	whole := h.get(other)
	real := filepath.Join(folder, "real.pmtiles")
	info, err := os.Stat(real)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(real, info.Size()-3); err != nil {
		t.Fatal(err)
	}
	if r := h.get(other, "If-None-Match", whole.Header.Get("ETag")); r.StatusCode != http.StatusInternalServerError ||
		!strings.Contains(h.log.String(), "a tile of background ortho from real.pmtiles: ") {
		t.Errorf("a file that was cut off: %s", r.Status)
	}
	if r := h.get("/backgrounds/ortho/0/0/0"); r.StatusCode != http.StatusOK {
		t.Errorf("what is left of it: %s", r.Status)
	}
	if err := os.Remove(real); err != nil {
		t.Fatal(err)
	}
	if r := h.get(other); r.StatusCode != http.StatusNotFound {
		t.Errorf("a file that is gone: %s", r.Status)
	}
	put(1)
	vectors := withBackgrounds(t, folder)
	if r := vectors.get("/embed/carbon-fibre?background=ortho"); r.StatusCode != http.StatusBadRequest {
		t.Errorf("vectors: %s", r.Status)
	}
	for _, r := range []reply{vectors.get(other), h.get(other)} { // the file was replaced under the first server
		if r.StatusCode != http.StatusNotFound {
			t.Errorf("a vector tile as a picture: %s", r.Status)
		}
	}
}
