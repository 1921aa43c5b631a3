package background

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"luodi/geo"
	"luodi/geo/land"
)

// FileName is the file of a folder that says which backgrounds there are.
const FileName = "backgrounds.json"

const (
	flagName  = "backgrounds" // of luodi serve: the field of what is wrong with the folder
	maxText   = 1 << 20       // bytes of the file
	maxCount  = 20            // backgrounds
	maxZoom   = 24
	maxName   = 60 // characters
	maxCredit = 200
)

// entry is a background as the file says it.
type entry struct {
	Code          string   `json:"code"`
	NameZH        string   `json:"name_zh"`
	NameEN        string   `json:"name_en"`
	Kind          string   `json:"kind"`
	AttributionZH string   `json:"attribution_zh"`
	AttributionEN string   `json:"attribution_en"`
	Parks         []string `json:"parks"`
	URL           string   `json:"url"`
	Subdomains    []string `json:"subdomains"`
	Key           string   `json:"key"`
	Layers        []string `json:"layers"`
	File          string   `json:"file"`
	TileSize      *int     `json:"tile_size"`
	MinZoom       *int     `json:"min_zoom"`
	MaxZoom       *int     `json:"max_zoom"`
	SourceLayers  []string `json:"source_layers"`
}

// everywhere are the members that each kind takes.
var everywhere = []string{"code", "name_zh", "name_en", "kind", "attribution_zh", "attribution_en", "parks"}

// takes are the further members by kind.
var takes = map[string][]string{
	"xyz":      {"url", "subdomains", "key", "tile_size", "min_zoom", "max_zoom", "source_layers"},
	"wmts":     {"url", "subdomains", "key", "tile_size", "min_zoom", "max_zoom"},
	"pmtiles":  {"file", "url"},
	"tianditu": {"layers", "key"},
}

var codeForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// Read reads a folder's backgrounds. Each refusal is a [geo.Invalid] that names the field by its path in the file.
func Read(folder string) (*Set, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, geo.NewInvalid(flagName, "background.folder", folder)
	}
	set, err := read(root)
	if err != nil {
		_ = root.Close()
		return nil, err
	}
	return set, nil
}

func read(root *os.Root) (*Set, error) {
	text, err := readText(root)
	if err != nil {
		return nil, err
	}
	var file struct {
		Backgrounds []map[string]json.RawMessage `json:"backgrounds"`
	}
	strict := json.NewDecoder(bytes.NewReader(text))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&file); err != nil || strict.More() {
		return nil, geo.NewInvalid(FileName, "background.json", fmt.Sprint(err))
	}
	if n := len(file.Backgrounds); n < 1 || n > maxCount {
		return nil, geo.NewInvalid("backgrounds", "background.count", n, "n", maxCount)
	}
	set := &Set{hosts: map[string][]string{}, root: root}
	for i, members := range file.Backgrounds {
		if err := set.add(fmt.Sprintf("backgrounds[%d]", i), members); err != nil {
			return nil, err
		}
	}
	seen, err := json.Marshal(set.all) // a file that is replaced by another of the same name is a new setting too
	if err != nil {
		return nil, err
	}
	for _, b := range set.all {
		seen = fmt.Appendf(seen, "%v %v", b.parks, b.head)
	}
	set.digest = digestOf(seen)
	return set, nil
}

func readText(root *os.Root) ([]byte, error) {
	unreadable := geo.NewInvalid(FileName, "background.file", geo.None(), "n", maxText>>20)
	if info, err := root.Stat(FileName); err != nil || !info.Mode().IsRegular() || info.Size() > maxText {
		return nil, unreadable
	}
	file, err := root.Open(FileName)
	if err != nil {
		return nil, unreadable
	}
	defer func() { _ = file.Close() }()
	text, err := io.ReadAll(io.LimitReader(file, maxText))
	if err != nil {
		return nil, unreadable
	}
	return text, nil
}

// add takes a background; at is its path in the file.
func (s *Set) add(at string, members map[string]json.RawMessage) error {
	e, err := decode(at, members)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(s.all, func(b Background) bool { return b.Code == e.Code }) {
		return geo.NewInvalid(at+".code", "background.once", e.Code)
	}
	b := Background{Code: e.Code, NameZH: e.NameZH, NameEN: e.NameEN, AttributionZH: e.AttributionZH,
		AttributionEN: e.AttributionEN, parks: e.Parks}
	var hosts []string
	switch e.Kind {
	case "tianditu":
		hosts, err = e.tianditu(at, &b)
	case "pmtiles":
		hosts, err = e.pmtiles(at, &b, s.root)
	default:
		hosts, err = e.tiles(at, &b)
	}
	if err != nil {
		return err
	}
	s.all, s.hosts[b.Code] = append(s.all, b), hosts
	return nil
}

// decode reads the members of a background and checks those that every kind has.
func decode(at string, members map[string]json.RawMessage) (*entry, error) {
	var e entry
	kinds := slices.Sorted(maps.Keys(takes))
	_ = json.Unmarshal(members["kind"], &e.Kind) // what is no text is no kind
	if takes[e.Kind] == nil {
		return nil, geo.NewInvalid(at+".kind", "one_of", string(members["kind"]), "values", strings.Join(kinds, ", "))
	}
	allowed := slices.Concat(everywhere, takes[e.Kind])
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if !slices.Contains(allowed, name) {
			return nil, geo.NewInvalid(at+"."+name, "background.members", name, "kind", e.Kind,
				"values", strings.Join(allowed, ", "))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		one, err := json.Marshal(map[string]json.RawMessage{name: members[name]})
		if err == nil {
			err = json.Unmarshal(one, &e)
		}
		if err != nil {
			return nil, geo.NewInvalid(at+"."+name, "background.type", string(members[name]))
		}
	}
	return &e, e.checkCommon(at)
}

// checkCommon checks the members that every kind has.
func (e *entry) checkCommon(at string) error {
	if !codeForm.MatchString(e.Code) {
		return geo.NewInvalid(at+".code", "background.code", e.Code)
	}
	if e.Kind == "tianditu" && e.AttributionZH == "" && e.AttributionEN == "" {
		e.AttributionZH, e.AttributionEN = tiandituZH, tiandituEN
	}
	for _, each := range []struct {
		name string
		text *string
		most int
	}{{"name_zh", &e.NameZH, maxName}, {"name_en", &e.NameEN, maxName}, {"attribution_zh", &e.AttributionZH, maxCredit},
		{"attribution_en", &e.AttributionEN, maxCredit}} {
		text, err := land.ParseLine(at+"."+each.name, *each.text, each.most)
		if err != nil {
			return err
		}
		*each.text = text
	}
	if e.Parks != nil && (len(e.Parks) == 0 || slices.Contains(e.Parks, "")) {
		return geo.NewInvalid(at+".parks", "background.parks", geo.None())
	}
	return nil
}

// zooms are the zooms of tiles, from 0 to 18 where nothing is said.
func (e *entry) zooms(at string) (least, most int, err error) {
	least, most = 0, 18
	for _, each := range []struct {
		name string
		came *int
		to   *int
	}{{"min_zoom", e.MinZoom, &least}, {"max_zoom", e.MaxZoom, &most}} {
		if each.came == nil {
			continue
		}
		if *each.came < 0 || *each.came > maxZoom {
			return 0, 0, geo.NewInvalid(at+"."+each.name, "background.zoom", strconv.Itoa(*each.came), "n", maxZoom)
		}
		*each.to = *each.came
	}
	if least > most {
		return 0, 0, geo.NewInvalid(at+".max_zoom", "background.zooms", strconv.Itoa(most), "least", least)
	}
	return least, most, nil
}
