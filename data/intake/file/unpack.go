package file

import (
	"archive/zip"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
)

// packError names an unpacker's error. What breaks off is truncated, whoever notices.
func packError(err error) error {
	var fault *Fault
	switch {
	case errors.As(err, &fault), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return &Fault{Code: PackDamaged, Came: said("came.cut_short")}
	}
	return &Fault{Code: PackDamaged, Got: clip(err.Error()), Came: said("came.unreadable")}
}

func openGzip(ctx context.Context, file *diskFile, opts Options) (Reader, error) {
	plain, err := gzip.NewReader(file)
	if err != nil {
		return nil, packError(err)
	}
	return openContent(ctx, &unpacked{Reader: plain, close: file.Close, packed: file.progress, limits: opts.Limits},
		opts)
}

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

func openZip(ctx context.Context, file *diskFile, opts Options) (Reader, error) {
	at := &budget{ReaderAt: file, left: 2 * directoryBytes}
	archive, err := zip.NewReader(at, file.size)
	if err != nil {
		return nil, packError(err)
	}
	at.lifted = true
	entry, err := soleEntry(archive)
	if err != nil {
		return nil, err
	}
	if declared := entry.UncompressedSize64; declared > uint64(opts.Limits.FileBytes) {
		return nil, &Fault{Code: PackTooLarge, Field: clip(entry.Name),
			Expected: strconv.FormatInt(opts.Limits.FileBytes, 10), Got: strconv.FormatUint(declared, 10)}
	}
	if entry.Flags&1 != 0 {
		return nil, &Fault{Code: PackDamaged, Field: clip(entry.Name), Came: said("came.encrypted")}
	}
	start, err := entry.DataOffset()
	if err != nil {
		return nil, packError(err)
	}
	plain, err := entry.Open()
	if err != nil {
		return nil, packError(err)
	}
	// How much of the entry was read can't be asked of the unpacker; how much of the file was, below it, can.
	counter := &countAt{from: start, until: start + int64(entry.CompressedSize64)}
	at.ReaderAt = counter.over(file)
	return openContent(ctx, &unpacked{Reader: plain,
		close: func() error { return errors.Join(plain.Close(), file.Close()) }, packed: counter.progress,
		limits: opts.Limits}, opts)
}

// countAt notes the farthest byte read of a part of a file.
type countAt struct {
	io.ReaderAt
	from, until, reached int64
}

func (c *countAt) over(file io.ReaderAt) *countAt {
	c.ReaderAt = file
	return c
}

func (c *countAt) ReadAt(p []byte, off int64) (int, error) {
	n, err := c.ReaderAt.ReadAt(p, off)
	c.reached = max(c.reached, off+int64(n))
	return n, err
}

func (c *countAt) progress() (done, total int64) {
	return max(0, min(c.reached, c.until)-c.from), c.until - c.from
}

// soleEntry finds the one file of land in a zip. What lies beside it, a note or a style, is left alone.
func soleEntry(archive *zip.Reader) (*zip.File, error) {
	var found, notes []*zip.File
	for _, entry := range archive.File {
		name := path.Base(entry.Name)
		if entry.FileInfo().IsDir() || strings.HasPrefix(name, ".") || strings.HasPrefix(entry.Name, "__MACOSX/") {
			continue
		}
		ending := strings.ToLower(path.Ext(name))
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
	if len(found) == 1 {
		return found[0], nil
	}
	names := make([]string, 0, 3)
	for _, entry := range found[:min(3, len(found))] {
		names = append(names, clip(entry.Name))
	}
	told := make([]string, len(formats))
	for i, f := range formats {
		told[i] = f.endings[0]
	}
	return nil, &Fault{Code: PackContent, Expected: "1: " + strings.Join(told, ", "),
		Got: fmt.Sprintf("%d %s", len(found), strings.Join(names, ", "))}
}

// unpackGeoPackage writes a packed GeoPackage to a temporary file: SQLite reads it here and there.
func unpackGeoPackage(ctx context.Context, content *unpacked, opts Options) (Reader, error) {
	defer func() { _ = content.Close() }()
	temp, err := os.CreateTemp("", "luodi-import-*.gpkg")
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	remove := func() error { return os.Remove(temp.Name()) }
	_, err = io.Copy(temp, &withContext{ctx, content})
	if err = errors.Join(err, temp.Close()); err == nil {
		var reader Reader
		if reader, err = openGeoPackage(ctx, temp.Name(), opts, remove); err == nil {
			return reader, nil
		}
	}
	_ = remove()
	return nil, fmt.Errorf("unpack: %w", err)
}

// withContext stops a long copy.
type withContext struct {
	context.Context
	io.Reader
}

func (r *withContext) Read(p []byte) (int, error) {
	if err := r.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}
