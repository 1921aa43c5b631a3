package api

import (
	"crypto/sha256"
	"encoding/base64"
	"io"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/klauspost/compress/gzhttp"

	"luodi/api/problem"
	"luodi/data/store"
)

// hashed matches the names that the build derives from a file's content: they never change.
var hashed = regexp.MustCompile(`^assets/.+-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$`)

// static serves the built client. Files carry a tag of their content; ranges work, which PMTiles needs.
type static struct {
	files fs.FS
	tags  sync.Map // path → tag
}

// addStatic adds the client: `/` is its page, every other path a file of it, or what missing answers.
func addStatic(r chi.Router, s *static, missing http.HandlerFunc) {
	r.Get("/", func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, "index.html") })
	r.Get(anyFile, func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/")
		if !s.has(name) {
			missing(w, r)
			return
		}
		s.serve(w, r, name)
	})
}

// has reports whether the file exists.
func (s *static) has(name string) bool {
	file, err := s.open(name)
	if err != nil {
		return false
	}
	return file.Close() == nil
}

// kinds are the media types that not every system knows.
var kinds = map[string]string{
	".pmtiles": "application/vnd.pmtiles", ".woff2": "font/woff2", ".woff": "font/woff",
	".webmanifest": "application/manifest+json",
}

func (s *static) serve(w http.ResponseWriter, r *http.Request, name string) {
	file, err := s.open(name)
	if err != nil {
		kind := "page"
		if name == "index.html" {
			kind = "client"
		}
		problem.Write(w, r, &store.Missing{Kind: kind, Name: r.URL.Path})
		return
	}
	defer func() { _ = file.Close() }()
	tag, err := s.tag(name, file)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	h := w.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "no-cache")
	if hashed.MatchString(name) {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if kind := kinds[path.Ext(name)]; kind != "" {
		h.Set("Content-Type", kind)
	}
	if path.Ext(name) == ".pmtiles" {
		h.Set(gzhttp.HeaderNoCompression, "1") // its tiles are compressed, and ranges need the plain bytes
	}
	if held := r.Header.Get("If-None-Match"); held != "" { // whatever encoding it was held in
		r.Header.Set("If-None-Match", strings.NewReplacer(`-gzip"`, `"`, `-zstd"`, `"`).Replace(held))
	}
	http.ServeContent(w, r, name, time.Time{}, file)
}

type seekFile interface {
	fs.File
	io.Seeker
}

// open gives a file that can be read in ranges; fs.ErrNotExist for a folder, a hidden file or a file system that can't
// seek.
func (s *static) open(name string) (seekFile, error) {
	if s.files == nil || !fs.ValidPath(name) || strings.HasPrefix(path.Base(name), ".") {
		return nil, fs.ErrNotExist
	}
	file, err := s.files.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	seekable, ok := file.(seekFile)
	if err != nil || info.IsDir() || !ok {
		_ = file.Close()
		return nil, fs.ErrNotExist
	}
	return seekable, nil
}

// tag names a file's content, read once.
func (s *static) tag(name string, file io.ReadSeeker) (string, error) {
	if known, ok := s.tags.Load(name); ok {
		return known.(string), nil
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return "", err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	tag := `"` + base64.RawURLEncoding.EncodeToString(sum.Sum(nil)[:15]) + `"`
	s.tags.Store(name, tag)
	return tag, nil
}
