package ledger

import (
	"context"
	"crypto/sha256"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/content"
	"luodi/geo"
	"luodi/geo/land"
)

// PaperChange is what a record of kind paper does with a photo or document of a parcel: without an id it adds one,
// with an id it changes or retires it. Of a change, what is not given stays, and an empty text is none.
type PaperChange struct {
	ID           *uuid.UUID `json:"id,omitempty" format:"uuid" doc:"Which paper of the parcel to change or retire; without it one is added"`
	File         []byte     `json:"file,omitempty" doc:"Of a new one, in Base64: a JPEG, PNG or WebP picture, or a PDF, of at most 8 MiB, told by its content. What a camera wrote beside a picture is taken out."`
	Kind         string     `json:"kind,omitempty" text:"-" doc:"Of a new one: photo or document; a photo is a picture"`
	TitleZH      *string    `json:"title_zh,omitempty" maxLength:"200" doc:"A paper has a title in Chinese, in English or in both"`
	TitleEN      *string    `json:"title_en,omitempty" maxLength:"200"`
	Dated        *string    `json:"dated,omitempty" format:"date" doc:"When it was taken or issued"`
	Number       *string    `json:"number,omitempty" maxLength:"100" doc:"Of a document"`
	ExpiresOn    *string    `json:"expires_on,omitempty" format:"date" doc:"The last day on which it holds"`
	Illustrative *bool      `json:"illustrative,omitempty" doc:"It is drawn or made up, and not of the ground itself"`
	Publication  *string    `json:"publication,omitempty" text:"-" doc:"public or internal; internal where nothing is said. A public paper is public as long as its parcel is."`
	Retire       bool       `json:"retire,omitempty"`
}

// paper adds, changes or retires a paper of one parcel. It is followed by another change, not reversed: what was
// withheld is not told again by a press.
func paper(ctx context.Context, w *work) error {
	p := w.order.Command.Paper
	if p == nil {
		return geo.NewInvalid("paper", "paper.given", geo.None())
	}
	if n := len(w.order.Command.Parcels); n > 1 {
		return geo.NewInvalid("parcels", "paper.one_parcel", n)
	}
	parcels, err := w.parcels(ctx)
	if err != nil {
		return err
	}
	said, err := p.read()
	if err != nil {
		return err
	}
	if p.ID == nil {
		w.paper, err = w.addPaper(ctx, p, parcels[0].ID, said)
		return err
	}
	w.paper = *p.ID
	return w.changePaper(ctx, p, parcels[0], said)
}

// read gives the columns that are stated, each in its form; nil clears one.
func (p *PaperChange) read() (map[string]any, error) {
	said := map[string]any{}
	line := func(most int) func(string, string) (string, error) {
		return func(field, text string) (string, error) { return land.ParseLine(field, text, most) }
	}
	for _, m := range []struct {
		column string
		text   *string
		read   func(field, text string) (string, error)
	}{
		{"title_zh", p.TitleZH, line(land.MaxLine)}, {"title_en", p.TitleEN, line(land.MaxLine)},
		{"number", p.Number, line(100)}, {"dated", p.Dated, land.ParseDay}, {"expires_on", p.ExpiresOn, land.ParseDay},
		{"publication", p.Publication, readPublication},
	} {
		switch {
		case m.text == nil:
		case *m.text == "":
			said[m.column] = nil
		default:
			text, err := m.read("paper."+m.column, *m.text)
			if err != nil {
				return nil, err
			}
			said[m.column] = text
		}
	}
	if p.Illustrative != nil {
		said["illustrative"] = *p.Illustrative
	}
	if shown, given := said["publication"]; given && shown == nil {
		return nil, geo.NewInvalid("paper.publication", "one_of", "", "values", "public, internal")
	}
	return said, nil
}

func readPublication(field, text string) (string, error) {
	if text != "public" && text != "internal" {
		return "", geo.NewInvalid(field, "one_of", text, "values", "public, internal")
	}
	return text, nil
}

const (
	sqlKeepFile = `INSERT INTO file (park_id, hash, media_type, bytes, width, height)
		VALUES ($1, $2, $3, $4, nullif($5, 0), nullif($6, 0)) ON CONFLICT DO NOTHING`

	// $6 has the columns that a writer may state, of a new paper or of the next version of one.
	sqlAddPaper = `
INSERT INTO paper_version (park_id, paper_id, from_seq, parcel_id, hash, kind, title_zh, title_en, dated, number, expires_on,
       illustrative, publication)
SELECT $1, $2, $3, $4, $5, $7, n.title_zh, n.title_en, n.dated, n.number, n.expires_on, coalesce(n.illustrative, false),
       coalesce(n.publication, 'internal')
  FROM jsonb_populate_record(NULL::paper_version, $6) n`

	sqlClosePaper = `UPDATE paper_version SET to_seq = $4 WHERE (park_id, paper_id, parcel_id) = ($1, $2, $3)
		AND to_seq IS NULL RETURNING from_seq, dated::text, expires_on::text, title_zh, title_en`

	sqlNextPaper = `
INSERT INTO paper_version (park_id, paper_id, from_seq, prev_to_seq, parcel_id, hash, kind, title_zh, title_en, dated, number,
       expires_on, illustrative, publication)
SELECT v.park_id, v.paper_id, $3, $3, v.parcel_id, v.hash, v.kind, n.title_zh, n.title_en, n.dated, n.number, n.expires_on,
       n.illustrative, n.publication
  FROM paper_version v, jsonb_populate_record(v, $4) n WHERE (v.park_id, v.paper_id, v.to_seq) = ($1, $2, $3)`
)

// paperAgain gives a parcel that is born again the papers of the one that ended, as they are.
func (w *work) paperAgain(ctx context.Context, was, now uuid.UUID) error {
	const sqlOf = `SELECT paper_id FROM paper_version WHERE park_id = $1 AND parcel_id = $2 AND to_seq IS NULL`
	const sqlAgain = `
INSERT INTO paper_version (park_id, paper_id, from_seq, parcel_id, hash, kind, title_zh, title_en, dated, number, expires_on,
       illustrative, publication)
SELECT v.park_id, $3, $4, $5, v.hash, v.kind, v.title_zh, v.title_en, v.dated, v.number, v.expires_on, v.illustrative,
       v.publication
  FROM paper_version v WHERE v.park_id = $1 AND v.paper_id = $2 AND v.to_seq IS NULL`
	rows, err := w.tx.Query(ctx, sqlOf, w.park, was)
	if err != nil {
		return err
	}
	papers, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	for i := 0; i < len(papers) && err == nil; i++ {
		var id uuid.UUID
		if id, err = uuid.NewV7(); err == nil {
			_, err = w.tx.Exec(ctx, sqlAgain, w.park, papers[i], id, w.seq, now)
		}
	}
	return err
}

func (w *work) addPaper(ctx context.Context, p *PaperChange, parcel uuid.UUID, said map[string]any) (uuid.UUID, error) {
	switch {
	case p.Retire:
		return uuid.Nil, geo.NewInvalid("paper.id", "paper.of_parcel", geo.None())
	case p.Kind != "photo" && p.Kind != "document":
		return uuid.Nil, geo.NewInvalid("paper.kind", "one_of", p.Kind, "values", "photo, document")
	}
	if err := checkPaper(said["title_zh"], said["title_en"], said["dated"], said["expires_on"]); err != nil {
		return uuid.Nil, err
	}
	f, err := content.Read("paper.file", p.File)
	if err != nil {
		return uuid.Nil, err
	}
	if p.Kind == "photo" && f.Width == 0 {
		return uuid.Nil, geo.NewInvalid("paper.kind", "paper.photo", f.MediaType)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return uuid.Nil, err
	}
	hash := sha256.Sum256(f.Bytes)
	if _, err := w.tx.Exec(ctx, sqlKeepFile, w.park, hash[:], f.MediaType, f.Bytes, f.Width, f.Height); err != nil {
		return uuid.Nil, err
	}
	_, err = w.tx.Exec(ctx, sqlAddPaper, w.park, id, w.seq, parcel, hash[:], said, p.Kind)
	return id, err
}

// changePaper closes a paper's version, and begins its next one unless it is retired. An older version of the parcel
// passes, as long as the paper didn't change since.
func (w *work) changePaper(ctx context.Context, p *PaperChange, parcel seen, said map[string]any) error {
	switch {
	case len(p.File) > 0:
		return geo.NewInvalid("paper.file", "paper.fixed", geo.Say("came.some"))
	case p.Kind != "":
		return geo.NewInvalid("paper.kind", "paper.fixed", p.Kind)
	case p.Retire == (len(said) > 0):
		return geo.NewInvalid("paper", "paper.changed", len(said))
	}
	var since int64
	var dated, expires, zh, en *string
	err := w.tx.QueryRow(ctx, sqlClosePaper, w.park, *p.ID, parcel.ID, w.seq).Scan(&since, &dated, &expires, &zh, &en)
	if errors.Is(err, pgx.ErrNoRows) {
		return geo.NewInvalid("paper.id", "paper.of_parcel", p.ID.String())
	}
	if err != nil {
		return err
	}
	if version := w.order.Command.Parcels[0].Version; version < since {
		if stale := w.compare(parcel.ID, parcel.Code, version, parcel.Version); stale != nil {
			return stale
		}
	}
	if p.Retire {
		return nil
	}
	now := map[string]any{"title_zh": zh, "title_en": en, "dated": dated, "expires_on": expires}
	for column := range now {
		if given, is := said[column]; is {
			now[column] = given
		}
	}
	if err := checkPaper(now["title_zh"], now["title_en"], now["dated"], now["expires_on"]); err != nil {
		return err
	}
	_, err = w.tx.Exec(ctx, sqlNextPaper, w.park, *p.ID, w.seq, said)
	return err
}

// checkPaper looks at what hangs together: a title in some language, and an end that is not before the beginning.
func checkPaper(zh, en, dated, expires any) error {
	if textOf(zh) == "" && textOf(en) == "" {
		return geo.NewInvalid("paper.title_zh", "paper.title", geo.None())
	}
	if from, until := textOf(dated), textOf(expires); from != "" && until != "" && until < from {
		return geo.NewInvalid("paper.expires_on", "paper.expires", until, "day", from)
	}
	return nil
}

func textOf(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case *string:
		if v != nil {
			return *v
		}
	}
	return ""
}
