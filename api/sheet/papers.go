package sheet

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"luodi/api/page"
	"luodi/data/feed"
	"luodi/message"
)

// readPapers reads the public photos and documents of the parcel that the page is about.
func (t *telling) readPapers(ctx context.Context, v *feed.View) error {
	id, err := uuid.Parse(t.feature.ID)
	if err != nil {
		return err
	}
	t.papers, err = v.Papers(ctx, feed.PublicPapers, t.park.Code, id)
	return err
}

// dayIn is the day it is in a time zone: a document that holds until a day is told to have expired on the next.
func dayIn(zone string) string {
	in, err := time.LoadLocation(zone)
	if err != nil {
		in = time.UTC
	}
	return time.Now().In(in).Format(time.DateOnly)
}

// paperSection shows photos, and lists documents to take along; false where there are none.
func (t *telling) paperSection() (page.Section, bool) {
	section := page.Section{Title: t.text("paper.title")}
	for i := range t.papers {
		p := &t.papers[i]
		title := p.Title(t.lang == message.EN)
		if p.Kind == "photo" && p.Width != nil && p.Height != nil {
			section.Photos = append(section.Photos, page.Photo{Href: t.mount() + p.Href, Alt: title,
				Text: strings.Join(append([]string{title}, t.said(p)...), " · "), Width: *p.Width, Height: *p.Height,
				Sizes: p.Sizes(t.mount())})
			continue
		}
		if section.Table == nil {
			section.Table = &page.Table{Head: []string{t.text("paper.document"), t.text("api.head.meaning")}}
		}
		said := append(t.said(p), t.text("paper.size", "type", strings.ToUpper(p.Ending()[1:]), "size",
			fmt.Sprint((p.Size+1023)/1024)))
		section.Table.Rows = append(section.Table.Rows, []page.Cell{{Text: title, Href: t.mount() + p.Href},
			{Text: strings.Join(said, " · ")}})
	}
	return section, len(t.papers) > 0
}

// said is what a paper says beside its title: what it is, its number, its day, until when it holds.
func (t *telling) said(p *feed.Paper) []string {
	var all []string
	if p.Illustrative {
		all = append(all, t.text("paper.illustrative"))
	}
	if p.Number != nil {
		all = append(all, t.text("paper.number", "number", *p.Number))
	}
	if p.Dated != nil {
		all = append(all, *p.Dated)
	} else {
		all = append(all, t.text("paper.undated"))
	}
	if until := p.ExpiresOn; until != nil && *until < dayIn(t.park.TimeZone) {
		all = append(all, t.text("paper.expired", "day", *until))
	} else if until != nil {
		all = append(all, t.text("paper.until", "day", *until))
	}
	return all
}
