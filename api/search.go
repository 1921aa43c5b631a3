package api

import (
	"context"
	"strings"
	"unicode/utf8"

	"luodi/api/problem"
	"luodi/data/feed"
)

type hitList struct {
	Hits []feed.Hit `json:"hits"`
}

type searching struct {
	Speaking
	Text  string `query:"q" required:"true" minLength:"1" maxLength:"100" doc:"Part of a code, tenant or project, in any letter case."`
	Park  string `query:"park" doc:"A park's code; every park without it."`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

// maxText is the longest search text, in characters.
const maxText = 100

func (d *domain) addSearch() {
	get(d, "/api/search", "search", func(ctx context.Context, v *feed.View, in *searching) (hitList, error) {
		text := strings.TrimSpace(in.Text)
		if n := utf8.RuneCountInString(text); n == 0 || n > maxText {
			return hitList{}, &problem.Request{Kind: problem.InvalidParameter, Field: "q", Expected: "api.expected.q",
				Args: []any{"n", maxText}, Got: in.Text}
		}
		hits, err := v.Search(ctx, text, in.Park, in.Limit)
		return hitList{hits}, err
	})
}
