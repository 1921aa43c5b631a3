package request

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"net/http"
	"strings"
)

// Tag names an answer's bytes: the state it was read in, by its stamp ("" where it depends on none), and everything
// else they depend on (query, format, language, base of its links). What compresses the answer appends its name.
func Tag(stamp string, parts ...string) string {
	text := make([]byte, 0, 512)
	add := func(part string) {
		text = append(binary.BigEndian.AppendUint64(text, uint64(len(part))), part...)
	}
	add(stamp)
	for _, part := range parts {
		add(part)
	}
	sum := sha256.Sum256(text)
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:15]) + `"`
}

// encodings are the suffixes under which a compressed answer's tag is sent.
var encodings = []string{"-gzip", "-zstd", "-br"}

// Holds reports whether the caller holds the answer already (If-None-Match, RFC 9110 13.1.2): in whatever encoding,
// since the state is the same.
func Holds(header, tag string) bool {
	for _, part := range strings.Split(header, ",") {
		part = strings.TrimPrefix(strings.TrimSpace(part), "W/")
		if part == "*" {
			return true
		}
		for _, suffix := range encodings {
			part = strings.Replace(part, suffix+`"`, `"`, 1)
		}
		if part == tag {
			return true
		}
	}
	return false
}

// Unchanged sets the tag and, when the caller holds the answer already, ends the request with 304.
func Unchanged(w http.ResponseWriter, r *http.Request, tag string) bool {
	return unchanged(w, r, tag, "no-cache")
}

// UnchangedPrivate is Unchanged of an answer that is its reader's own: no shared cache keeps it.
func UnchangedPrivate(w http.ResponseWriter, r *http.Request, tag string) bool {
	return unchanged(w, r, tag, "private, no-cache")
}

func unchanged(w http.ResponseWriter, r *http.Request, tag, keep string) bool {
	h := w.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", keep)
	if !Holds(r.Header.Get("If-None-Match"), tag) {
		return false
	}
	w.WriteHeader(http.StatusNotModified)
	return true
}
