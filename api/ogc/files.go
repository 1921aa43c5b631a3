package ogc

import (
	"strings"

	"luodi/data/feed"
	"luodi/data/outlet"
	"luodi/message"
)

// FileWords are the words of files that are written: those of the feeds' own documents and pages.
func FileWords() outlet.Vocabulary {
	both := func(text func(message.Lang) string) outlet.Text {
		return outlet.Text{ZH: text(message.ZH), EN: text(message.EN)}
	}
	return outlet.Vocabulary{
		Layer: func(c *feed.Collection) outlet.Text {
			return both(func(lang message.Lang) string { return message.Text(lang, "api.collection."+c.ID) })
		},
		Field: func(p *feed.Property) outlet.Text {
			return both(func(lang message.Lang) string { return shortTitle(PropertyTitle(p, lang)) })
		},
		Value: func(p *feed.Property, value string) outlet.Text {
			return both(func(lang message.Lang) string { return valueText(lang, p, value) })
		},
		Say: func(key string) outlet.Text {
			return both(func(lang message.Lang) string { return message.Text(lang, key) })
		},
	}
}

// shortTitle is a title without what it says of null: the head of a column has no room for it.
func shortTitle(title string) string {
	title, _, _ = strings.Cut(title, "；")
	title, _, _ = strings.Cut(title, "; ")
	return title
}
