package file

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"luodi/data/intake/confine"
)

// gdalFormat is a format that GDAL's ogr2ogr reads, in a confined child that has the file's copy alone and writes a
// GeoPackage, which is then read as one. Only the one driver is asked, whatever else the file may look like: a file
// that names others (a VRT, a service) is never opened as that.
type gdalFormat struct {
	name    string
	driver  string
	endings []string
	input   string // what the copy is called
	begins  func(head []byte) bool
	env     []string
	check   func(file *os.File, opts Options) (env []string, err error) // before the child; may be nil
	wrap    func(ctx context.Context, reader Reader, folder string, opts Options) (Reader, error)
	stated  []string // arguments before the files
}

// The formats, each once.
var (
	dxfFormat = gdalFormat{name: "DXF", driver: "DXF", endings: []string{".dxf"}, input: dxfInput, begins: beginsDXF,
		env: []string{"OGR_ARC_STEPSIZE=" + dxfArcDegrees}, check: checkDXF, wrap: newDrawing}
	gmlFormat = gdalFormat{name: "GML", driver: "GML", endings: []string{".gml"}, input: "in.gml", begins: beginsGML,
		check: func(file *os.File, opts Options) ([]string, error) { return nil, checkXML(file, opts.Limits) }}
	esriFormat = gdalFormat{name: "Esri JSON", driver: "ESRIJSON", input: "in.json", begins: beginsEsri}
	fgbFormat  = gdalFormat{name: "FlatGeobuf", driver: "FlatGeobuf", endings: []string{".fgb"}, input: "in.fgb",
		begins: func(head []byte) bool { return bytes.HasPrefix(head, []byte("fgb\x03fgb")) },
		stated: []string{"-oo", "VERIFY_BUFFERS=YES"}}
	mifFormat = gdalFormat{name: "MapInfo MIF", driver: "MapInfo File", endings: []string{".mif"}, input: "in.mif",
		begins: beginsMIF}
	tabFormat  = gdalFormat{name: "MapInfo TAB", driver: "MapInfo File", begins: never}
	gdbFormat  = gdalFormat{name: "FileGDB", driver: "OpenFileGDB", begins: never}
	liteFormat = gdalFormat{name: "SpatiaLite", driver: "SQLite", input: "in.sqlite", begins: never}
)

// row is the format's in the table of formats.
func (g gdalFormat) row() format {
	return format{name: g.name, endings: g.endings, begins: g.begins,
		open: func(ctx context.Context, file *diskFile, opts Options) (Reader, error) {
			return g.read(ctx, file, opts)
		},
		unpack: func(ctx context.Context, content *unpacked, opts Options) (Reader, error) {
			return g.read(ctx, content, opts)
		}}
}

// What the child may cost.
const (
	childMemory   = 2 << 30
	childTime     = 5 * time.Minute
	childOutput   = 16 << 10
	childGrowth   = 20       // how many times larger than its input what it writes may be, beyond
	childFreeSize = 64 << 20 // this
)

// read copies a file into a folder of its own and converts it.
func (g gdalFormat) read(ctx context.Context, src source, opts Options) (Reader, error) {
	return g.within(ctx, opts, func(folder string) (string, error) {
		err := copyTo(ctx, filepath.Join(folder, g.input), src)
		return g.input, errors.Join(err, closeQuietly(src, err))
	})
}

// closeQuietly closes what was copied; where the copy failed the opener closes it.
func closeQuietly(src io.Closer, failed error) error {
	if failed != nil {
		return nil
	}
	return src.Close()
}

func copyTo(ctx context.Context, name string, src io.Reader) error {
	to, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("copy the file: %w", err)
	}
	_, err = io.Copy(to, &withContext{ctx, src})
	return errors.Join(err, to.Close())
}

// unpackInto copies files of a zip into a folder, under names of ours.
func unpackInto(ctx context.Context, a *archive, folder string, files map[string]packed) error {
	for name, entry := range files {
		content, err := a.open(entry)
		if err != nil {
			return err
		}
		to := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return fmt.Errorf("unpack: %w", err)
		}
		if err := errors.Join(copyTo(ctx, to, content), content.Close()); err != nil {
			return err
		}
	}
	return nil
}

// within makes a folder, fills it, converts what lies there, and opens the outcome. The folder goes with the reader.
func (g gdalFormat) within(ctx context.Context, opts Options, fill func(folder string) (string, error)) (Reader,
	error) {
	program, err := ogr2ogr(g.name)
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "luodi-import-*")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the file: %w", err)
	}
	reader, err := g.convert(ctx, program, folder, opts, fill)
	if err != nil {
		_ = os.RemoveAll(folder)
		return nil, err
	}
	return reader, nil
}

// ogr2ogr finds GDAL's program.
func ogr2ogr(format string) (string, error) {
	if found, err := exec.LookPath("ogr2ogr"); err == nil {
		return filepath.EvalSymlinks(found)
	}
	return "", &Fault{Code: ToolMissing, Field: "ogr2ogr", Expected: "GDAL (gdal-bin)", Got: format}
}

const converted = "out.gpkg"

func (g gdalFormat) convert(ctx context.Context, program, folder string, opts Options,
	fill func(folder string) (string, error)) (Reader, error) {
	input, err := fill(folder)
	if err != nil {
		return nil, err
	}
	if g.check != nil {
		file, err := os.Open(filepath.Join(folder, input))
		if err != nil {
			return nil, fmt.Errorf("check the file: %w", err)
		}
		more, err := g.check(file, opts)
		if err := errors.Join(err, file.Close()); err != nil {
			return nil, err
		}
		g.env = slices.Concat(g.env, more)
	}
	size, err := sizeOf(folder)
	if err != nil {
		return nil, err
	}
	others, err := otherDrivers(ctx, program, folder, g.driver)
	if err != nil {
		return nil, err
	}
	job := confine.Job{Program: program, Folder: folder, Env: g.environment(folder, others),
		Args: slices.Concat([]string{"-f", "GPKG", "-lco", "SPATIAL_INDEX=NO", "-lco", "FID=ogr_fid", "-lco",
			"GEOMETRY_NAME=ogr_geom", "-nlt", "CONVERT_TO_LINEAR"}, g.stated, []string{converted, input}),
		Limits: confine.Limits{MemoryBytes: childMemory, CPU: childTime, Deadline: childTime, Processes: 64,
			FileBytes: uint64(min(opts.Limits.FileBytes, childFreeSize+childGrowth*size)), OutputBytes: childOutput}}
	result, err := confine.Run(ctx, job)
	if err != nil {
		return nil, err
	}
	if err := g.verdict(result, folder); err != nil {
		return nil, err
	}
	return g.open(ctx, folder, opts)
}

var (
	driverLine = regexp.MustCompile(`(?m)^  (\S.*?) -(?:raster|vector|multidimensional)`)
	driverList struct {
		sync.Mutex
		names []string
	}
)

// otherDrivers lists all drivers of GDAL but the one that is asked and the one that writes, as it wants them to leave
// them out: releases before 3.9 can't be told which to ask.
func otherDrivers(ctx context.Context, program, folder, driver string) (string, error) {
	driverList.Lock()
	defer driverList.Unlock()
	if driverList.names == nil {
		result, err := confine.Run(ctx, confine.Job{Program: program, Folder: folder, Args: []string{"--formats"},
			Env: []string{"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "GDAL_DRIVER_PATH=disable"},
			Limits: confine.Limits{MemoryBytes: childMemory, CPU: time.Minute, Deadline: time.Minute, Processes: 64,
				FileBytes: 1 << 20, OutputBytes: 1 << 20}})
		if err != nil {
			return "", err
		}
		for _, m := range driverLine.FindAllStringSubmatch(result.Output, -1) {
			driverList.names = append(driverList.names, m[1])
		}
	}
	if !slices.Contains(driverList.names, driver) || !slices.Contains(driverList.names, "GPKG") {
		return "", &Fault{Code: ToolMissing, Field: "ogr2ogr", Expected: "GDAL: " + driver + ", GPKG", Got: driver}
	}
	others := slices.DeleteFunc(slices.Clone(driverList.names), func(name string) bool {
		return name == driver || name == "GPKG"
	})
	return strings.Join(others, ","), nil
}

// environment has nothing of ours. GDAL is told to reach for nothing outside; the walls of the child hold if it does.
// others are the drivers that are left out.
func (g gdalFormat) environment(folder, others string) []string {
	return append([]string{"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "HOME=" + folder, "TMPDIR=" + folder,
		"CPL_TMPDIR=" + folder, "GDAL_DRIVER_PATH=disable", "OGR_SKIP=" + others, "GDAL_SKIP=" + others,
		"CPL_VSIL_CURL_ALLOWED_FILENAME=none", "GDAL_HTTP_TIMEOUT=1",
		"GDAL_HTTP_CONNECTTIMEOUT=1", "GDAL_HTTP_MAX_RETRY=0", "GDAL_PAM_ENABLED=NO", "GDAL_CACHEMAX=64",
		"GDAL_NUM_THREADS=1", "GML_DOWNLOAD_SCHEMA=NO", "GML_SKIP_RESOLVE_ELEMS=ALL", "OGR_SQLITE_SYNCHRONOUS=OFF"},
		g.env...)
}

var gdalError = regexp.MustCompile(`(?m)^(?:ERROR \d+|FAILURE): ?(.*)$`)

// verdict is what came of a conversion. GDAL goes on after some errors: what it then wrote would not be the whole file.
func (g gdalFormat) verdict(r confine.Result, folder string) error {
	output := strings.ReplaceAll(r.Output, folder+"/", "")
	told := gdalError.FindStringSubmatch(output)
	switch {
	case r.TimedOut || r.Signal == syscall.SIGXCPU || r.Signal == syscall.SIGKILL:
		return &Fault{Code: ConversionLimit, Field: g.name, Expected: childTime.String()}
	case r.Signal == syscall.SIGXFSZ, strings.Contains(output, "File size limit"):
		return &Fault{Code: ConversionLimit, Field: g.name, Expected: fmt.Sprintf("%d ×", childGrowth)}
	case strings.Contains(output, "bad_alloc"), strings.Contains(output, "Out of memory"),
		strings.Contains(output, "annot allocate"):
		return &Fault{Code: ConversionLimit, Field: g.name, Expected: fmt.Sprintf("%d GiB", childMemory>>30)}
	case told != nil && strings.HasPrefix(told[1], "Error occurred in "): // a place in GDAL's source
		return &Fault{Code: ConversionFailed, Field: g.name, Came: said("came.damaged")}
	case told != nil:
		return &Fault{Code: ConversionFailed, Field: g.name, Got: clip(strings.ToValidUTF8(strings.TrimSpace(told[1]),
			"\ufffd"))}
	case r.Exit != 0 || r.Signal != 0:
		return &Fault{Code: ConversionFailed, Field: g.name, Got: fmt.Sprintf("ogr2ogr: %d %v", r.Exit, r.Signal)}
	}
	return nil
}

func (g gdalFormat) open(ctx context.Context, folder string, opts Options) (Reader, error) {
	file := filepath.Join(folder, converted)
	if _, err := os.Stat(file); err != nil {
		return nil, &Fault{Code: ConversionFailed, Field: g.name, Came: said("came.nothing")}
	}
	after := func() error { return os.RemoveAll(folder) }
	if g.wrap != nil {
		reader, err := openGeoPackage(ctx, file, Options{CRS: opts.CRS, Limits: opts.Limits}, after)
		if err != nil {
			return nil, g.nothing(err)
		}
		return g.wrap(ctx, reader, folder, opts)
	}
	reader, err := openGeoPackage(ctx, file, opts, after)
	if err != nil {
		return nil, g.nothing(err)
	}
	return &renamed{reader, g.name}, nil
}

// nothing is the fault of an outcome without layers: the file has none.
func (g gdalFormat) nothing(err error) error {
	var fault *Fault
	if errors.As(err, &fault) && fault.Code == NotGeoPackage {
		return &Fault{Code: ConversionFailed, Field: g.name, Came: said("came.nothing")}
	}
	return err
}

// renamed is a reader of what was converted, under the name of what it was.
type renamed struct {
	Reader
	format string
}

// Info implements Reader.
func (r *renamed) Info() Info {
	info := r.Reader.Info()
	if info.Format = r.format; info.Layer == "in" { // after our name of the copy
		info.Layer = ""
	}
	return info
}

func sizeOf(folder string) (size int64, err error) {
	err = filepath.WalkDir(folder, func(_ string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		stat, err := entry.Info()
		if err == nil {
			size += stat.Size()
		}
		return err
	})
	return size, err
}

func beginsGML(head []byte) bool {
	name, _ := firstElement(head)
	return name != "" && name != "kml" && bytes.Contains(head, []byte("opengis.net/gml"))
}

func beginsEsri(head []byte) bool {
	text := bytes.TrimLeft(bytes.TrimPrefix(head, utf8BOM), " \t\r\n")
	return bytes.HasPrefix(text, []byte("{")) && !bytes.Contains(head, []byte("FeatureCollection")) &&
		slices.ContainsFunc([]string{`"esriGeometry`, `"esriFieldType`, `"displayFieldName"`, `"rings"`, `"wkid"`},
			func(word string) bool { return bytes.Contains(head, []byte(word)) })
}

var mifForm = regexp.MustCompile(`(?i)^\s*version\s+\d+\s*[\r\n]+\s*(charset|delimiter|unique|index|coordsys|columns)`)

func beginsMIF(head []byte) bool { return mifForm.Match(head) }

// holdsGeodatabase reports whether a zip has the tables of a FileGDB.
func holdsGeodatabase(a *archive) bool {
	return slices.ContainsFunc(a.files, func(p packed) bool {
		return p.ending() == ".gdbtable" || strings.Contains(strings.ToLower(p.name), ".gdb/")
	})
}

// openGeodatabase reads the one FileGDB in a zip: the files of the folder in which its tables lie.
func openGeodatabase(ctx context.Context, a *archive, opts Options) (Reader, error) {
	var folders []string
	for _, entry := range a.files {
		if folder := path.Dir(entry.name); entry.ending() == ".gdbtable" && !slices.Contains(folders, folder) {
			folders = append(folders, folder)
		}
	}
	if len(folders) != 1 {
		return nil, &Fault{Code: PackContent, Expected: "1: .gdb",
			Got: clip(fmt.Sprintf("%d %s", len(folders), strings.Join(folders, ", ")))}
	}
	files := map[string]packed{}
	for _, entry := range a.files {
		if path.Dir(entry.name) == folders[0] && entry.ending() != ".lock" {
			files[path.Join("in.gdb", path.Base(entry.name))] = entry
		}
	}
	return gdbFormat.bundle(ctx, a, opts, files, "in.gdb")
}

func holdsMapInfo(a *archive) bool {
	return slices.ContainsFunc(a.files, func(p packed) bool { return p.ending() == ".tab" || p.ending() == ".mif" })
}

// openMapInfo reads a table of MapInfo in a zip, with the files beside it that have its name.
func openMapInfo(ctx context.Context, a *archive, opts Options) (Reader, error) {
	var found []packed
	var names []string
	for _, entry := range a.files {
		layer := path.Base(entry.stem())
		if ending := entry.ending(); ending == ".tab" || ending == ".mif" {
			names, found = append(names, layer), append(found, entry)
		}
	}
	at, err := pickLayer(names, opts.Layer)
	if err != nil {
		return nil, err
	}
	chosen := found[at]
	files := map[string]packed{}
	for _, entry := range a.files {
		if strings.EqualFold(entry.stem(), chosen.stem()) && slices.Contains([]string{".tab", ".dat", ".map", ".id",
			".ind",
			".mif", ".mid"}, entry.ending()) {
			files["in"+entry.ending()] = entry
		}
	}
	opts.Layer = ""
	g := mifFormat
	if chosen.ending() == ".tab" {
		g = tabFormat
	}
	return g.bundle(ctx, a, opts, files, "in"+chosen.ending())
}

// bundle unpacks files of a zip and converts them.
func (g gdalFormat) bundle(ctx context.Context, a *archive, opts Options, files map[string]packed,
	input string) (Reader,
	error) {
	reader, err := g.within(ctx, opts, func(folder string) (string, error) {
		return input, unpackInto(ctx, a, folder, files)
	})
	if err != nil {
		return nil, err
	}
	return reader, a.file.Close()
}
