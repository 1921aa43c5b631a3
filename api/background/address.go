package background

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"luodi/geo"
)

var (
	keyForm       = regexp.MustCompile(`^[A-Za-z0-9._-]{4,200}$`)
	subdomainForm = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$`)
	layerForm     = regexp.MustCompile(`^[A-Za-z0-9_.:-]{1,60}$`)
	hostForm      = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:[0-9]{1,5})?$`)
	placeholder   = regexp.MustCompile(`\{[^{}]*\}`)
)

const (
	maxURL        = 1000
	maxSubdomains = 10
	maxSources    = 40
)

// shifted are hosts whose maps lie hundreds of metres off in China: GCJ-02, and BD-09 of Baidu. Their subdomains too.
var shifted = []string{"amap.com", "autonavi.com", "gaode.com", "baidu.com", "bdimg.com", "bdstatic.com", "gtimg.com",
	"qq.com", "geoq.cn", "google.cn", "googlecnapis.cn", "mapabc.com", "tencent.com"}

// spelt are the placeholders of a tile's place, by kind, and what they stand for on the page.
var spelt = map[string]map[string]string{
	"xyz":  {"{z}": "{z}", "{x}": "{x}", "{y}": "{y}"},
	"wmts": {"{TileMatrix}": "{z}", "{TileCol}": "{x}", "{TileRow}": "{y}"},
}

// tiles takes a background whose tiles have an address each, and says which origins it opens.
func (e *entry) tiles(at string, b *Background) ([]string, error) {
	least, most, err := e.zooms(at)
	if err != nil {
		return nil, err
	}
	size := 256
	if e.TileSize != nil {
		size = *e.TileSize
	}
	if size != 256 && size != 512 {
		return nil, geo.NewInvalid(at+".tile_size", "one_of", size, "values", "256, 512")
	}
	for _, name := range e.SourceLayers {
		if !layerForm.MatchString(name) || len(e.SourceLayers) > maxSources {
			return nil, geo.NewInvalid(at+".source_layers", "background.sources", name, "n", maxSources)
		}
	}
	urls, hosts, err := e.addresses(at)
	if err != nil {
		return nil, err
	}
	b.Layers = []Layer{{Tiles: urls, Vector: len(e.SourceLayers) > 0, SourceLayers: e.SourceLayers, TileSize: size,
		MinZoom: least, MaxZoom: most}}
	return hosts, nil
}

// addresses are the address of a tile at each of the subdomains, and their origins.
func (e *entry) addresses(at string) (urls, hosts []string, err error) {
	template, err := e.template(at)
	if err != nil {
		return nil, nil, err
	}
	names := []string{""}
	if strings.Contains(template, "{s}") {
		names = e.Subdomains
	}
	for _, name := range names {
		address := strings.Replace(template, "{s}", name, 1)
		host, err := parseHost(at+".url", address)
		if err != nil {
			return nil, nil, err
		}
		urls, hosts = append(urls, address), append(hosts, host)
	}
	return urls, hosts, nil
}

// template is the address with the place of a tile as {z}, {x} and {y}, and with the key.
func (e *entry) template(at string) (string, error) {
	places, text := spelt[e.Kind], e.URL
	wanted := "{z}, {x}, {y}"
	if e.Kind == "wmts" {
		wanted = "{TileMatrix}, {TileRow}, {TileCol}"
	}
	for place := range places {
		if strings.Count(text, place) != 1 {
			return "", geo.NewInvalid(at+".url", "background.url", e.URL, "places", wanted)
		}
	}
	for _, found := range placeholder.FindAllString(text, -1) {
		if _, known := places[found]; !known && found != "{s}" && found != "{key}" {
			return "", geo.NewInvalid(at+".url", "background.url", found, "places", wanted)
		}
	}
	if bad := slices.IndexFunc(e.Subdomains, func(s string) bool { return !subdomainForm.MatchString(s) }); bad >= 0 ||
		strings.Count(text, "{s}") > 1 || strings.Contains(text, "{s}") != (len(e.Subdomains) > 0) ||
		len(e.Subdomains) > maxSubdomains {
		return "", geo.NewInvalid(at+".subdomains", "background.subdomains", strings.Join(e.Subdomains, ", "), "n",
			maxSubdomains)
	}
	if strings.Contains(text, "{key}") != (e.Key != "") || e.Key != "" && !keyForm.MatchString(e.Key) {
		return "", geo.NewInvalid(at+".key", "background.key", came(e.Key))
	}
	text = strings.ReplaceAll(text, "{key}", e.Key)
	for place, stands := range places {
		text = strings.ReplaceAll(text, place, stands)
	}
	return text, nil
}

// came says that a key came, and not which.
func came(key string) any {
	if key == "" {
		return geo.None()
	}
	return geo.Say("background.came_key", "n", len(key))
}

// parseHost is the origin of an address: of http or https, of a plain host, whose maps lie where they should.
func parseHost(field, address string) (string, error) {
	scheme, rest, _ := strings.Cut(address, "://")
	host, _, _ := strings.Cut(rest, "/")
	parsed, err := url.Parse(strings.NewReplacer("{", "", "}", "").Replace(address))
	if err != nil || len(address) > maxURL || scheme != "https" && scheme != "http" || !hostForm.MatchString(host) ||
		parsed.Host != host || parsed.Fragment != "" || strings.ContainsAny(address, " \t\r\n\"'<>\\;") {
		return "", geo.NewInvalid(field, "background.address", address, "n", maxURL)
	}
	name := parsed.Hostname()
	for _, each := range shifted {
		if name == each || strings.HasSuffix(name, "."+each) {
			return "", geo.NewInvalid(field, "background.shifted", name)
		}
	}
	return scheme + "://" + host, nil
}

// What Tianditu, the national platform, is called where the setting doesn't say more.
const (
	tiandituZH = "天地图 · 国家地理信息公共服务平台"
	tiandituEN = "Tianditu, National Platform for Common GeoSpatial Information Services"
)

// tiandituLayers are the layers in Web Mercator (matrix set w): maps and their lettering.
var tiandituLayers = []string{"vec", "cva", "img", "cia", "ter", "cta"}

// tianditu takes the preset: the park's own key, and layers of which the first lies lowest.
func (e *entry) tianditu(at string, b *Background) ([]string, error) {
	if !keyForm.MatchString(e.Key) {
		return nil, geo.NewInvalid(at+".key", "background.key", came(e.Key))
	}
	if len(e.Layers) == 0 {
		e.Layers = []string{"img", "cia"}
	}
	var hosts []string
	for i := range 8 {
		hosts = append(hosts, "https://t"+string(rune('0'+i))+".tianditu.gov.cn")
	}
	for i, layer := range e.Layers {
		if !slices.Contains(tiandituLayers, layer) || slices.Contains(e.Layers[:i], layer) {
			return nil, geo.NewInvalid(at+".layers", "background.layers", layer, "values", strings.Join(tiandituLayers, ", "))
		}
		one := Layer{TileSize: 256, MinZoom: 1, MaxZoom: 18}
		for _, host := range hosts {
			one.Tiles = append(one.Tiles, host+"/"+layer+"_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER="+layer+
				"&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk="+e.Key)
		}
		b.Layers = append(b.Layers, one)
	}
	return hosts, nil
}
