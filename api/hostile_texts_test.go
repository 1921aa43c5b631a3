package api_test

import (
	"encoding/json"
	"strings"
)

// hostile texts, as JSON: what breaks out of quotes, is read anew by someone, steers a terminal or a page, hides, or is
// too much.
var hostile = map[string]string{
	"plain":           `"厂房 Hall 7"`,
	"quotes":          `"山东省\"十四五\"规划, O'Brien's ''plan''"`,
	"backslashes":     `"C:\\规划\\2022\\101b \\n \\u0041 ends in \\"`,
	"bytea":           `"\\xdeadbeef"`,
	"SQL":             `"E'\\\\101' U&'\\\\0041' $$; $body$ $1'); DROP TABLE parcel_version; --"`,
	"patterns":        `"100%_of_%\\% (a+)+$[[:<:]]{1,99999}|*? a & !b | (c <-> d):*"`,
	"array":           `"{NULL,\"a\",b}"`,
	"JSON":            `"{\"code\":\"x\",\"a\":[1,null]}"`,
	"JSON ends":       `"\"}]},{\"a\":\""`,
	"HTML":            `"<script>luodi(1)</script>\" onmouseover=\"luodi(1)\" x=' &lt;b&gt;&amp;&#x27;]]><!--#exec--><?php ?>"`,
	"formats":         `"%s%d%v%n%!q(MISSING)%% {code} {name_zh} {n} {0} {{.Code}} ${x} {{printf \"%s\" .}}{{define \"x\"}}{{end}}"`,
	"link header":     `"</x>; rel=\"next\", <y>"`,
	"formula":         `"=HYPERLINK(\"http://x\",\"y\"),\"b\";c|d"`,
	"path":            `"../../etc/passwd?x=1&y=2#z"`,
	"javascript":      `"javascript:luodi(1)"`,
	"astral":          `"中文 / English 𠮷𝔘😀🏭"`,
	"joined":          `"👩\u200d🔬 نمی\u200cخواهم"`,
	"in pieces":       `"e\u0301 \u212b \uac00"`,
	"wide spaces":     `"\u3000a\u00a0\u2003b\u3000"`,
	"line feed":       `"a\nb"`,
	"carriage return": `"a\r\nSet-Cookie: x=1"`,
	"tab":             `"a\tb"`,
	"zero":            `"a\u0000b"`,
	"escape":          `"\u001b[2J\u001b]0;x\u0007\u0085\u009b"`,
	"line separator":  `"a\u2028b\u2029c"`,
	"override":        `"abc\u202egpj"`,
	"isolate":         `"\u2066a\u2069"`,
	"marks":           `"a\u200eb\u200fc\u061c"`,
	"zero width":      `"TRI\u200b"`,
	"byte order mark": `"\ufeffTRI"`,
	"soft hyphen":     `"TR\u00adI"`,
	"tags":            `"a\udb40\udc41\udb40\udc7f"`,
	"filler":          `"\u3164\u2800"`,
	"noncharacter":    `"a\ufffe"`,
	"half a pair":     `"a\ud800b"`,
	"other half":      `"\udfff"`,
	"private":         `"a\ue000"`,
	"10 kB":           `"` + strings.Repeat("地\\\"%", 2500) + `"`,
}

// marked is a hostile text with a number at its end, by which it is found again.
func marked(raw, mark string) (sent json.RawMessage, text string) {
	sent = json.RawMessage(raw[:len(raw)-1] + mark + `"`)
	if err := json.Unmarshal(sent, &text); err != nil {
		panic(raw + ": " + err.Error())
	}
	return sent, text
}
