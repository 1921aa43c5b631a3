package background_test

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"luodi/api/background"
	"luodi/api/problem"
	"luodi/geo"
	"luodi/message"
)

type object = map[string]any

func tileFile(kind, version, most byte) []byte {
	head := make([]byte, 127)
	copy(head, "PMTiles")
	head[7], head[56], head[99], head[101] = version, 127, kind, most
	return head
}

// folderOf is a folder with a setting and some files.
func folderOf(t *testing.T, setting any) string {
	t.Helper()
	around := t.TempDir()
	folder := filepath.Join(around, "in")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	text, is := setting.(string)
	if !is {
		bytes, err := json.Marshal(object{"backgrounds": setting})
		if err != nil {
			t.Fatal(err)
		}
		text = string(bytes)
	}
	for name, body := range map[string][]byte{"in/backgrounds.json": []byte(text), "out.pmtiles": tileFile(2, 3, 18),
		"in/photo.pmtiles": tileFile(3, 3, 18), "in/unsaid.pmtiles": tileFile(0, 3, 18), "in/old.pmtiles": tileFile(2, 2, 18), "in/what.pmtiles": tileFile(9, 3, 18),
		"in/deep.pmtiles": tileFile(2, 3, 60), "in/photo.tif": tileFile(2, 3, 18), "in/short.pmtiles": []byte("PMTiles\x03")} {
		if err := os.WriteFile(filepath.Join(around, name), body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(os.Symlink("../out.pmtiles", filepath.Join(folder, "link.pmtiles")),
		syscall.Mkfifo(filepath.Join(folder, "pipe.pmtiles"), 0o600)); err != nil {
		t.Fatal(err)
	}
	return folder
}

// sound is a background that is taken, with some members changed; nil takes one away.
func sound(changes ...object) object {
	all := object{"code": "city", "kind": "xyz", "name_zh": "市图", "name_en": "City", "attribution_zh": "某局",
		"attribution_en": "An office", "url": "https://tiles.example.gov.cn/{z}/{x}/{y}.png"}
	for _, each := range changes {
		maps.Copy(all, each)
	}
	maps.DeleteFunc(all, func(_ string, value any) bool { return value == nil })
	return all
}

// TestWhatIsWrongWithASettingIsSaid: each refusal names the field by its path, in both languages.
func TestWhatIsWrongWithASettingIsSaid(t *testing.T) {
	t.Parallel()
	file := object{"kind": "pmtiles", "url": nil}
	wmts := object{"kind": "wmts"}
	sky := object{"kind": "tianditu", "url": nil, "key": "0123456789abcdef"}
	for name, c := range map[string]struct {
		setting any
		field   string
	}{
		"no JSON":              {`{"backgrounds": [`, "backgrounds.json"},
		"a foreign member":     {`{"grounds": []}`, "backgrounds.json"},
		"more behind it":       {`{"backgrounds": []} {}`, "backgrounds.json"},
		"none":                 {[]object{}, "backgrounds"},
		"no code":              {[]object{sound(object{"code": nil})}, "backgrounds[0].code"},
		"a code with a slash":  {[]object{sound(object{"code": "../a"})}, "backgrounds[0].code"},
		"a code twice":         {[]object{sound(), sound()}, "backgrounds[1].code"},
		"no kind":              {[]object{sound(object{"kind": nil})}, "backgrounds[0].kind"},
		"a kind of its own":    {[]object{sound(object{"kind": "wms"})}, "backgrounds[0].kind"},
		"a member of another":  {[]object{sound(object{"file": "photo.pmtiles"})}, "backgrounds[0].file"},
		"a number for a text":  {[]object{sound(object{"url": 7})}, "backgrounds[0].url"},
		"no attribution":       {[]object{sound(object{"attribution_zh": nil})}, "backgrounds[0].attribution_zh"},
		"none in English":      {[]object{sound(object{"attribution_en": " "})}, "backgrounds[0].attribution_en"},
		"no name":              {[]object{sound(object{"name_en": nil})}, "backgrounds[0].name_en"},
		"no parks":             {[]object{sound(object{"parks": []string{}})}, "backgrounds[0].parks"},
		"no x":                 {[]object{sound(object{"url": "https://a.cn/{z}/{y}"})}, "backgrounds[0].url"},
		"a foreign place":      {[]object{sound(object{"url": "https://a.cn/{z}/{x}/{y}/{q}"})}, "backgrounds[0].url"},
		"another scheme":       {[]object{sound(object{"url": "ftp://a.cn/{z}/{x}/{y}"})}, "backgrounds[0].url"},
		"a user":               {[]object{sound(object{"url": "https://u:p@a.cn/{z}/{x}/{y}"})}, "backgrounds[0].url"},
		"a wildcard":           {[]object{sound(object{"url": "https://*.cn/{z}/{x}/{y}"})}, "backgrounds[0].url"},
		"the end of a policy":  {[]object{sound(object{"url": "https://a.cn;script-src/{z}/{x}/{y}"})}, "backgrounds[0].url"},
		"a place for a host":   {[]object{sound(object{"url": "https://{z}.cn/{x}/{y}"})}, "backgrounds[0].url"},
		"AMap":                 {[]object{sound(object{"url": "https://webrd01.is.autonavi.com/t?x={x}&y={y}&z={z}"})}, "backgrounds[0].url"},
		"Tencent":              {[]object{sound(object{"url": "https://rt0.map.gtimg.com/tile?z={z}&x={x}&y={y}"})}, "backgrounds[0].url"},
		"Baidu in subdomains":  {[]object{sound(object{"url": "https://{s}.bdimg.com/{z}/{x}/{y}", "subdomains": []string{"m0"}})}, "backgrounds[0].url"},
		"s without any":        {[]object{sound(object{"url": "https://{s}.a.cn/{z}/{x}/{y}"})}, "backgrounds[0].subdomains"},
		"subdomains without s": {[]object{sound(object{"subdomains": []string{"a"}})}, "backgrounds[0].subdomains"},
		"a path for one":       {[]object{sound(object{"url": "https://{s}.a.cn/{z}/{x}/{y}", "subdomains": []string{"b.cn/"}})}, "backgrounds[0].subdomains"},
		"a key without place":  {[]object{sound(object{"key": "abcd1234"})}, "backgrounds[0].key"},
		"a place without key":  {[]object{sound(object{"url": "https://a.cn/{z}/{x}/{y}?k={key}"})}, "backgrounds[0].key"},
		"a key that adds":      {[]object{sound(object{"url": "https://a.cn/{z}/{x}/{y}?k={key}", "key": "ab&c=d"})}, "backgrounds[0].key"},
		"a tile size":          {[]object{sound(object{"tile_size": 300})}, "backgrounds[0].tile_size"},
		"a zoom below 0":       {[]object{sound(object{"min_zoom": -1})}, "backgrounds[0].min_zoom"},
		"a zoom above":         {[]object{sound(object{"max_zoom": 25})}, "backgrounds[0].max_zoom"},
		"zooms the wrong way":  {[]object{sound(object{"min_zoom": 9, "max_zoom": 8})}, "backgrounds[0].max_zoom"},
		"a layer's name":       {[]object{sound(object{"source_layers": []string{"a b"}})}, "backgrounds[0].source_layers"},
		"XYZ as WMTS":          {[]object{sound(wmts)}, "backgrounds[0].url"},
		"Tianditu without key": {[]object{sound(sky, object{"key": nil})}, "backgrounds[0].key"},
		"a layer of none":      {[]object{sound(sky, object{"layers": []string{"img", "sat"}})}, "backgrounds[0].layers"},
		"no file":              {[]object{sound(file)}, "backgrounds[0].file"},
		"two files":            {[]object{sound(file, object{"file": "photo.pmtiles", "url": "https://a.cn/f.pmtiles"})}, "backgrounds[0].file"},
		"a file elsewhere":     {[]object{sound(file, object{"file": "../out.pmtiles"})}, "backgrounds[0].file"},
		"a link elsewhere":     {[]object{sound(file, object{"file": "link.pmtiles"})}, "backgrounds[0].file"},
		"a pipe":               {[]object{sound(file, object{"file": "pipe.pmtiles"})}, "backgrounds[0].file"},
		"a missing file":       {[]object{sound(file, object{"file": "no.pmtiles"})}, "backgrounds[0].file"},
		"a GeoTIFF":            {[]object{sound(file, object{"file": "photo.tif"})}, "backgrounds[0].file"},
		"a short file":         {[]object{sound(file, object{"file": "short.pmtiles"})}, "backgrounds[0].file"},
		"version 2":            {[]object{sound(file, object{"file": "old.pmtiles"})}, "backgrounds[0].file"},
		"unknown tiles":        {[]object{sound(file, object{"file": "what.pmtiles"})}, "backgrounds[0].file"},
		"zooms beyond":         {[]object{sound(file, object{"file": "deep.pmtiles"})}, "backgrounds[0].file"},
	} {
		_, err := background.Read(folderOf(t, c.setting))
		var invalid *geo.Invalid
		if !errors.As(err, &invalid) || invalid.Field != c.field {
			t.Errorf("%s: %v; wanted a refusal of %s", name, err, c.field)
			continue
		}
		zh, en := problem.Said(message.ZH, invalid.Words), problem.Said(message.EN, invalid.Words)
		if zh == "" || zh == en || strings.Contains(zh+en, "rule.") {
			t.Errorf("%s is said as %q and %q", name, zh, en)
		}
		if strings.Contains(err.Error(), "0123456789abcdef") || strings.Contains(problem.Got(message.EN, invalid), "ab&c=d") {
			t.Errorf("%s: a key is repeated", name)
		}
	}
	if _, err := background.Read(filepath.Join(t.TempDir(), "none")); !errors.Is(err, geo.ErrInvalid) {
		t.Errorf("no folder: %v", err)
	}
	if _, err := background.Read(t.TempDir()); !errors.Is(err, geo.ErrInvalid) {
		t.Errorf("no file in it: %v", err)
	}
}

// TestASettingIsTaken: every kind, with its tiles and the hosts that it opens.
func TestASettingIsTaken(t *testing.T) {
	t.Parallel()
	set, err := background.Read(folderOf(t, []object{sound(),
		sound(object{"code": "wmts", "kind": "wmts",
			"url": "http://10.1.2.3:8080/wmts/EPSG:900913:{TileMatrix}/{TileRow}/{TileCol}"}),
		sound(object{"code": "sky", "kind": "tianditu", "url": nil, "key": "0123456789abcdef", "attribution_zh": nil,
			"attribution_en": nil}),
		sound(object{"code": "photo", "kind": "pmtiles", "url": nil, "file": "photo.pmtiles"}),
		sound(object{"code": "unsaid", "kind": "pmtiles", "url": nil, "file": "unsaid.pmtiles", "parks": []string{"p"}}),
		sound(object{"code": "far", "kind": "pmtiles", "url": "https://files.example.cn/a.pmtiles", "parks": []string{"p"}})}))
	if err != nil {
		t.Fatal(err)
	}
	if got := set.Find("p", "wmts").Layers[0].Tiles[0]; got != "http://10.1.2.3:8080/wmts/EPSG:900913:{z}/{y}/{x}" {
		t.Errorf("WMTS: %s", got)
	}
	sky := set.Find("p", "sky")
	const want = "https://t0.tianditu.gov.cn/img_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=img&STYLE=default" +
		"&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=0123456789abcdef"
	if len(sky.Layers) != 2 || len(sky.Layers[0].Tiles) != 8 || sky.Layers[0].Tiles[0] != want || sky.AttributionZH == "" {
		t.Errorf("Tianditu: %+v", sky)
	}
	if len(set.For("q")) != 4 || set.Find("q", "far") != nil {
		t.Errorf("another park has %+v", set.For("q"))
	}
	if got := strings.Join(set.Hosts("city", "wmts", "photo"), " "); got != "http://10.1.2.3:8080 https://tiles.example.gov.cn" {
		t.Errorf("hosts: %s", got)
	}
	if n := len(set.Hosts()); n != 11 {
		t.Errorf("%d hosts in all: %v", n, set.Hosts())
	}
}
