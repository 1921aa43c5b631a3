package message

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// phrase is a row of the table that is found by its English text.
type phrase struct {
	key   string
	form  *regexp.Regexp
	names []string
}

// phrases are the rows whose keys begin with said, those with the fewest placeholders first.
var phrases = func() []phrase {
	names := regexp.MustCompile(`\{[a-z_]+\}`)
	var all []phrase
	for key, row := range table {
		if !strings.HasPrefix(key, "said.") {
			continue
		}
		p := phrase{key: key, names: names.FindAllString(row.EN, -1)}
		parts := names.Split(row.EN, -1)
		for i := range parts {
			parts[i] = regexp.QuoteMeta(parts[i])
		}
		p.form = regexp.MustCompile("^" + strings.Join(parts, `(\S+)`) + "$")
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b phrase) int {
		return cmp.Or(cmp.Compare(len(a.names), len(b.names)), strings.Compare(a.key, b.key))
	})
	return all
}()

// Said says in a language what geo and data, which know no language, say in English: by the row under said whose
// English text it is, with numbers and names without a space in the places of its placeholders. False where there is
// none.
func Said(lang Lang, english string) (string, bool) {
	if lang == EN {
		return english, slices.ContainsFunc(phrases, func(p phrase) bool { return p.form.MatchString(english) })
	}
	for _, p := range phrases {
		values := p.form.FindStringSubmatch(english)
		if values == nil {
			continue
		}
		var args []any
		for i, name := range p.names {
			args = append(args, strings.Trim(name, "{}"), values[i+1])
		}
		return Text(lang, p.key, args...), true
	}
	return "", false
}
