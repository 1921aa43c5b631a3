package file

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"

	"luodi/geo"
	"luodi/geo/surveytext"
)

// Options say how to read a file.
type Options struct {
	Layer string   // the layer of a GeoPackage, a Shapefile of several, a sheet; may be "" when there is one only
	CRS   geo.EPSG // the reference system that the caller states; 0: the file says it
	// Offset is the shift of the web map on which the file was drawn; its places are undone to WGS 84. No CRS beside
	// it.
	Offset geo.MapOffset
	// Control leads from the file's own system to the CRS that the caller states, or that stands in place of the file's
	// on an old datum; nil: the file is in that system.
	Control *Control

	// Lines: of a drawing lines are wanted, and what is closed stays a line.
	Lines bool

	// known: the caller stated CRS or Offset. That outranks what the file says, but an Offset is refused where the file
	// names another system than WGS 84.
	known  bool
	Limits Limits // the zero value means DefaultLimits
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
	asked := opts
	asked.known = opts.CRS != 0 || opts.Offset != ""
	switch {
	case opts.Control != nil: // the file is in a system of its own, of which it may say what it wants
		asked.CRS = 0
	case opts.Offset != "":
		asked.CRS = geo.WGS84
	}
	reader, err := openAs(ctx, file, asked)
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	away, err := moved(reader, opts)
	if err != nil {
		_ = reader.Close()
		return nil, err
	}
	return away, nil
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

// format is a format of files of land.
type format struct {
	name    string
	endings []string // of its files where they lie in a zip; the first is told
	notes   bool     // files of its ending may be notes that lie beside another
	begins  func(head []byte) bool
	open    func(ctx context.Context, file *diskFile, opts Options) (Reader, error)
	unpack  func(ctx context.Context, content *unpacked, opts Options) (Reader, error)
	// Of a format of several files in a zip: whether a zip holds one, and who reads it; it closes the zip. nil of
	// others.
	bundled func(a *archive) bool
	bundle  func(ctx context.Context, a *archive, opts Options) (Reader, error)
}

// surveyFormat is the name of the exchange text of land surveys.
const surveyFormat = "Survey TXT"

// formats has a row a format. The first that a file begins as is its own.
var formats = []format{
	{name: surveyFormat, endings: []string{".txt"}, notes: true, begins: surveytext.Begins,
		open: func(_ context.Context, file *diskFile, opts Options) (Reader, error) {
			return newSurveyText(file, opts)
		},
		unpack: func(_ context.Context, c *unpacked, opts Options) (Reader, error) { return newSurveyText(c, opts) }},
	esriFormat.row(), // which is JSON too
	{name: "GeoJSON", endings: []string{".geojson", ".json", ".geojsonl", ".geojsons", ".ndjson", ".jsonl"},
		begins: func(head []byte) bool {
			text := bytes.TrimLeft(bytes.TrimPrefix(head, utf8BOM), " \t\r\n\x1e")
			return len(text) == 0 || text[0] == '{' || text[0] == '['
		},
		open:   func(_ context.Context, file *diskFile, opts Options) (Reader, error) { return openText(file, opts) },
		unpack: func(_ context.Context, c *unpacked, opts Options) (Reader, error) { return openText(c, opts) }},
	{name: shapefileFormat, begins: never, bundled: holdsShapefile, bundle: openShapefile},
	{name: "GeoPackage", endings: []string{".gpkg"},
		begins: func(head []byte) bool { return bytes.HasPrefix(head, []byte("SQLite format 3\x00")) },
		open: func(ctx context.Context, file *diskFile, opts Options) (Reader, error) {
			path := file.Name()
			reader, err := openGeoPackage(ctx, path, opts, nil)
			if err != nil && isSpatiaLite(path, err) {
				return liteFormat.read(ctx, file, opts)
			}
			_ = file.Close() // SQLite opens it itself
			return reader, err
		},
		unpack: unpackGeoPackage},
	{name: kmlFormat, endings: []string{".kml"}, begins: beginsKML, open: openKMLFile, unpack: unpackKML},
	dxfFormat.row(), gmlFormat.row(), fgbFormat.row(),
	{name: gdbFormat.name, begins: never, bundled: holdsGeodatabase, bundle: openGeodatabase},
	{name: tabFormat.name, begins: never, bundled: holdsMapInfo, bundle: openMapInfo}, mifFormat.row(),
	{name: liteFormat.name, begins: never},
	{name: parquetFormat, endings: []string{".parquet", ".geoparquet"}, begins: beginsParquet,
		open: func(ctx context.Context, file *diskFile, opts Options) (Reader, error) {
			return openParquet(ctx, file, opts)
		},
		unpack: func(ctx context.Context, c *unpacked, opts Options) (Reader, error) { return openParquet(ctx, c, opts) }},
	{name: xlsxFormat, begins: never, bundled: holdsWorkbook, bundle: openWorkbook},
	// the last: any text with cells may be a table
	{name: csvFormat, endings: []string{".csv", ".tsv"}, begins: beginsCSV, open: openCSVFile, unpack: unpackCSV},
}

// never is of formats that no single file is of.
func never([]byte) bool { return false }

// Formats lists the names of the formats that are read.
func Formats() []string {
	var names []string
	for _, f := range formats {
		names = append(names, f.name)
	}
	return names
}

// formatOf tells a format by the first bytes of a file; nil where it is none.
func formatOf(head []byte) *format {
	for i := range formats {
		if formats[i].begins(head) {
			return &formats[i]
		}
	}
	return nil
}

// sniffed is how many bytes tell a format.
const sniffed = 4096

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
	head = head[:n]
	switch f := formatOf(head); {
	case f != nil:
		return f.open(ctx, file, opts)
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		return openGzip(ctx, file, opts)
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return openZip(ctx, file, opts)
	}
	return nil, unknownFormat(head, file.Name())
}

func unknownFormat(head []byte, name string) error {
	if fault := namedBytes(head, name); fault != nil {
		return fault
	}
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		return &Fault{Code: EncodingUnknown, Expected: "UTF-8", Got: "UTF-16"}
	}
	return &Fault{Code: FormatUnknown, Expected: strings.Join(Formats(), ", "),
		Got: strconv.QuoteToASCII(string(head[:min(len(head), 16)]))}
}

func openText(src source, opts Options) (Reader, error) {
	reader, err := newGeoJSON(src, opts)
	if err != nil {
		return nil, err
	}
	return reader, nil
}

// openContent opens what an unpacker gives.
func openContent(ctx context.Context, content *unpacked, opts Options) (Reader, error) {
	buffered := bufio.NewReaderSize(content.Reader, 64<<10)
	head, err := buffered.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, packError(err)
	}
	content.Reader = buffered
	if len(head) == 0 {
		return nil, &Fault{Code: FileEmpty}
	}
	if f := formatOf(head); f != nil {
		return f.unpack(ctx, content, opts)
	}
	return nil, unknownFormat(head, "")
}
