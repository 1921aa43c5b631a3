package content

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"luodi/geo"
)

const secret = "37.2405N 122.0210E TAKEN BY A PERSON"

// drawn is a picture of noise, so that its points fill some kilobytes.
func drawn(wide, high int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, wide, high))
	n := uint32(1)
	for i := range m.Pix {
		n = n*1664525 + 1013904223
		m.Pix[i] = byte(n >> 24)
	}
	for i := 3; i < len(m.Pix); i += 4 {
		m.Pix[i] = 255
	}
	return m
}

func segment(marker byte, body string) string {
	return string(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(body)+2))) + body
}

// exif is what a camera writes: how to turn the picture, and a secret, in either order of bytes.
func exif(order binary.AppendByteOrder, way uint16) string {
	head := "MM"
	if order == binary.AppendByteOrder(binary.LittleEndian) {
		head = "II"
	}
	b := []byte("Exif\x00\x00" + head)
	b = order.AppendUint16(b, 42)
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 2)
	for _, e := range [][2]uint16{{0x010f, 7}, {0x0112, way}} {
		b = order.AppendUint16(b, e[0])
		b = order.AppendUint16(b, 3)
		b = order.AppendUint32(b, 1)
		b = order.AppendUint16(b, e[1])
		b = append(b, 0, 0)
	}
	return string(append(b, secret...))
}

func photo(t *testing.T, wide, high int, more string) []byte {
	t.Helper()
	return encoded(t, drawn(wide, high), more)
}

// encoded is a picture as JPEG with more segments at its head.
func encoded(t *testing.T, m image.Image, more string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	raw := b.Bytes()
	return []byte(string(raw[:2]) + more + string(raw[2:]))
}

func chunk(kind, body string) string {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(append(b, kind...), body...)
	return string(binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE([]byte(kind+body))))
}

// TestWhatACameraWroteGoes: no place, owner or further picture is left, and the picture is the same, point by point.
func TestWhatACameraWroteGoes(t *testing.T) {
	t.Parallel()
	plain := photo(t, 40, 30, "")
	more := segment(0xe1, exif(binary.BigEndian, 1)) + segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00"+secret) +
		segment(0xed, "Photoshop 3.0\x00"+secret) + segment(0xfe, secret) + segment(0xe2, "MPF\x00"+secret) +
		segment(0xe0, "JFXX\x00"+secret)
	behind := photo(t, 8, 8, segment(0xe1, exif(binary.BigEndian, 1)))
	var dotted bytes.Buffer
	if err := png.Encode(&dotted, drawn(40, 30)); err != nil {
		t.Fatal(err)
	}
	text := dotted.String()
	for name, c := range map[string]struct {
		raw  []byte
		kind string
		same []byte
	}{
		"a photo":         {append(photo(t, 40, 30, more), behind...), "image/jpeg", plain},
		"a photo as told": {plain, "image/jpeg", plain},
		"a drawing": {[]byte(text[:33] + chunk("tEXt", "GPS\x00"+secret) + chunk("eXIf", secret) + text[33:] + secret),
			"image/png", dotted.Bytes()},
	} {
		f, err := Read("file", c.raw)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if f.MediaType != c.kind || f.Width != 40 || f.Height != 30 || !bytes.Equal(f.Bytes, c.same) {
			t.Errorf("%s: %s, %d × %d, %d bytes; wanted %d", name, f.MediaType, f.Width, f.Height, len(f.Bytes), len(c.same))
		}
		if bytes.Contains(f.Bytes, []byte(secret)) {
			t.Errorf("%s still says where it was taken", name)
		}
	}
}

// TestAPhotoStaysUpright: how it is to be turned is all that is kept of what the camera wrote.
func TestAPhotoStaysUpright(t *testing.T) {
	t.Parallel()
	for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
		for way := uint16(1); way <= 8; way++ {
			f, err := Read("file", photo(t, 40, 30, segment(0xe1, exif(order, way))))
			if err != nil {
				t.Fatal(err)
			}
			wide := 40
			if way > 4 {
				wide = 30
			}
			if f.Width != wide || f.Width+f.Height != 70 || bytes.Contains(f.Bytes, []byte(secret)) {
				t.Errorf("turned by %d: %d × %d", way, f.Width, f.Height)
			}
			kept := uint16(1)
			if at := bytes.Index(f.Bytes, []byte("Exif\x00\x00")); at >= 0 {
				kept = orientation(f.Bytes[at:])
			}
			if kept != way {
				t.Errorf("turned by %d, kept as %d", way, kept)
			}
		}
	}
}

// A WebP of one point, as every encoder without loss writes it.
const onePoint = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="

func TestAWebPLosesWhatIsBesideThePicture(t *testing.T) {
	t.Parallel()
	raw, err := base64.StdEncoding.DecodeString(onePoint)
	if err != nil {
		t.Fatal(err)
	}
	part := func(kind, body string) string {
		b := string(binary.LittleEndian.AppendUint32([]byte(kind), uint32(len(body)))) + body
		return b + strings.Repeat("\x00", len(body)%2)
	}
	body := "WEBP" + part("VP8X", "\x0c\x00\x00\x00\x00\x00\x00\x00\x00\x00") + string(raw[12:]) + part("EXIF", secret) +
		part("XMP ", secret+".")
	rich := string(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body)))) + body + secret
	for name, text := range map[string]string{"plain": string(raw), "rich": rich} {
		f, err := Read("file", []byte(text))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if f.MediaType != "image/webp" || f.Width != 1 || f.Height != 1 || bytes.Contains(f.Bytes, []byte(secret)) {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

// TestWhatIsTakenIsToldByItsContent: the name of a file counts for nothing, and what is refused is refused by a rule.
func TestWhatIsTakenIsToldByItsContent(t *testing.T) {
	t.Parallel()
	whole := photo(t, 40, 30, "")
	var flat bytes.Buffer
	if err := png.Encode(&flat, image.NewPaletted(image.Rect(0, 0, MaxSide+1, 1), color.Palette{color.Black})); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, raw string
		rule      geo.Rule
	}{
		{"nothing", "", "file.size"}, {"too much", "%PDF-1.7 " + strings.Repeat("a", MaxBytes) + "%%EOF", "file.size"},
		{"a page", "<!doctype html><script>alert(1)</script>", "file.type"},
		{"a drawing with scripts", `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>`, "file.type"},
		{"a moving picture", "GIF89a\x01\x00\x01\x00", "file.type"},
		{"a page before a PDF", "<html>%PDF-1.7 %%EOF", "file.type"},
		{"half a photo", string(whole[:len(whole)/2]), "file.whole"},
		{"a photo of no size", "\xff\xd8\xff\xd9", "file.whole"},
		{"half a drawing", flat.String()[:40], "file.whole"},
		{"half a PDF", "%PDF-1.7 obj", "file.whole"}, {"no WebP", "RIFF\xff\xff\xff\xffWEBP", "file.whole"},
		{"a drawing too wide", flat.String(), "file.sides"},
		{"a PDF", "%PDF-1.7\n1 0 obj\n%%EOF\n", ""}, {"a photo", string(whole), ""},
	} {
		_, err := Read("paper.file", []byte(c.raw))
		var refused *geo.Invalid
		if errors.As(err, &refused) != (c.rule != "") || refused != nil && (refused.Rule != c.rule || refused.Field != "paper.file") {
			t.Errorf("%s: %v; wanted %q", c.name, err, c.rule)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("\xff\xd8\xff\xd9"))
	f.Add([]byte(pngHead))
	f.Add([]byte("RIFF\x04\x00\x00\x00WEBP"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		file, err := Read("file", raw)
		if err != nil {
			return
		}
		again, err := Read("file", file.Bytes)
		if err != nil || !bytes.Equal(again.Bytes, file.Bytes) || again.Width != file.Width {
			t.Errorf("what was taken is read otherwise: %v", err)
		}
	})
}
