package sample

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/png"
)

// Paper is a photo or document of a parcel. None is of real ground: all are illustrative.
type Paper struct {
	Kind      string `json:"kind"`
	File      string `json:"file"` // view-N: drawn by drawView; conditions: conditions.pdf
	TitleZH   string `json:"title_zh"`
	TitleEN   string `json:"title_en"`
	Dated     string `json:"dated"`
	Number    string `json:"number,omitempty"`
	ExpiresOn string `json:"expires_on,omitempty"`
}

// conditions is the document of a plot's planning conditions, printed by the server's own press: api/sample_test.go
// writes it anew with -update.
//
//go:embed conditions.pdf
var conditions []byte

const (
	sqlFile = `INSERT INTO file (park_id, hash, media_type, bytes, width, height)
SELECT r.park_id, decode(r.hash, 'hex'), r.media_type, decode(r.bytes, 'hex'), r.width, r.height
  FROM jsonb_to_recordset($1::jsonb)
    r (park_id uuid, hash text, media_type text, bytes text, width integer, height integer)`

	sqlPaper = `INSERT INTO paper_version (park_id, paper_id, from_seq, parcel_id, hash, kind, title_zh, title_en, dated, number,
       expires_on, illustrative, publication)
SELECT r.park_id, r.id, r.seq, r.parcel_id, decode(r.hash, 'hex'), r.kind, r.title_zh, r.title_en, r.dated,
       nullif(r.number, ''), r.expires_on, true, 'public'
  FROM jsonb_to_recordset($1::jsonb)
    r (park_id uuid, id uuid, seq bigint, parcel_id uuid, hash text, kind text, title_zh text, title_en text, dated date,
       number text, expires_on date)`
)

// papers puts the photos and documents of parcels in.
func (l *loader) papers(p Park) {
	var files, papers []row
	for _, c := range p.Parcels {
		for _, paper := range c.Papers {
			data, kind := conditions, "application/pdf"
			var n int
			if _, err := fmt.Sscanf(paper.File, "view-%d", &n); err == nil {
				data, kind = drawView(n), "image/png"
			}
			sum := sha256.Sum256(data)
			file := row{"park_id": l.parkID, "hash": hex.EncodeToString(sum[:]), "media_type": kind,
				"bytes": hex.EncodeToString(data)}
			if kind == "image/png" {
				file["width"], file["height"] = viewWide, viewHigh
			}
			files = append(files, file)
			r := l.of(p, "paper", c.Code+" "+paper.File)
			r["parcel_id"], r["hash"], r["kind"], r["title_zh"], r["title_en"], r["dated"], r["number"] = l.id("parcel",
				p.Code+" "+c.Code), file["hash"], paper.Kind, paper.TitleZH, paper.TitleEN, paper.Dated, paper.Number
			if paper.ExpiresOn != "" {
				r["expires_on"] = paper.ExpiresOn
			}
			papers = append(papers, r)
		}
	}
	l.insert("files", sqlFile, files)
	l.insert("papers", sqlPaper, papers)
}

const viewWide, viewHigh = 640, 400

// viewColours are sky, hill, field, the plot, its fence, road, the road's line, hall, roof and hatching.
var viewColours = color.Palette{color.RGBA{206, 222, 235, 255}, color.RGBA{150, 170, 160, 255},
	color.RGBA{188, 200, 160, 255}, color.RGBA{226, 214, 170, 255}, color.RGBA{190, 60, 45, 255},
	color.RGBA{120, 122, 126, 255}, color.RGBA{240, 240, 235, 255}, color.RGBA{214, 216, 218, 255},
	color.RGBA{92, 110, 130, 255}, color.RGBA{235, 226, 190, 255}}

// drawView draws flat ground with a plot on it, hatched, so that nobody takes it for a photo: view 1 from the road,
// view 2 with halls beside it, view 3 from higher up.
func drawView(n int) []byte {
	m := image.NewPaletted(image.Rect(0, 0, viewWide, viewHigh), viewColours)
	horizon := map[int]int{1: 170, 2: 150, 3: 90}[n]
	for y := range viewHigh {
		depth := max(0, y-horizon) // 0 at the horizon
		for x := range viewWide {
			left, right := viewWide/2-70-depth*4/5, viewWide/2+60+depth*3/5
			hill := horizon - 18 - (x*7/(20+10*n))%23
			at := 0
			switch {
			case depth == 0 && y > hill:
				at = 1
			case depth == 0:
			case y > viewHigh-70 && y < viewHigh-20:
				at = 5
				if y > viewHigh-48 && y < viewHigh-43 && (x/24)%2 == 0 {
					at = 6
				}
			case depth < 14 || y >= viewHigh-86 || x < left || x > right:
				at = 2
			case x < left+5 || x > right-5 || depth < 18 || y > viewHigh-91:
				at = 4
			case (x+y)%26 < 3:
				at = 9
			default:
				at = 3
			}
			if n > 1 && x > 470 && x < 620 && y > horizon-40 && y < horizon+26 {
				at = 7
				if y < horizon-30 || (x-470)%30 < 2 {
					at = 8
				}
			}
			m.SetColorIndex(x, y, uint8(at))
		}
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, m); err != nil {
		panic("sample: " + err.Error()) // of a picture in memory: every test shows it
	}
	return b.Bytes()
}
