package ogc

import (
	"io"
	"mime"
	"net/http"
	"strings"

	"luodi/api/stream"
	"luodi/data/feed"
	"luodi/data/outlet"
	"luodi/message"
)

// itemsFile answers with a page of items as a file. It has no place for links: the next page stands in the header. x is
// east or longitude in it, whatever the order of the axes of the system is.
func (s *Service) itemsFile(w http.ResponseWriter, r *http.Request, v *feed.View, p *pageOfItems) error {
	q := *p.query
	next := ""
	job := &outlet.Job{Format: p.sentAs.file, Queries: []*feed.Query{&q}, CRS: readingOf(p.query).crs, Words: FileWords(),
		English: p.lang == message.EN, Title: p.text("api.collection." + q.Collection.ID),
		Ended: func(rows *feed.Features) { next = p.next(rows, p.format) }}
	if p.stamp != nil {
		job.At = *p.stamp
	}
	answer, err := stream.Gathered(func(to io.Writer) error {
		_, err := job.Write(r.Context(), v, to)
		return err
	})
	if err != nil {
		return err
	}
	defer answer.Close()
	if next != "" {
		w.Header().Add("Link", "<"+next+`>; rel="next"`)
	}
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment",
		map[string]string{"filename": job.Name(q.Collection.ID)}))
	return answer.Send(w)
}

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
		Tiles: func(c *feed.Collection, english bool) []outlet.VectorLayer {
			if english {
				return vectorLayers(c, false, message.EN)
			}
			return vectorLayers(c, false, message.ZH)
		},
	}
}

// shortTitle is a title without what it says of null: the head of a column has no room for it.
func shortTitle(title string) string {
	title, _, _ = strings.Cut(title, "；")
	title, _, _ = strings.Cut(title, "; ")
	return title
}
