package background

import (
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/klauspost/compress/gzhttp"

	"luodi/api/problem"
	"luodi/api/request"
	"luodi/data/store"
	"luodi/geo"
)

// Path is where this server gives the tile files of backgrounds, each by its background's code.
const Path = "/backgrounds/"

const (
	fileEnding = ".pmtiles"
	headLength = 127 // bytes of the header of a PMTiles file, version 3
)

// fileForm is the name of a tile file, in the folder itself or below it.
var fileForm = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N} ._-]*(/[\p{L}\p{N}][\p{L}\p{N} ._-]*)*\.pmtiles$`)

// Header is what the head of a PMTiles file says (version 3).
type Header struct {
	// 1: vector tiles (MVT); 2 PNG, 3 JPEG, 4 WebP, 5 AVIF; 0 not said, which are pictures: so a converter of
	// MBTiles writes the JPEG of GDAL.
	Kind             byte
	MinZoom, MaxZoom byte
	Length           int64 // of the file, in bytes
	Changed          int64 // when it last was, in nanoseconds since 1970
}

// pmtiles takes a background whose tiles are one file: of the folder, or at an address.
func (e *entry) pmtiles(at string, b *Background, root *os.Root) ([]string, error) {
	if (e.File == "") == (e.URL == "") {
		return nil, geo.NewInvalid(at+".file", "background.one_file", fileAndURL(e.File, e.URL))
	}
	if e.URL != "" {
		host, err := parseHost(at+".url", e.URL)
		if err != nil || strings.ContainsAny(e.URL, "{}") {
			if err == nil {
				err = geo.NewInvalid(at+".url", "background.address", e.URL, "n", maxURL)
			}
			return nil, err
		}
		b.Layers = []Layer{{PMTiles: e.URL}}
		return []string{host}, nil
	}
	head, err := readHead(root, e.File)
	if err != nil {
		return nil, geo.NewInvalid(at+".file", "background.pmtiles", e.File)
	}
	b.file, b.head = e.File, head
	b.Layers = []Layer{{PMTiles: Path + e.Code + fileEnding, Vector: head.Kind == 1, MinZoom: int(head.MinZoom),
		MaxZoom: int(head.MaxZoom)}}
	return nil, nil
}

// fileAndURL is what came where one of the two is wanted.
func fileAndURL(file, address string) any {
	if file == "" {
		return geo.None()
	}
	return file + ", " + address
}

// openFile opens a file of the folder. What leads out of the folder, by its name or by a link, and what is no plain
// file is refused.
func openFile(root *os.Root, name string) (*os.File, os.FileInfo, error) {
	if !fileForm.MatchString(name) {
		return nil, nil, fmt.Errorf("%q is no name of a tile file", name)
	}
	if info, err := root.Stat(name); err != nil || !info.Mode().IsRegular() { // opening a pipe would wait
		return nil, nil, fmt.Errorf("%q is no plain file: %w", name, err)
	}
	file, err := root.Open(name)
	if err != nil {
		return nil, nil, err
	}
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		_ = file.Close()
		return nil, nil, fmt.Errorf("%q is no plain file: %w", name, err)
	}
	return file, info, nil
}

// readHead reads the header of a PMTiles file. Refused is what is no such file, and one whose tiles no map draws.
func readHead(root *os.Root, name string) (Header, error) {
	file, info, err := openFile(root, name)
	if err != nil {
		return Header{}, err
	}
	defer func() { _ = file.Close() }()
	head := make([]byte, headLength)
	if _, err := io.ReadFull(file, head); err != nil {
		return Header{}, err
	}
	h := Header{Kind: head[99], MinZoom: head[100], MaxZoom: head[101], Length: info.Size(),
		Changed: info.ModTime().UnixNano()}
	tiles := binary.LittleEndian.Uint64(head[56:]) // where the tiles begin
	if string(head[:7]) != "PMTiles" || head[7] != 3 || h.Kind > 5 || h.MinZoom > h.MaxZoom ||
		h.MaxZoom > maxZoom || tiles > uint64(h.Length) {
		return Header{}, fmt.Errorf("%q is no PMTiles file of version 3", name)
	}
	return h, nil
}

// Routes adds the tile files to a router. Nothing else of the folder can be asked for.
func (s *Set) Routes(r chi.Router) {
	if s == nil {
		return
	}
	for i := range s.all {
		if b := &s.all[i]; b.file != "" {
			r.Get(Path+b.Code+fileEnding, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, b.file) })
		}
	}
}

// serve answers with a tile file or ranges of it, tagged by its length and when it was changed.
func (s *Set) serve(w http.ResponseWriter, r *http.Request, name string) {
	file, info, err := openFile(s.root, name)
	if err != nil { // it was there when the server began
		problem.Write(w, r, &store.Missing{Kind: "page", Name: r.URL.Path})
		return
	}
	defer func() { _ = file.Close() }()
	tag := fmt.Sprintf(`"%x-%x"`, info.Size(), info.ModTime().UnixNano())
	h := w.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Type", "application/vnd.pmtiles")
	h.Set(gzhttp.HeaderNoCompression, "1") // ranges need the plain bytes
	if request.Holds(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	http.ServeContent(w, r, name, info.ModTime(), file)
}
