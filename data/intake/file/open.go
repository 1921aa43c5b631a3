package file

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strconv"
	"syscall"

	"luodi/geo"
)

// Options say how to read a file.
type Options struct {
	Layer     string // the layer of a GeoPackage; may be "" when there is one only
	CRSStated bool   // the caller knows the reference system better than the file
	Limits    Limits // the zero value means DefaultLimits
}

// Open looks at what the file is, not at its name, and reads up to where the rows begin. A file that can't be taken is
// a *[Fault]. Its size is checked before anything is read of it.
func Open(ctx context.Context, path string, opts Options) (Reader, error) {
	if opts.Limits == (Limits{}) {
		opts.Limits = DefaultLimits
	}
	file, err := openFile(ctx, path, opts.Limits)
	if err != nil {
		return nil, err
	}
	reader, err := openAs(ctx, file, opts)
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	return reader, nil
}

// openFile waits for nobody: to open a pipe that no one writes into would never come back, and no signal could end it.
func openFile(ctx context.Context, path string, limits Limits) (*diskFile, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if errors.Is(err, syscall.ENXIO) { // what opening a socket says
		return nil, &Fault{Code: FileNotPlain, Field: path, Expected: plainFile, Got: cause(err),
			Came: said("came.socket")}
	}
	if err != nil {
		return nil, &Fault{Code: FileMissing, Field: path, Got: cause(err), Came: why(err)}
	}
	stat, err := file.Stat()
	switch {
	case err != nil:
		err = &Fault{Code: FileMissing, Field: path, Got: cause(err), Came: why(err)}
	case !stat.Mode().IsRegular():
		err = &Fault{Code: FileNotPlain, Field: path, Expected: plainFile, Came: kindOf(stat.Mode())}
	case stat.Size() == 0:
		err = &Fault{Code: FileEmpty, Field: path}
	case stat.Size() > limits.FileBytes:
		err = &Fault{Code: FileTooLarge, Field: path, Expected: strconv.FormatInt(limits.FileBytes, 10),
			Got: strconv.FormatInt(stat.Size(), 10)}
	}
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	return &diskFile{File: file, ctx: ctx, size: stat.Size()}, nil
}

const plainFile = "file"

func kindOf(mode os.FileMode) *geo.Words {
	switch {
	case mode.IsDir():
		return said("came.folder")
	case mode&os.ModeNamedPipe != 0:
		return said("came.pipe")
	case mode&os.ModeSocket != 0:
		return said("came.socket")
	}
	return said("came.device")
}

// cause is what the system said, without the path, which the fault has already.
func cause(err error) string {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}

// why says it in the words of the table.
func why(err error) *geo.Words {
	switch {
	case errors.Is(err, os.ErrNotExist):
		return said("came.no_file")
	case errors.Is(err, os.ErrPermission):
		return said("came.no_permission")
	}
	return said("came.unreadable")
}

// form is what a file's first bytes say it is.
type form int

const (
	formJSON form = iota
	formSQLite
	formGzip
	formZip
	formUTF16
	formOther
)

const sniffed = 512

func sniff(head []byte) form {
	switch {
	case bytes.HasPrefix(head, []byte("SQLite format 3\x00")):
		return formSQLite
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		return formGzip
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return formZip
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return formUTF16
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(head, utf8BOM), " \t\r\n\x1e")
	if len(text) == 0 || text[0] == '{' || text[0] == '[' {
		return formJSON
	}
	return formOther
}

var utf8BOM = []byte("\xef\xbb\xbf")

func openAs(ctx context.Context, file *diskFile, opts Options) (Reader, error) {
	head := make([]byte, sniffed)
	n, err := file.ReadAt(head, 0)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, &Fault{Code: FileMissing, Field: file.Name(), Got: cause(err), Came: why(err)}
	}
	switch sniff(head[:n]) {
	case formJSON:
		return openText(file, opts)
	case formSQLite:
		path := file.Name()
		_ = file.Close()
		return openGeoPackage(ctx, path, opts, nil)
	case formGzip:
		return openGzip(ctx, file, opts)
	case formZip:
		return openZip(ctx, file, opts)
	case formUTF16:
		return nil, &Fault{Code: EncodingUnknown, Expected: "UTF-8", Got: "UTF-16"}
	}
	return nil, unknownForm(head[:n])
}

func unknownForm(head []byte) error {
	return &Fault{Code: FormatUnknown, Expected: "GeoJSON, GeoPackage",
		Got: strconv.QuoteToASCII(string(head[:min(len(head), 16)]))}
}

func openText(src source, opts Options) (Reader, error) {
	reader, err := newGeoJSON(src, opts)
	if err != nil {
		return nil, err
	}
	return reader, nil
}

// openContent opens what an unpacker gives: GeoJSON in a stream, a GeoPackage by way of a temporary file.
func openContent(ctx context.Context, content *unpacked, opts Options) (Reader, error) {
	buffered := bufio.NewReaderSize(content.Reader, 64<<10)
	head, err := buffered.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, packError(err)
	}
	content.Reader = buffered
	switch {
	case len(head) == 0:
		return nil, &Fault{Code: FileEmpty}
	case sniff(head) == formJSON:
		return openText(content, opts)
	case sniff(head) == formSQLite:
		return unpackGeoPackage(ctx, content, opts)
	case sniff(head) == formUTF16:
		return nil, &Fault{Code: EncodingUnknown, Expected: "UTF-8", Got: "UTF-16"}
	}
	return nil, unknownForm(head)
}
