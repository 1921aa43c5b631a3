package api_test

import (
	"bytes"
	"compress/zlib"
	"image/png"
	"io"
	"math"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"luodi/api"
	"luodi/data/ledger"
	"luodi/data/sample"
)

// typeFile is there where the page is built.
const typeFile = "../web/dist/type/sans-400.woff"

// withType is a house with the sample and the type that PDFs and pictures are set in, which the build of the page
// ships.
func withType(t *testing.T) *house {
	t.Helper()
	if _, err := os.Stat(typeFile); err != nil {
		t.Skip("the page isn't built: make web")
	}
	h := open(t, func(o *api.Options) { o.Web = os.DirFS("../web/dist") })
	if err := sample.Load(t.Context(), h.db.Planner); err != nil {
		t.Fatal(err)
	}
	return h
}

var (
	pdfStream = regexp.MustCompile(`(?s)<</Filter /FlateDecode /Length \d+>>\s*stream\n(.*?)\nendstream`)
	pdfText   = regexp.MustCompile(`(?s)\(((?:\\.|[^\\)])*)\) ?Tj`)
	pdfPath   = regexp.MustCompile(`(?:-?[0-9.]+ -?[0-9.]+ [ml]\s+)+h\s+f\*`)
	pdfPoint  = regexp.MustCompile(`(-?[0-9.]+) (-?[0-9.]+) [ml]`)
)

// pdfRead is what a PDF draws, as written, and what it says.
func pdfRead(t *testing.T, file []byte) (drawn, said string) {
	t.Helper()
	for _, m := range pdfStream.FindAllSubmatch(file, -1) {
		r, err := zlib.NewReader(bytes.NewReader(m[1]))
		if err != nil {
			t.Fatal(err)
		}
		plain, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		drawn += string(plain)
	}
	for _, m := range pdfText.FindAllStringSubmatch(drawn, -1) {
		raw := []byte(regexp.MustCompile(`(?s)\\(.)`).ReplaceAllStringFunc(m[1], func(s string) string {
			if s[1] == 'r' {
				return "\r"
			}
			return s[1:]
		}))
		var units []uint16
		for i := 0; i+1 < len(raw); i += 2 {
			units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
		}
		said += string(utf16.Decode(units)) + "\n"
	}
	return drawn, said
}

// TestASheetOfPaperSaysWhatThePageSays, in both languages, as text that can be selected.
func TestASheetOfPaperSaysWhatThePageSays(t *testing.T) {
	t.Parallel()
	h := withType(t)
	for lang, words := range map[string][]string{
		"zh": {"TX-L04", "可供，29.26 亩", "1,400 kVA", ">= 250 万元/亩", "TX-L05", "邦德汽车轻量化", "A4 纸上比例 1:2,000", "北", "可供",
			"第 1 页，共 3 页", "数据截至", "/sites/carbon-fibre/TX-L04"},
		"en": {"Available, 29.26 mu", "1:2,000 on A4 paper", "Sheet 1 of 3", "as of 20"},
	} {
		r := h.get(sitePage("TX-L04") + "?f=pdf&lang=" + lang)
		if r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != "application/pdf" ||
			r.Header.Get("Content-Disposition") != "inline; filename=TX-L04.pdf" {
			t.Fatalf("%s: %s, %v", lang, r.Status, r.Header)
		}
		if to := os.Getenv("LUODI_LOOK"); to != "" {
			_ = os.WriteFile(to+"/"+lang+".pdf", r.body, 0o600)
		}
		_, said := pdfRead(t, r.body)
		for _, word := range words {
			if !strings.Contains(said, word) {
				t.Errorf("%s: the sheet doesn't say %q:\n%s", lang, word, said)
			}
		}
		if !bytes.Contains(r.body, []byte("/ToUnicode")) || len(r.body) > 200_000 {
			t.Errorf("%s: %d bytes, or no way from glyphs to text", lang, len(r.body))
		}
		if again := h.get(sitePage("TX-L04") + "?f=pdf&lang=" + lang); !bytes.Equal(again.body, r.body) {
			t.Errorf("%s: the same sheet is another file", lang)
		}
	}
}

// TestASheetOfPaperIsTrueToItsScale: the plot on A4 has the area that its scale makes of the parcel's, within 1 %.
func TestASheetOfPaperIsTrueToItsScale(t *testing.T) {
	t.Parallel()
	h := withType(t)
	for _, code := range []string{"TX-L04", "TX-R01", "TX-C01", "TX-D05"} {
		drawn, said := pdfRead(t, h.get(sitePage(code)+"?f=pdf&lang=en").body)
		scale := regexp.MustCompile(`1:([0-9,]+) on A4`).FindStringSubmatch(said)
		if scale == nil {
			t.Fatalf("%s has no scale: %s", code, said)
		}
		denominator, err := strconv.ParseFloat(strings.ReplaceAll(scale[1], ",", ""), 64)
		if err != nil {
			t.Fatal(err)
		}
		var want float64
		if err := h.db.Owner.QueryRow(t.Context(), `SELECT ellipsoid_m2 FROM parcel_public WHERE code = $1 AND to_seq IS NULL`,
			code).Scan(&want); err != nil {
			t.Fatal(err)
		}
		mm := 72 / 25.4
		near := math.Inf(1)
		for _, path := range pdfPath.FindAllString(drawn, -1) {
			area := pdfArea(t, path) / mm / mm * math.Pow(denominator/1000, 2)
			if math.Abs(area/want-1) < math.Abs(near/want-1) {
				near = area
			}
		}
		if math.Abs(near/want-1) > 0.01 {
			t.Errorf("%s: at 1:%.0f no plot of %.0f m² is drawn, the nearest has %.0f", code, denominator, want, near)
		}
		if !strings.Contains(drawn, "510.24 -340.16 re") { // 180 × 120 mm: the sheet isn't shrunk
			t.Errorf("%s: the plan isn't 180 × 120 mm", code)
		}
	}
}

func pdfArea(t *testing.T, path string) float64 {
	t.Helper()
	return outlineArea(t, pdfPoint.ReplaceAllString(path, "L$1 $2"))
}

// TestPicturesOfASite are those that a link and a chat show, and are drawn once for a state.
func TestPicturesOfASite(t *testing.T) {
	t.Parallel()
	h := withType(t)
	page := string(h.get(sitePage("TX-L04") + "?lang=en").body)
	if !strings.Contains(page, `<meta property="og:image" content="`+h.url+`/sites/carbon-fibre/TX-L04?f=card&amp;lang=en">`) {
		t.Error("the page has no picture for previews")
	}
	for f, size := range map[string][2]int{"card": {1200, 630}, "png": {1080, 0}} {
		path := sitePage("TX-L04") + "?lang=zh&f=" + f
		r := h.get(path)
		if to := os.Getenv("LUODI_LOOK"); to != "" {
			_ = os.WriteFile(to+"/"+f+".png", r.body, 0o600)
		}
		picture, err := png.Decode(bytes.NewReader(r.body))
		if err != nil {
			t.Fatalf("%s: %s, %v", f, r.Status, err)
		}
		at := picture.Bounds()
		if at.Dx() != size[0] || size[1] != 0 && at.Dy() != size[1] || at.Dy() < 500 || len(r.body) > 1_500_000 {
			t.Errorf("%s: %v of %d bytes", f, at, len(r.body))
		}
		ink := 0
		for y := at.Min.Y; y < at.Max.Y; y += 3 {
			for x := at.Min.X; x < at.Max.X; x += 3 {
				if r, g, b, _ := picture.At(x, y).RGBA(); r+g+b < 3*0x5000 {
					ink++
				}
			}
		}
		if ink < 1000 {
			t.Errorf("%s is almost empty: %d dark dots", f, ink)
		}
		if again := h.get(path, "If-None-Match", r.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
			t.Errorf("%s: an unchanged picture: %s", f, again.Status)
		}
	}
}

// TestPaperIsGoneWithItsParcel: what is kept of a state is not shown in the next.
func TestPaperIsGoneWithItsParcel(t *testing.T) {
	t.Parallel()
	h := withType(t)
	for _, f := range []string{"pdf", "png", "card"} {
		if r := h.get(sitePage("TX-L04") + "?f=" + f); r.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s", f, r.Status)
		}
	}
	var parcel ledger.Ref
	if err := h.db.Owner.QueryRow(t.Context(), `SELECT parcel_id, version FROM parcel_version JOIN parcel USING (parcel_id)
		WHERE code = 'TX-L04' AND upper_inf(sys)`).Scan(&parcel.ID, &parcel.Version); err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.Of(h.db.Store).Do(t.Context(), ledger.Order{Park: "carbon-fibre", Reason: "r", Via: "test",
		Command: ledger.Command{Kind: "unpublish", Parcels: []ledger.Ref{parcel}}}); err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{"pdf", "png", "card"} {
		if r := h.get(sitePage("TX-L04") + "?f=" + f); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s of a parcel that is no longer public: %s", f, r.Status)
		}
	}
	if r := h.get(sitePage("TX-L05") + "?f=gif"); r.StatusCode != http.StatusBadRequest {
		t.Errorf("an unknown form: %s", r.Status)
	}
}
