package outlet

import (
	"context"
	"fmt"
	"strings"
	"time"

	"luodi/data/feed"
	"luodi/data/store"
	"luodi/geo"
)

// Ask is what somebody asks for, as it is typed: the command's flags and the API's parameters alike.
type Ask struct {
	Park     string // "": all of them, where the format can be
	Layers   string // ids of collections, separated by commas
	Format   string
	CRS      string     // "": the format's own
	Filter   string     // CQL2, of every layer
	Encoding string     // "", utf-8 or gbk
	Zooms    string     // of map tiles, such as 8-16; "": the usual ones
	At       *time.Time // nil: now
	// what changed after a state of the park alone, up to another; nil: everything. Until needs Since, and both rule out At.
	Since, Until *feed.State
}

// Layers lists the collections that can be written, parcels first.
func Layers() []string {
	ids := []string{feed.Parcels().ID}
	for _, c := range feed.Collections() {
		if c.ID != "parks" && c != feed.Parcels() {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// Encodings lists the values of encoding.
func Encodings() []string { return []string{"utf-8", "gbk"} }

// Job reads what is asked for, of a park as a member sees it; nil stands for the public. What can't be is refused by
// the name of its field.
func (a Ask) Job(ctx context.Context, v *feed.View, member *feed.Member, words Vocabulary) (*Job, error) {
	format, err := ParseFormat(a.Format)
	if err != nil {
		return nil, err
	}
	queries, err := a.queries(member)
	if err != nil {
		return nil, err
	}
	j := &Job{Format: format, Queries: queries, Words: words}
	survey, err := a.ofPark(ctx, v, j)
	if err != nil {
		return nil, err
	}
	if a.At != nil {
		j.At = *a.At
	}
	j.By = j.Title
	if j.Zooms, err = format.zooms(a.Zooms); err != nil {
		return nil, err
	}
	if j.CRS = format.Default(survey); a.CRS != "" {
		if offset, is := geo.ParseMapOffset(a.CRS); is {
			return nil, geo.NewInvalid("crs", "crs.no_file", a.CRS, "offset", offset.Name())
		}
		if j.CRS, err = geo.ParseCRS(a.CRS); err != nil {
			return nil, err
		}
	}
	if j.GBK, err = format.encoding(a.Encoding); err != nil {
		return nil, err
	}
	return j, j.Check()
}

// ofPark has a job tell of the park that is asked for, whose survey system it returns, or of all parks.
func (a Ask) ofPark(ctx context.Context, v *feed.View, j *Job) (survey geo.EPSG, err error) {
	if a.Park == "" {
		if !j.Format.Tiles {
			return 0, geo.NewInvalid("park", "outlet.park", "", "format", j.Format.Title)
		}
		if a.Since != nil || a.Until != nil {
			return 0, geo.NewInvalid("format", "one_of", j.Format.Name, "values", strings.Join(changeNames(), ", "))
		}
		j.Title = j.Words.Say("outlet.every_park").Both()
		now, err := v.State(ctx)
		if now.At != nil {
			j.At = *now.At
		}
		return geo.CGCS2000, err
	}
	park, err := v.Park(ctx, a.Park)
	if err != nil {
		return 0, err
	}
	if park.At != nil {
		j.At = *park.At
	}
	if j.Changed, err = a.span(ctx, v, *park); err != nil {
		return 0, err
	}
	j.Title, survey, err = titleOf(ctx, v, a.Park)
	return survey, err
}

// zooms reads the zooms of map tiles, which no other format has.
func (f *Format) zooms(text string) (Zooms, error) {
	if text != "" && !f.Tiles {
		return Zooms{}, geo.NewInvalid("zooms", "outlet.no_zooms", text, "format", f.Title)
	}
	return ParseZooms(text)
}

// span is what the changes that are asked for lie in; nil where everything is.
func (a Ask) span(ctx context.Context, v *feed.View, park store.ParkState) (*feed.Span, error) {
	if a.Since == nil {
		if a.Until != nil {
			return nil, geo.NewInvalid("since", "outlet.since", "")
		}
		return nil, nil
	}
	if a.At != nil {
		return nil, geo.NewInvalid("datetime", "outlet.no_moment", a.At.Format(time.RFC3339Nano))
	}
	to := feed.State{Seq: &park.Seq}
	if a.Until != nil {
		to = *a.Until
	}
	span, err := v.SpanOf(ctx, park, *a.Since, to)
	if err != nil {
		return nil, err
	}
	if span.To < 0 || span.To > park.Seq {
		return nil, geo.NewInvalid("until", "outlet.state", span.To, "n", park.Seq)
	}
	if span.After < 0 || span.After > span.To {
		return nil, geo.NewInvalid("since", "outlet.state", span.After, "n", span.To)
	}
	return &span, nil
}

// queries ask for the layers.
func (a Ask) queries(member *feed.Member) ([]*feed.Query, error) {
	var all []*feed.Query
	for id := range strings.SplitSeq(a.Layers, ",") {
		c, err := collection(strings.TrimSpace(id), member)
		if err != nil {
			return nil, err
		}
		q := &feed.Query{Collection: c, Park: a.Park, Member: member,
			When: feed.When{From: a.At, Instant: a.At != nil}}
		if q.Filter, err = c.ParseFilter(a.Filter); err != nil {
			return nil, err
		}
		all = append(all, q)
	}
	return all, nil
}

// collection finds one as a reader sees it.
func collection(id string, member *feed.Member) (*feed.Collection, error) {
	known := false
	for _, layer := range Layers() {
		known = known || layer == id
	}
	if !known {
		return nil, geo.NewInvalid("layer", "one_of", id, "values", strings.Join(Layers(), ", "))
	}
	if member != nil {
		return feed.FindMemberCollection(id)
	}
	return feed.FindCollection(id)
}

// encoding reads whether texts are in GBK, which few formats can be.
func (f *Format) encoding(text string) (gbk bool, err error) {
	switch strings.ToLower(text) {
	case "", "utf-8":
		return false, nil
	case "gbk":
		if !f.GBK {
			return false, geo.NewInvalid("encoding", "outlet.utf8", text, "format", f.Title)
		}
		return true, nil
	}
	return false, geo.NewInvalid("encoding", "one_of", text, "values", strings.Join(Encodings(), ", "))
}

const sqlTitle = `SELECT name_zh, survey_crs FROM park_public WHERE code = $1`

// titleOf is a park's name and its survey system.
func titleOf(ctx context.Context, v *feed.View, park string) (name string, survey geo.EPSG, err error) {
	var code int
	err = v.Tx.QueryRow(ctx, sqlTitle, park).Scan(&name, &code)
	return name, geo.EPSG(code), store.Translate("read the park's name", err)
}

// Count counts the rows that the job will write, for progress; ok is false where there are too many to count cheaply.
func (j *Job) Count(ctx context.Context, v *feed.View) (rows int64, ok bool, err error) {
	for _, q := range j.Queries {
		n, exact, err := v.Count(ctx, q)
		if err != nil || !exact {
			return 0, false, err
		}
		rows += int64(n)
	}
	return rows, true, nil
}

// Name is what the file is called: the park, its layers, and the day of what it tells.
func (j *Job) Name(park string) string {
	names := []string{park}
	for _, q := range j.Queries {
		names = append(names, j.Words.Layer(q.Collection).In(j.English))
	}
	if len(names) > 4 {
		names = append(names[:1], fmt.Sprintf("%d", len(names)-1))
	}
	if !j.At.IsZero() {
		names = append(names, j.At.UTC().Format(time.DateOnly))
	}
	return strings.Join(names, "-") + j.Format.Ending
}
