package file

import (
	"bufio"
	"cmp"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"luodi/data/intake/confine"
	"luodi/geo"
)

// GeoParquet is read by parquet-go. Like GDAL it would be at the mercy of the file within this process: pages say how
// large they become. So a confined child of this program reads the file (parquet_child.go) and writes what it found
// into two files of its folder, which are plain:
//
//  1. parquetHead: one JSON object, a parquetFound.
//  2. parquetRows: a row after the other, each as cells and an end. A cell is its sort, its column's number and the
//     length of its bytes, as one byte and two little-endian uint32, and the bytes.
const (
	parquetFormat = "GeoParquet"
	parquetInput  = "in.parquet"
	parquetHead   = "head.json"
	parquetRows   = "rows"
	parquetWork   = "geoparquet"
)

// The sorts of cells.
const (
	cellText   = 't'
	cellUnread = 'u' // bytes, or a type that has no text
	cellShape  = 's' // WKB
	cellEnd    = 'e'
)

const cellHead = 9 // bytes before those of a cell

// parquetFound is what the child says of a file.
type parquetFound struct {
	CRS      json.RawMessage `json:",omitempty"` // of the geometry column, as it stands there; nothing where it has none
	Fields   []string
	Geometry string // the column's name
	Rows     int64
}

// parquetLimits are what the child is told.
type parquetLimits struct {
	FeatureBytes int64
	Values       int
}

// failedWithFault is the exit code of a child that printed a Fault.
const failedWithFault = 3

func beginsParquet(head []byte) bool { return strings.HasPrefix(string(head), "PAR1") }

// openParquet copies a file into a folder of its own, has it read there, and reads what came of it.
func openParquet(ctx context.Context, src source, opts Options) (Reader, error) {
	folder, err := os.MkdirTemp("", "luodi-import-*")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the file: %w", err)
	}
	err = copyTo(ctx, filepath.Join(folder, parquetInput), src)
	var reader Reader
	if err = errors.Join(err, closeQuietly(src, err)); err == nil {
		reader, err = readParquet(ctx, folder, opts)
	}
	if err != nil {
		_ = os.RemoveAll(folder)
		return nil, err
	}
	return reader, nil
}

func readParquet(ctx context.Context, folder string, opts Options) (Reader, error) {
	size, err := sizeOf(folder)
	if err != nil {
		return nil, err
	}
	told, err := json.Marshal(parquetLimits{opts.Limits.FeatureBytes, opts.Limits.Values})
	if err != nil {
		return nil, err
	}
	result, err := confine.Run(ctx, confine.Job{Own: parquetWork, Folder: folder, Args: []string{string(told)},
		Env: []string{"GOMAXPROCS=1", "GOTRACEBACK=none"},
		Limits: confine.Limits{MemoryBytes: childMemory, CPU: childTime, Deadline: childTime, Processes: 512,
			FileBytes: uint64(min(opts.Limits.FileBytes, childFreeSize+childGrowth*size)), OutputBytes: childOutput}})
	if err != nil {
		return nil, err
	}
	if err := parquetVerdict(result, folder); err != nil {
		return nil, err
	}
	return newParquetRows(folder, opts)
}

// parquetVerdict is what came of the child.
func parquetVerdict(r confine.Result, folder string) error {
	var fault Fault
	if r.Exit == failedWithFault && json.Unmarshal([]byte(r.Output), &fault) == nil && fault.Code != "" {
		return &fault
	}
	if strings.Contains(r.Output, "cannot allocate memory") || strings.Contains(r.Output, "out of memory") {
		return &Fault{Code: ConversionLimit, Field: parquetFormat, Expected: fmt.Sprintf("%d GiB", childMemory>>30)}
	}
	if r.Exit > 0 && !strings.Contains(r.Output, "file size limit") {
		return &Fault{Code: ConversionFailed, Field: parquetFormat, Came: said("came.damaged")}
	}
	return gdalFormat{name: parquetFormat}.verdict(r, folder)
}

// parquetReader reads what the child wrote.
type parquetReader struct {
	file   *os.File
	in     *bufio.Reader
	folder string
	info   Info
	limits Limits
	number int64
}

func newParquetRows(folder string, opts Options) (Reader, error) {
	var found parquetFound
	var head []byte
	err := areFiles(filepath.Join(folder, parquetHead), filepath.Join(folder, parquetRows))
	if err == nil {
		head, err = os.ReadFile(filepath.Join(folder, parquetHead))
	}
	if err == nil {
		err = json.Unmarshal(head, &found)
	}
	if err != nil {
		return nil, fmt.Errorf("read what was found: %w", err)
	}
	file, err := os.Open(filepath.Join(folder, parquetRows))
	if err != nil {
		return nil, fmt.Errorf("read what was found: %w", err)
	}
	p := &parquetReader{file: file, in: bufio.NewReaderSize(file, 1<<20), folder: folder, limits: opts.Limits,
		info: Info{Format: parquetFormat, Fields: found.Fields, Rows: found.Rows}}
	p.info.CRS, p.info.EPSG = parquetSystem(found.CRS)
	return p, nil
}

// areFiles refuses what is not a file of its own, as a link or a pipe that a child might have left.
func areFiles(paths ...string) error {
	for _, path := range paths {
		is, err := os.Lstat(path)
		if err != nil {
			return err
		}
		if !is.Mode().IsRegular() {
			return fmt.Errorf("%s is %s, no file", filepath.Base(path), is.Mode().Type())
		}
	}
	return nil
}

// parquetSystem is the system that a geometry column names: by PROJJSON, by well-known text as files before GeoParquet
// 0.4 did, or by nothing, which is CRS84; null is none.
func parquetSystem(raw json.RawMessage) (name string, code int) {
	if len(raw) == 0 {
		return "GeoParquet: OGC:CRS84", int(geo.WGS84)
	}
	if string(raw) == "null" {
		return "null", 0
	}
	type id struct {
		Authority string
		Code      any
	}
	var projJSON struct {
		Name string
		ID   id
		IDs  []id
	}
	if json.Unmarshal(raw, &name) == nil {
		return clip(name), codeOf(name)
	}
	if json.Unmarshal(raw, &projJSON) != nil {
		return clip(string(raw)), 0
	}
	if projJSON.ID.Authority == "" && len(projJSON.IDs) > 0 {
		projJSON.ID = projJSON.IDs[0]
	}
	if projJSON.ID.Authority == "" {
		return clip(cmp.Or(projJSON.Name, string(raw))), 0
	}
	known := fmt.Sprint(projJSON.ID.Code)
	if n, is := projJSON.ID.Code.(float64); is {
		known = strconv.FormatFloat(n, 'f', -1, 64)
	}
	name = projJSON.ID.Authority + ":" + known
	return clip(name), codeOf(name)
}

// Info implements Reader.
func (p *parquetReader) Info() Info { return p.info }

// Progress implements Reader.
func (p *parquetReader) Progress() (done, total int64) { return p.number, p.info.Rows }

// Close implements Reader.
func (p *parquetReader) Close() error {
	return errors.Join(p.file.Close(), os.RemoveAll(p.folder))
}

// Next implements Reader.
func (p *parquetReader) Next(ctx context.Context) (Row, error) {
	if err := ctx.Err(); err != nil {
		return Row{}, err
	}
	row := Row{Number: p.number + 1, Values: map[string]string{}}
	var wkb []byte
	for left := p.limits.FeatureBytes; ; {
		sort, column, body, err := p.cell(left)
		switch {
		case errors.Is(err, io.EOF):
			if p.number != p.info.Rows {
				return Row{}, p.damaged()
			}
			return Row{}, io.EOF
		case err != nil:
			return Row{}, err
		}
		left -= int64(len(body))
		switch {
		case sort == cellEnd:
			p.number++
			if wkb == nil {
				row.Fault = &Fault{Code: NoGeometry}
			} else {
				row.Shape, row.Fault = flatten(wkb, p.limits.Points)
			}
			return row, nil
		case sort == cellShape:
			wkb = body
		case int(column) >= len(p.info.Fields):
			return Row{}, p.damaged()
		case sort == cellText:
			row.Values[p.info.Fields[column]] = string(body)
		default:
			name := p.info.Fields[column]
			if row.Unread == nil {
				row.Unread = map[string]*Fault{}
			}
			row.Unread[name] = &Fault{Code: NotText, Field: clip(name), Expected: "UTF-8",
				Got: strconv.QuoteToASCII(clip(string(body)))}
		}
	}
}

// cell reads one; io.EOF where the rows end.
func (p *parquetReader) cell(most int64) (sort byte, column uint32, body []byte, err error) {
	var head [cellHead]byte
	if _, err := io.ReadFull(p.in, head[:]); err != nil {
		if errors.Is(err, io.EOF) {
			return 0, 0, nil, io.EOF
		}
		return 0, 0, nil, p.damaged()
	}
	column = binary.LittleEndian.Uint32(head[1:])
	size := binary.LittleEndian.Uint32(head[5:])
	if int64(size) > min(most, math.MaxInt32) {
		return 0, 0, nil, p.damaged()
	}
	body = make([]byte, size)
	if _, err := io.ReadFull(p.in, body); err != nil {
		return 0, 0, nil, p.damaged()
	}
	return head[0], column, body, nil
}

func (p *parquetReader) damaged() error {
	return &Fault{Code: ConversionFailed, Field: parquetFormat, Came: said("came.damaged")}
}
