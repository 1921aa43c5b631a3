// Package content tells what a file is by its bytes, whatever it is called, and takes out of pictures what cameras and
// programs write into them beside the picture: where it was taken, when, by whose device.
package content

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg" // so that image.DecodeConfig knows it
	_ "image/png"
	"net/http"

	_ "golang.org/x/image/webp"

	"luodi/geo"
)

// What a file may measure at most; the database refuses more too.
const (
	MaxBytes = 8 << 20
	MaxSide  = 12_000 // of a picture, in pixels
)

// File is a file that may be kept.
type File struct {
	MediaType     string
	Bytes         []byte
	Width, Height int // of a picture as it is shown, in pixels; 0 for a document
}

// kinds are the types that are taken: how they begin, and how what a camera wrote is taken out.
var kinds = []struct {
	mediaType string
	begins    func([]byte) bool
	strip     func([]byte) (clean []byte, turned bool, err error)
}{
	{"image/jpeg", func(b []byte) bool { return bytes.HasPrefix(b, []byte("\xff\xd8\xff")) }, stripJPEG},
	{"image/png", func(b []byte) bool { return bytes.HasPrefix(b, []byte(pngHead)) }, stripPNG},
	{"image/webp", func(b []byte) bool {
		return len(b) >= 12 && string(b[:4]) == "RIFF" && string(b[8:12]) == "WEBP"
	}, stripWebP},
	{"application/pdf", func(b []byte) bool { return bytes.HasPrefix(b, []byte("%PDF-")) }, nil},
}

// Read takes a file: a picture as JPEG, PNG or WebP, cleaned, or a PDF as it is. It refuses any other by the field's
// name.
func Read(field string, raw []byte) (*File, error) {
	if len(raw) == 0 || len(raw) > MaxBytes {
		return nil, geo.NewInvalid(field, "file.size", geo.Say("came.bytes", "n", len(raw)), "n", MaxBytes)
	}
	for _, k := range kinds {
		if !k.begins(raw) {
			continue
		}
		if k.strip == nil {
			return readPDF(field, raw)
		}
		clean, turned, err := k.strip(raw)
		if err != nil {
			return nil, geo.NewInvalid(field, "file.whole", geo.Say("came.cut_short"), "type", k.mediaType)
		}
		config, _, err := image.DecodeConfig(bytes.NewReader(clean))
		if err != nil {
			return nil, geo.NewInvalid(field, "file.whole", err.Error(), "type", k.mediaType)
		}
		f := &File{k.mediaType, clean, config.Width, config.Height}
		if turned {
			f.Width, f.Height = f.Height, f.Width
		}
		if min(f.Width, f.Height) < 1 || max(f.Width, f.Height) > MaxSide {
			return nil, geo.NewInvalid(field, "file.sides", fmt.Sprintf("%d × %d", f.Width, f.Height), "n", MaxSide)
		}
		return f, nil
	}
	return nil, geo.NewInvalid(field, "file.type", http.DetectContentType(raw))
}

// readPDF takes a PDF that has its end, after which some programs write a little more.
func readPDF(field string, raw []byte) (*File, error) {
	const after = 1024
	if !bytes.Contains(raw[max(0, len(raw)-after):], []byte("%%EOF")) {
		return nil, geo.NewInvalid(field, "file.whole", geo.Say("came.cut_short"), "type", "application/pdf")
	}
	return &File{MediaType: "application/pdf", Bytes: raw}, nil
}
