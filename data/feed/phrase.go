package feed

import (
	"fmt"
	"strings"
)

// Phrase is words that stand together, in their order, in one text of a feature, with any white space between them.
type Phrase []string

// Searched lists the names of the properties that a search looks at.
func (c *Collection) Searched() []string {
	var names []string
	for i := range c.Properties {
		if p := &c.Properties[i]; p.Searched {
			names = append(names, p.Name)
		}
	}
	return names
}

// searched is the SQL of all texts that are searched, with a blank between two. Of parcels it is word for word that of
// the index parcel_public_live_text.
func (c *Collection) searched() string {
	var texts []string
	for i := range c.Properties {
		if p := &c.Properties[i]; p.Searched {
			texts = append(texts, p.orEmpty())
		}
	}
	return "(" + strings.Join(texts, " || ' ' || ") + ")"
}

func (p *Property) orEmpty() string {
	if p.Nullable {
		return fmt.Sprintf("coalesce(%s, '')", p.expr)
	}
	return p.expr
}

// search adds the condition that one of the phrases stands in the row, in any letter case. A word stands in one text if
// it stands in all texts together, since no word has a blank. Of words in order that is not enough: then each text is
// looked at.
func (s *statement) search(c *Collection, phrases []Phrase) {
	parts := make([]string, len(phrases))
	for i, words := range phrases {
		escaped := make([]string, len(words))
		for k, word := range words {
			escaped[k] = likeEscaper.Replace(word)
		}
		parts[i] = fmt.Sprintf("%s ILIKE '%%' || %s::text || '%%'", c.searched(), s.bind(strings.Join(escaped, "%")))
		if len(words) == 1 {
			continue
		}
		together := s.bind(strings.Join(escaped, " "))
		var texts []string
		for k := range c.Properties {
			if p := &c.Properties[k]; p.Searched {
				texts = append(texts, fmt.Sprintf(`regexp_replace(%s, '\s+', ' ', 'g') ILIKE '%%' || %s::text || '%%'`,
					p.orEmpty(), together))
			}
		}
		parts[i] = fmt.Sprintf("(%s AND (%s))", parts[i], strings.Join(texts, " OR "))
	}
	s.where = append(s.where, "("+strings.Join(parts, " OR ")+")")
}

// likeEscaper makes a text stand for itself in LIKE.
var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
