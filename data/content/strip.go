package content

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
)

// errCut: the file ends before its format says so.
var errCut = errors.New("it breaks off")

// Markers of JPEG (ITU-T T.81, table B.1).
const (
	jpegEnd   = 0xd9
	jpegScan  = 0xda
	jpegApp0  = 0xe0
	jpegApp1  = 0xe1
	jpegApp2  = 0xe2
	jpegApp14 = 0xee
	jpegApp15 = 0xef
	jpegNote  = 0xfe
)

// stripJPEG copies the segments of a JPEG that make the picture, up to its end, and nothing else:
//
//  1. Of the segments for programs it keeps the colour profile (ICC), Adobe's note on colours, and the head of JFIF
//     without the small picture in it.
//  2. Of what the camera wrote (Exif) it keeps how the picture is to be turned, in a segment of its own.
//  3. What follows the end goes: some cameras write further pictures there, each with its place.
func stripJPEG(raw []byte) (clean []byte, turned bool, err error) {
	clean = append(make([]byte, 0, len(raw)), raw[:2]...)
	for at := 2; ; {
		for at+1 < len(raw) && raw[at] == 0xff && raw[at+1] == 0xff { // what fills up
			at++
		}
		if at+2 > len(raw) || raw[at] != 0xff {
			return nil, false, errCut
		}
		marker := raw[at+1]
		if marker == jpegEnd {
			return append(clean, 0xff, jpegEnd), turned, nil
		}
		if at+4 > len(raw) {
			return nil, false, errCut
		}
		end := at + 2 + int(binary.BigEndian.Uint16(raw[at+2:]))
		if end < at+4 || end > len(raw) {
			return nil, false, errCut
		}
		body := raw[at+4 : end]
		switch {
		case marker == jpegApp1:
			if way := orientation(body); way > 1 {
				clean, turned = append(clean, exifOf(way)...), turned || way > 4
			}
		case marker == jpegApp0 && bytes.HasPrefix(body, []byte("JFIF\x00")) && len(body) >= 14:
			clean = append(append(clean, 0xff, jpegApp0, 0, 16), body[:12]...)
			clean = append(clean, 0, 0)
		case marker == jpegApp2 && bytes.HasPrefix(body, []byte("ICC_PROFILE\x00")),
			marker == jpegApp14 && bytes.HasPrefix(body, []byte("Adobe")),
			(marker < jpegApp0 || marker > jpegApp15) && marker != jpegNote:
			clean = append(clean, raw[at:end]...)
		}
		if marker == jpegScan {
			start := end
			for end+1 < len(raw) && (raw[end] != 0xff || raw[end+1] == 0 || raw[end+1] >= 0xd0 && raw[end+1] <= 0xd7) {
				end++
			}
			clean = append(clean, raw[start:end]...)
		}
		at = end
	}
}

// orientation is how a picture is to be turned, 1 to 8, by the first directory of its Exif; 0 where that doesn't say.
func orientation(body []byte) uint16 {
	const head, entry, tag, short = "Exif\x00\x00", 12, 0x0112, 3
	tiff, ok := bytes.CutPrefix(body, []byte(head))
	if !ok || len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 0
	}
	rest := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(rest) < entry {
			return 0
		}
		if order.Uint16(rest) == tag && order.Uint16(rest[2:]) == short {
			if way := order.Uint16(rest[8:]); way >= 1 && way <= 8 {
				return way
			}
			return 0
		}
		rest = rest[entry:]
	}
	return 0
}

// exifOf is a segment that says how a picture is to be turned, and no more.
func exifOf(way uint16) []byte {
	segment := []byte("\xff\xe1\x00\x22Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01")
	segment = binary.BigEndian.AppendUint16(segment, way)
	return append(segment, 0, 0, 0, 0, 0, 0)
}

const pngHead = "\x89PNG\r\n\x1a\n"

// pngChunks make the picture: its size, palette, points and end, its transparency and its colours.
var pngChunks = []string{"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "pHYs", "bKGD"}

// stripPNG copies the chunks that make the picture, up to its end: no texts, times, Exif, further pictures.
func stripPNG(raw []byte) (clean []byte, turned bool, err error) {
	clean = append(make([]byte, 0, len(raw)), pngHead...)
	for rest := raw[len(pngHead):]; len(rest) >= 12; {
		size := uint64(binary.BigEndian.Uint32(rest)) + 12
		if size > uint64(len(rest)) {
			break
		}
		kind := string(rest[4:8])
		if slices.Contains(pngChunks, kind) {
			clean = append(clean, rest[:size]...)
		}
		if kind == "IEND" {
			return clean, false, nil
		}
		rest = rest[size:]
	}
	return nil, false, errCut
}

// webpChunks make the picture.
var webpChunks = []string{"VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP"}

// stripWebP copies the chunks that make the picture, and says in its head that it has neither Exif nor XMP.
func stripWebP(raw []byte) (clean []byte, turned bool, err error) {
	const head, told = 12, 0x08 | 0x04
	end := uint64(binary.LittleEndian.Uint32(raw[4:])) + 8
	if end > uint64(len(raw)) || end < head {
		return nil, false, errCut
	}
	clean = append(make([]byte, 0, len(raw)), raw[:head]...)
	for rest := raw[head:end]; len(rest) > 0; {
		if len(rest) < 8 {
			return nil, false, errCut
		}
		size := uint64(binary.LittleEndian.Uint32(rest[4:]))
		size += 8 + size%2
		if size > uint64(len(rest)) {
			return nil, false, errCut
		}
		if kind := string(rest[:4]); slices.Contains(webpChunks, kind) {
			at := len(clean)
			clean = append(clean, rest[:size]...)
			if kind == "VP8X" && size > 8 {
				clean[at+8] &^= told
			}
		}
		rest = rest[size:]
	}
	binary.LittleEndian.PutUint32(clean[4:], uint32(len(clean)-8))
	return clean, false, nil
}
