package file

import (
	"archive/zip"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// directoryBytes bounds a zip's table of contents, which the unpacker reads as a whole: 10,000 entries and more.
const directoryBytes = 1 << 20

// budget lets so many bytes be read while it is spent, and any number once it is lifted.
type budget struct {
	io.ReaderAt
	left   int64
	lifted bool
}

func (b *budget) ReadAt(p []byte, off int64) (int, error) {
	if !b.lifted {
		if b.left -= int64(len(p)); b.left < 0 {
			return 0, &Fault{Code: PackContent, Words: said("pack.contents"), Got: "> 1 MiB"}
		}
	}
	return b.ReaderAt.ReadAt(p, off)
}

// archive is an open zip: its files, without folders and what systems put beside.
type archive struct {
	file   *diskFile
	counts entryCounts
	files  []packed
	limits Limits
}

// packed is a file in a zip.
type packed struct {
	*zip.File
	name string // with slashes, in UTF-8
}

// ending is that of its name, in lower case.
func (p packed) ending() string { return strings.ToLower(path.Ext(p.name)) }

// stem is its name without the ending.
func (p packed) stem() string { return strings.TrimSuffix(p.name, path.Ext(p.name)) }

func openArchive(file *diskFile, limits Limits) (*archive, error) {
	a := &archive{file: file, limits: limits}
	at := &budget{ReaderAt: file, left: 2 * directoryBytes}
	reader, err := zip.NewReader(at, file.size)
	if err != nil {
		return nil, packError(err)
	}
	a.counts.ReaderAt = file
	at.ReaderAt, at.lifted = &a.counts, true
	for _, entry := range reader.File {
		name := entryName(entry)
		if leadsOut(name) {
			return nil, &Fault{Code: PackPath, Field: clip(name)}
		}
		if entry.FileInfo().IsDir() || strings.HasPrefix(path.Base(name), ".") ||
			strings.HasPrefix(name, "__MACOSX/") {
			continue
		}
		if !entry.Mode().IsRegular() {
			return nil, &Fault{Code: PackPath, Field: clip(name)}
		}
		a.files = append(a.files, packed{entry, name})
	}
	return a, nil
}

// unicodePath gives the name in UTF-8 that Info-ZIP's extra field 0x7075 holds, where it belongs to the entry's plain
// name; "" for none. GDAL writes it, and leaves out of the plain name what isn't in code page 437.
func unicodePath(entry *zip.File) string {
	const head, id = 9, 0x7075
	for extra := entry.Extra; len(extra) >= 4; {
		size := 4 + int(binary.LittleEndian.Uint16(extra[2:]))
		if size > len(extra) {
			break
		}
		if binary.LittleEndian.Uint16(extra) == id && size > head && extra[4] == 1 && utf8.Valid(extra[head:size]) &&
			binary.LittleEndian.Uint32(extra[5:]) == crc32.ChecksumIEEE([]byte(entry.Name)) {
			return string(extra[head:size])
		}
		extra = extra[size:]
	}
	return ""
}

// entryName is a name in UTF-8: programs of Chinese systems write GBK without saying so.
func entryName(entry *zip.File) string {
	if name := unicodePath(entry); name != "" {
		return strings.ReplaceAll(name, "\\", "/")
	}
	name := strings.ReplaceAll(entry.Name, "\\", "/")
	if utf8.ValidString(name) {
		return name
	}
	if read, err := simplifiedchinese.GB18030.NewDecoder().String(entry.Name); err == nil {
		return strings.ReplaceAll(read, "\\", "/")
	}
	return strings.ToValidUTF8(name, "\ufffd")
}

// leadsOut reports whether a name leads out of the folder into which the zip would be unpacked.
func leadsOut(name string) bool {
	return strings.HasPrefix(name, "/") || strings.ContainsRune(name, 0) || len(name) > 1 && name[1] == ':' ||
		slices.Contains(strings.Split(name, "/"), "..")
}

// open begins to unpack a file.
func (a *archive) open(entry packed) (*unpacked, error) {
	if declared := entry.UncompressedSize64; declared > uint64(a.limits.FileBytes) {
		return nil, &Fault{Code: PackTooLarge, Field: clip(entry.name),
			Expected: strconv.FormatInt(a.limits.FileBytes, 10), Got: strconv.FormatUint(declared, 10)}
	}
	if entry.Flags&1 != 0 {
		return nil, &Fault{Code: PackDamaged, Field: clip(entry.name), Came: said("came.encrypted")}
	}
	start, err := entry.DataOffset()
	if err != nil {
		return nil, packError(err)
	}
	plain, err := entry.Open()
	if err != nil {
		return nil, packError(err)
	}
	count := a.counts.of(start, start+int64(entry.CompressedSize64))
	return &unpacked{Reader: plain, close: plain.Close, packed: count.progress, limits: a.limits}, nil
}

// entryCounts notes the farthest byte read of each file in a zip: how much of one was read can't be asked of the
// unpacker; how much of the whole was, below it, can.
type entryCounts struct {
	io.ReaderAt
	counts []*entryCount
}

type entryCount struct{ from, until, reached int64 }

func (c *entryCounts) of(from, until int64) *entryCount {
	count := &entryCount{from, until, from}
	c.counts = append(c.counts, count)
	return count
}

func (c *entryCounts) ReadAt(p []byte, off int64) (int, error) {
	n, err := c.ReaderAt.ReadAt(p, off)
	for _, count := range c.counts {
		if off >= count.from && off < count.until {
			count.reached = max(count.reached, off+int64(n))
		}
	}
	return n, err
}

func (c *entryCount) progress() (done, total int64) {
	return max(0, min(c.reached, c.until)-c.from), c.until - c.from
}

// openZip reads what a zip holds: a format of several files, or its one file of land.
func openZip(ctx context.Context, file *diskFile, opts Options) (Reader, error) {
	a, err := openArchive(file, opts.Limits)
	if err != nil {
		return nil, err
	}
	if fault := namedArchive(a); fault != nil {
		return nil, fault
	}
	for i := range formats {
		if f := &formats[i]; f.bundled != nil && f.bundled(a) {
			return f.bundle(ctx, a, opts)
		}
	}
	entry, err := a.sole()
	if err != nil {
		return nil, err
	}
	content, err := a.open(entry)
	if err != nil {
		return nil, err
	}
	closeEntry := content.close
	content.close = func() error { return errors.Join(closeEntry(), file.Close()) }
	return openContent(ctx, content, opts)
}

// sole finds the one file of land in a zip. What lies beside it, a note or a style, is left alone.
func (a *archive) sole() (packed, error) {
	var found, notes []packed
	for _, entry := range a.files {
		ending := entry.ending()
		i := slices.IndexFunc(formats, func(f format) bool { return slices.Contains(f.endings, ending) })
		switch {
		case i >= 0 && formats[i].notes:
			notes = append(notes, entry)
		case i >= 0:
			found = append(found, entry)
		}
	}
	if len(found) == 0 {
		found = notes
	}
	if len(found) > 1 && found[0].ending() == ".kml" { // a KMZ: its first KML is the document, at the top
		if at := slices.IndexFunc(found, func(p packed) bool { return strings.EqualFold(p.name, "doc.kml") }); at >= 0 {
			found = found[at : at+1]
		}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	if len(found) == 0 {
		for _, entry := range a.files {
			if fault := namedEnding(entry.ending()); fault != nil {
				return packed{}, fault
			}
		}
		found = a.files
	}
	names := make([]string, 0, 3)
	for _, entry := range found[:min(3, len(found))] {
		names = append(names, clip(entry.name))
	}
	var told []string
	for _, f := range formats {
		if len(f.endings) > 0 {
			told = append(told, f.endings[0])
		}
	}
	return packed{}, &Fault{Code: PackContent, Expected: "1: " + strings.Join(told, ", "),
		Got: fmt.Sprintf("%d %s", len(found), strings.Join(names, ", "))}
}
