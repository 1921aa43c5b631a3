package feed

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/content"
	"luodi/data/store"
)

// Paper is a photo or document of a parcel, without its bytes.
type Paper struct {
	ID           uuid.UUID `json:"id" db:"id" format:"uuid"`
	Parcel       uuid.UUID `json:"parcel" db:"parcel" format:"uuid"`
	Kind         string    `json:"kind" db:"kind" enum:"photo,document"`
	TitleZH      *string   `json:"title_zh" db:"title_zh" nullable:"true"`
	TitleEN      *string   `json:"title_en" db:"title_en" nullable:"true"`
	Dated        *string   `json:"dated" db:"dated" nullable:"true" format:"date" doc:"When it was taken or issued; null where that is not known."`
	Number       *string   `json:"number" db:"number" nullable:"true"`
	ExpiresOn    *string   `json:"expires_on" db:"expires_on" nullable:"true" format:"date" doc:"The last day on which it holds; null where it doesn't say."`
	Illustrative bool      `json:"illustrative" db:"illustrative" doc:"It is drawn or made up, and not of the ground itself."`
	MediaType    string    `json:"media_type" db:"media_type" enum:"image/jpeg,image/png,image/webp,application/pdf"`
	Size         int       `json:"size" db:"size" doc:"In bytes."`
	Width        *int      `json:"width" db:"width" nullable:"true" doc:"Of a picture as it is shown, in pixels."`
	Height       *int      `json:"height" db:"height" nullable:"true"`
	Since        time.Time `json:"since" db:"since" doc:"Since when it is said so."`
	Href         string    `json:"href" db:"-" doc:"Where its bytes are."`
	Widths       []int     `json:"widths" db:"-" doc:"Of a picture: in which widths href gives smaller sizes, as width=320."`
	Hash         []byte    `json:"-" db:"hash"`
	Publication  string    `json:"publication,omitempty" db:"publication" enum:"public,internal" doc:"For members."`
}

// Title is the paper's name, in English where there is one and a reader wants it.
func (p *Paper) Title(english bool) string { return said(p.TitleZH, p.TitleEN, english) }

// What a paper says, the same of both sources.
const paperColumns = `paper_id AS id, parcel_id AS parcel, kind, title_zh, title_en, dated::text, number, expires_on::text, illustrative, media_type,
       hash, size, width, height, since, publication`

// Sources of papers, by reader. Whoever may see the desk reads all that were not retired.
const (
	sqlPublicPapers = `SELECT ` + paperColumns + `
  FROM (SELECT *, '' AS publication FROM paper_public WHERE park_id = $1 AND `
	sqlDeskPapers = `SELECT ` + paperColumns + `
  FROM (SELECT v.*, lower(v.sys) AS since, f.media_type, f.size, f.width, f.height
          FROM paper_version v JOIN file f USING (park_id, hash)
         WHERE v.to_seq IS NULL AND v.park_id = $1 AND `
	sqlPapersEnd = `) p ORDER BY kind DESC, dated DESC NULLS LAST, id`

	sqlPublicBytes = `SELECT bytes FROM file_public WHERE (park_id, paper_id) = ($1, $2)`
	sqlDeskBytes   = `SELECT f.bytes FROM paper_version v JOIN file f USING (park_id, hash)
		WHERE (v.park_id, v.paper_id) = ($1, $2) AND v.to_seq IS NULL`
)

// PaperSource is which papers are read: those of the public, or, in the planners' role, all.
type PaperSource struct{ papers, bytes string }

// The two readers of papers.
var (
	PublicPapers = PaperSource{sqlPublicPapers, sqlPublicBytes}
	DeskPapers   = PaperSource{sqlDeskPapers, sqlDeskBytes}
)

// NewestPapers reads the papers of a park that were said last, at most so many: for members.
func (v *View) NewestPapers(ctx context.Context, code string, most int) ([]Paper, error) {
	const sql = sqlDeskPapers + `true ORDER BY v.from_seq DESC LIMIT $2) p ORDER BY since DESC, id`
	return v.papers(ctx, sql, code, most)
}

// sqlOldPapers are papers that the public reads and that grew old: their last day passed, or, where they have none, their
// own day lies more than the park's months back, by the day that it is in the park. Without a day none can say.
const sqlOldPapers = `SELECT ` + paperColumns + `
  FROM (SELECT *, 'public' AS publication FROM paper_public WHERE park_id = $1 AND ($2::uuid IS NULL OR parcel_id = $2)) p
 CROSS JOIN (SELECT make_interval(months => k.old_after_months) AS age,
                    (clock_timestamp() AT TIME ZONE k.time_zone)::date AS today FROM park_public k WHERE k.park_id = $1) k
 WHERE coalesce(p.expires_on, p.dated + k.age) < k.today
 ORDER BY coalesce(p.expires_on, p.dated), p.paper_id LIMIT $3`

// OldPapers reads the public papers of a park, or of one parcel of it, that grew old, the oldest first, at most so many:
// for members.
func (v *View) OldPapers(ctx context.Context, code string, parcel *uuid.UUID, most int) ([]Paper, error) {
	return v.papers(ctx, sqlOldPapers, code, parcel, most)
}

// Papers reads the papers of a parcel: photos first, then documents, each the newest first.
func (v *View) Papers(ctx context.Context, of PaperSource, code string, parcel uuid.UUID) ([]Paper, error) {
	return v.papers(ctx, of.papers+`parcel_id = $2`+sqlPapersEnd, code, parcel)
}

func (v *View) papers(ctx context.Context, sql, code string, of ...any) ([]Paper, error) {
	park, err := v.Park(ctx, code)
	if err != nil {
		return nil, err
	}
	rows, err := v.Tx.Query(ctx, sql, append([]any{park.ID}, of...)...)
	if err != nil {
		return nil, store.Translate("read papers", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Paper])
	for i := range all {
		all[i].Widths = []int{}
		if w, h := all[i].Width, all[i].Height; w != nil && h != nil {
			all[i].Widths = append(all[i].Widths, content.SmallerOf(*w, *h)...)
		}
		all[i].Href = "/api/parks/" + url.PathEscape(code) + "/papers/" + all[i].ID.String()
	}
	return all, store.Translate("read papers", err)
}

// Paper reads one paper; an error that matches ErrNotFound when the reader may not see it.
func (v *View) Paper(ctx context.Context, of PaperSource, code string, id uuid.UUID) (*Paper, error) {
	all, err := v.papers(ctx, of.papers+`paper_id = $2`+sqlPapersEnd, code, id)
	if err == nil && len(all) == 0 {
		err = &store.Missing{Kind: "paper", Name: id.String()}
	}
	if err != nil {
		return nil, err
	}
	return &all[0], nil
}

// PaperBytes reads the file of a paper.
func (v *View) PaperBytes(ctx context.Context, of PaperSource, code string, id uuid.UUID) ([]byte, error) {
	park, err := v.Park(ctx, code)
	if err != nil {
		return nil, err
	}
	var bytes []byte
	err = v.Tx.QueryRow(ctx, of.bytes, park.ID, id).Scan(&bytes)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, &store.Missing{Kind: "paper", Name: id.String()}
	}
	return bytes, store.Translate("read the file of paper "+id.String(), err)
}

// Sizes are the picture's own address and those of its smaller sizes, as srcset of a page has them; "" where there are
// none. Root is the path under which a proxy serves this server.
func (p *Paper) Sizes(root string) string {
	if len(p.Widths) == 0 {
		return ""
	}
	var set strings.Builder
	for _, width := range p.Widths {
		fmt.Fprintf(&set, "%s%s?width=%d %dw, ", root, p.Href, width, width)
	}
	fmt.Fprintf(&set, "%s%s %dw", root, p.Href, *p.Width)
	return set.String()
}

// Ending is the ending of a file's name, by its type.
func (p *Paper) Ending() string {
	_, kind, _ := strings.Cut(p.MediaType, "/")
	if kind == "jpeg" {
		return ".jpg"
	}
	return "." + kind
}
