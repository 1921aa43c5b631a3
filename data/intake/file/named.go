package file

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"luodi/geo"
)

// foreign is a format that isn't read, but is known for what it is: a file of it is refused by name, with the way to
// one that is read.
type foreign struct {
	name    string
	begins  []string // its first bytes
	endings []string
	way     *geo.Words
}

// Ways to a format that is read.
var (
	toDXF       = said("way.dxf")
	toZip       = said("way.zip")
	toInner     = said("way.nested")
	toSurvey    = said("way.survey")
	toTable     = said("way.table")
	toExport    = said("way.export")
	toShapefile = said("way.shapefile")
	toTab       = said("way.tab")
	toDownload  = said("way.download")
	toGeoJSON   = said("way.geojson")
)

// foreigns has a row a format that offices send.
var foreigns = []foreign{
	{"DWG (AutoCAD)", []string{"AC10", "AC1.", "AC2."}, []string{".dwg"}, toDXF},
	{"DGN (MicroStation)", []string{"\x08\x05\x17\xfe", "\xc8\x05\x17\xfe"}, []string{".dgn"}, toDXF},
	{"3DM (Rhino)", []string{"3D Geometry File Format"}, []string{".3dm"}, toDXF},
	{"SKP (SketchUp)", []string{"\xff\xfe\xff\x0eS"}, []string{".skp"}, toDXF},
	{"RAR", []string{"Rar!\x1a\x07"}, []string{".rar"}, toZip},
	{"7z", []string{"7z\xbc\xaf\x27\x1c"}, []string{".7z"}, toZip},
	{"bzip2", []string{"BZh"}, []string{".bz2"}, toZip},
	{"xz", []string{"\xfd7zXZ\x00"}, []string{".xz"}, toZip},
	{"Zstandard", []string{"\x28\xb5\x2f\xfd"}, []string{".zst"}, toZip},
	{"tar", nil, []string{".tar", ".tgz"}, toZip},
	{"ZIP", nil, []string{".zip"}, toInner},
	{"PDF", []string{"%PDF-"}, []string{".pdf"}, toSurvey},
	{"JPEG", []string{"\xff\xd8\xff"}, []string{".jpg", ".jpeg"}, toSurvey},
	{"PNG", []string{"\x89PNG\r\n\x1a\n"}, []string{".png"}, toSurvey},
	{"TIFF", []string{"II*\x00", "MM\x00*", "II+\x00"}, []string{".tif", ".tiff"}, toSurvey},
	{"GIF", []string{"GIF8"}, []string{".gif"}, toSurvey},
	{"BMP", nil, []string{".bmp"}, toSurvey},
	{"OFD", nil, []string{".ofd"}, toSurvey},
	{"DOCX (Word)", nil, []string{".docx"}, toTable},
	{"PPTX (PowerPoint)", nil, []string{".pptx"}, toSurvey},
	{"ODS (OpenDocument)", nil, []string{".ods"}, toTable},
	{"ODT (OpenDocument)", nil, []string{".odt"}, toTable},
	{"XLSB (Excel)", nil, []string{".xlsb"}, toTable},
	{"MDB (Access)", []string{"\x00\x01\x00\x00Standard Jet DB", "\x00\x01\x00\x00Standard ACE DB"},
		[]string{".mdb", ".accdb"}, toExport},
	{"SHP", []string{"\x00\x00\x27\x0a"}, []string{".shp", ".shx"}, toShapefile},
	{"MapInfo TAB", []string{"!table"}, nil, toTab},
	{"ArcGIS (LYRX, APRX, MPKX, LPKX)", nil, []string{".lyrx", ".aprx", ".mpkx", ".lpkx", ".lpk", ".mpk"}, toExport},
	{"QGIS (QGS)", []string{"<!DOCTYPE qgis"}, []string{".qgs", ".qgz"}, toExport},
	{"Arrow", []string{"ARROW1"}, []string{".arrow", ".feather"}, toExport},
	{"VRT (GDAL)", []string{"<OGRVRTDataSource", "<VRTDataset", "<OGRVRTLayer"}, []string{".vrt"}, toExport},
	{"HTML", []string{"<!DOCTYPE html", "<!doctype html", "<html", "<HTML"}, []string{".html", ".htm"}, toDownload},
	{"SVG", []string{"<svg"}, []string{".svg"}, toDXF},
	{"LAS", []string{"LASF"}, []string{".las", ".laz"}, toSurvey},
	{"PostgreSQL dump", []string{"PGDMP"}, []string{".dump"}, toExport},
	{"XLS (Excel 97–2003)", nil, []string{".xls"}, toTable},
	{"DOC (Word 97–2003)", nil, []string{".doc", ".wps"}, toTable},
	{"MXD (ArcMap)", nil, []string{".mxd", ".mxt"}, toExport},
	{"LYR (ArcMap)", nil, []string{".lyr"}, toExport},
}

func (f foreign) fault() *Fault { return &Fault{Code: FormatNamed, Got: f.name, Words: f.way} }

// oldOffice are the first bytes of what Office, ArcMap and others wrote before 2007: what it is stands deeper inside.
var oldOffice = []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")

// topoJSON is known by its type, not by its first bytes.
var topoJSON = foreign{name: "TopoJSON", way: toGeoJSON}

// namedBytes names what begins as a format that isn't read; nil where it is none of them. name is the file's, for what
// the bytes don't tell.
func namedBytes(head []byte, name string) *Fault {
	text := bytes.TrimLeft(bytes.TrimPrefix(head, utf8BOM), " \t\r\n")
	if bytes.HasPrefix(text, []byte("<?xml")) {
		if _, after, ok := bytes.Cut(text, []byte("?>")); ok {
			text = bytes.TrimLeft(after, " \t\r\n")
		}
	}
	for _, f := range foreigns {
		for _, begins := range f.begins {
			if bytes.HasPrefix(head, []byte(begins)) || begins[0] == '<' && bytes.HasPrefix(text, []byte(begins)) {
				return f.fault()
			}
		}
	}
	ending := strings.ToLower(path.Ext(name))
	const tarAt = 257
	switch {
	case bytes.HasPrefix(head, oldOffice):
		if fault := namedEnding(ending); fault != nil {
			return fault
		}
		return foreign{name: "OLE2 (XLS, DOC, MXD, LYR)", way: toExport}.fault()
	case len(head) > tarAt+5 && string(head[tarAt:tarAt+5]) == "ustar":
		return namedEnding(".tar")
	case bytes.HasPrefix(head, []byte("BM")) && ending == ".bmp":
		return namedEnding(ending)
	case len(head) > dbfHead && (head[0] == 3 || head[0] == 0x30) && ending == ".dbf":
		return foreign{name: "DBF", way: toShapefile}.fault()
	}
	return nil
}

// namedEnding names a format that isn't read by the ending of a file of it; nil where it is none.
func namedEnding(ending string) *Fault {
	for _, f := range foreigns {
		if ending != "" && slices.Contains(f.endings, ending) {
			return f.fault()
		}
	}
	return nil
}

// namedArchive names what is a zip and isn't read: documents of office programs.
func namedArchive(a *archive) *Fault {
	for _, entry := range a.files {
		for name, ending := range map[string]string{"word/document.xml": ".docx", "ppt/presentation.xml": ".pptx",
			"xl/workbook.bin": ".xlsb", "OFD.xml": ".ofd"} {
			if entry.name == name {
				return namedEnding(ending)
			}
		}
		if entry.name != "mimetype" || entry.UncompressedSize64 > 100 {
			continue
		}
		content, err := a.open(entry)
		if err != nil {
			return nil
		}
		var kind [100]byte
		n, _ := content.Read(kind[:])
		_ = content.Close()
		switch text := string(kind[:n]); {
		case strings.Contains(text, "opendocument.spreadsheet"):
			return namedEnding(".ods")
		case strings.Contains(text, "opendocument.text"):
			return namedEnding(".odt")
		}
	}
	return nil
}
