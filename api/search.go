package api

import (
	"context"
	"strings"
	"unicode/utf8"

	"luodi/api/auth"
	"luodi/api/problem"
	"luodi/data/feed"
	"luodi/geo/land"
	"luodi/message"
)

type searching struct {
	Speaking
	Text  string `query:"q" required:"true" minLength:"1" maxLength:"100" doc:"A code as people write it, a name in Chinese or English, pinyin or its initials, traditional characters, a size (60亩, 4 ha, 50-80 mu), a status, or several of these with blanks between."`
	Park  string `query:"park" doc:"A park's code; every park without it."`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

// maxText is the longest search text, in characters.
const maxText = 100

func (d *domain) addSearch() {
	getAs(d, "/api/search", "search", memberIn, func(ctx context.Context, v *feed.View, in *searching) (*feed.Hits, error) {
		text := strings.TrimSpace(in.Text)
		if n := utf8.RuneCountInString(text); n == 0 || n > maxText || strings.ContainsRune(text, 0) ||
			!utf8.ValidString(text) {
			return nil, &problem.Request{Kind: problem.InvalidParameter, Field: "q", Expected: "api.expected.q",
				Args: []any{"n", maxText}, Got: in.Text}
		}
		now, err := d.feed.Now(ctx)
		if err != nil {
			return nil, err
		}
		return d.finder.Find(ctx, v, feed.Search{Text: text, Park: in.Park, Limit: in.Limit, Member: memberIn(ctx),
			Era: now.Era})
	})
}

// memberIn is who reads more than the public on the page or by a token: a member of some park; nil for the public.
func memberIn(ctx context.Context) *feed.Member {
	who := auth.From(ctx)
	if who == nil {
		return nil
	}
	parks, every := who.Where(auth.See)
	if !every && len(parks) == 0 {
		return nil
	}
	return &feed.Member{Every: every, Parks: parks}
}

// statusWords are what the statuses of parcels are called in searches: as the page calls them, and otherwise.
func statusWords() map[string][]string {
	words := map[string][]string{}
	for _, status := range land.ParcelStatuses() {
		for _, lang := range []message.Lang{message.ZH, message.EN} {
			words[string(status)] = append(words[string(status)], message.Text(lang, "web.status."+string(status)))
			words[string(status)] = append(words[string(status)],
				strings.Split(message.Text(lang, "api.search.status."+string(status)), "|")...)
		}
	}
	return words
}
