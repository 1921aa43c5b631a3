package api

import (
	"crypto/sha256"
	"encoding/base64"
	"io"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/klauspost/compress/gzhttp"

	"luodi/api/background"
	"luodi/api/problem"
	"luodi/api/request"
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
func addStatic(r chi.Router, s *static, backgrounds *background.Set, missing http.HandlerFunc) {
	front := front{files: s, answers: r, backgrounds: backgrounds}
	r.Get("/", front.serve)
	r.Get("/"+frontFile, front.serve)
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
		problem.Write(w, r, &store.Missing{Kind: "page", Name: r.URL.Path})
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
	if request.Holds(r.Header.Get("If-None-Match"), tag) { // in whatever encoding
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if small := s.compressed(r, name); small != nil {
		defer func() { _ = small.Close() }()
		h.Set("ETag", strings.TrimSuffix(tag, `"`)+"-"+small.coding+`"`)
		h.Set("Content-Encoding", small.coding)
		http.ServeContent(w, r, name, time.Time{}, small)
		return
	}
	http.ServeContent(w, r, name, time.Time{}, file)
}

// smallFile is a file as the build compressed it.
type smallFile struct {
	seekFile
	coding string
}

// compressed is the file as the build compressed it, in the best of the encodings that the caller takes; nil where
// there is none, or where a part of the plain file is asked for.
func (s *static) compressed(r *http.Request, name string) *smallFile {
	if r.Header.Get("Range") != "" {
		return nil
	}
	for _, each := range []struct{ coding, ending string }{{"br", ".br"}, {"gzip", ".gz"}} {
		if !takes(r, each.coding) {
			continue
		}
		if file, err := s.open(name + each.ending); err == nil {
			return &smallFile{file, each.coding}
		}
	}
	return nil
}

// takes reports whether the caller takes an encoding (Accept-Encoding, RFC 9110 12.5.3).
func takes(r *http.Request, coding string) bool {
	for _, part := range strings.Split(r.Header.Get("Accept-Encoding"), ",") {
		name, weight, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(name), coding) {
			_, q, given := strings.Cut(weight, "=")
			worth, err := strconv.ParseFloat(strings.TrimSpace(q), 64)
			return !given || err == nil && worth > 0
		}
	}
	return false
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
