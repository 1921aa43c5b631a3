package registry

import (
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/content"
	"luodi/data/store"
	"luodi/geo"
)

// NewPaper is a paper that is handed in, for every step that asks for its kind.
type NewPaper struct {
	Kind      string `json:"kind" minLength:"1" maxLength:"63" doc:"The code of a document that the live flow asks for."`
	Name      string `json:"name,omitempty" maxLength:"200" doc:"What the paper is called, with its number; no person's data."`
	ExpiresOn string `json:"expires_on,omitempty" format:"date" doc:"The last day on which it holds."`
	File      []byte `json:"file" text:"-" doc:"In base64: PDF, JPEG, PNG or WebP, at most 8 MiB."`
}

// ProjectPaper is a paper of a project.
type ProjectPaper struct {
	N         int           `json:"n" db:"n"`
	Use       string        `json:"use" db:"use" enum:"document,mandate,photo,evidence" doc:"A document that steps ask for, the firm's mandate, a photo of a step, what proves that a problem is solved."`
	Kind      *string       `json:"kind" db:"kind" nullable:"true" doc:"Of a document its code."`
	Step      *string       `json:"step" db:"step" nullable:"true" doc:"Of a photo the step."`
	Name      *string       `json:"name" db:"name" nullable:"true"`
	ExpiresOn *string       `json:"expires_on" db:"expires_on" format:"date" nullable:"true" doc:"Null: it doesn't say."`
	MediaType string        `json:"media_type" db:"media_type"`
	Size      int           `json:"size" db:"size" doc:"In bytes."`
	At        time.Time     `json:"at" db:"at"`
	By        *store.Person `json:"by" db:"by" doc:"Null: the firm, by its link."`
	Counts    bool          `json:"counts" db:"counts" doc:"Of a document: none of its kind was handed in later."`
}

// AskedPaper is a kind of paper that steps of a flow ask for.
type AskedPaper struct {
	FlowNamed
	Steps []string `json:"steps" doc:"The steps that ask for it: one paper goes for all of them."`
	State string   `json:"state" enum:"missing,here,expired"`
	Paper *int     `json:"paper" nullable:"true" doc:"The paper that counts; null: none was handed in."`
}

// PaperFile is the file of a paper.
type PaperFile struct {
	MediaType string
	Bytes     []byte
}

const (
	sqlProjectPapers = `
SELECT p.n, p.use, p.kind, p.step, p.name, p.expires_on::text AS expires_on, f.media_type, f.size, p.at,
       p.use <> 'document' OR NOT EXISTS (SELECT FROM project_paper o WHERE (o.district_id, o.project_id, o.kind)
         = (p.district_id, p.project_id, p.kind) AND o.n > p.n) AS counts,
       CASE WHEN a.account_id IS NOT NULL THEN jsonb_build_object('id', a.account_id, 'name', a.name) END AS by
  FROM project_paper p JOIN file f USING (park_id, hash) LEFT JOIN account a USING (account_id)
 WHERE p.district_id = ANY ($1) AND p.project_id = $2 ORDER BY p.n DESC`
	sqlPaperFile = `SELECT f.media_type, f.bytes FROM project_paper p JOIN file f USING (park_id, hash)
 WHERE p.district_id = ANY ($1) AND p.project_id = $2 AND p.n = $3`
	// sqlStorePark is whose store keeps the files of a project: the park that entered it, or the first of its district.
	sqlStorePark = `SELECT coalesce(j.park_id, (SELECT k.park_id FROM park k WHERE k.district_id = j.district_id
   ORDER BY k.park_id LIMIT 1)) FROM project j WHERE (j.district_id, j.project_id) = ($1, $2)`
	sqlStoreFile = `INSERT INTO file (park_id, hash, media_type, bytes, width, height)
 VALUES ($1, $2, $3, $4, nullif($5, 0), nullif($6, 0)) ON CONFLICT DO NOTHING`
	sqlKeepPaper = `INSERT INTO project_paper (district_id, project_id, use, kind, step, name, expires_on, park_id, hash,
       account_id, link_id) VALUES ($1, $2, $3, nullif($4, ''), $5, nullif($6, ''), nullif($7, '')::date, $8, $9, $10, $11)
 RETURNING n`
)

// HandIn keeps a paper of a project; from then on it counts in every step that asks for its kind.
func (s Registry) HandIn(ctx context.Context, of Business, id, by uuid.UUID, p NewPaper, once *store.Once) (Agency,
	error) {
	return s.changeAgency(ctx, of, id, once, "hand in a paper", func(tx pgx.Tx, district uuid.UUID, _ string) error {
		if err := s.askedFor(ctx, tx, of, id, p.Kind); err != nil {
			return err
		}
		_, err := keepPaper(ctx, tx, district, id, p, "document", nil, &by, nil)
		return err
	})
}

// askedFor refuses a kind that no step of the live flow asks for.
func (s Registry) askedFor(ctx context.Context, tx pgx.Tx, of Business, id uuid.UUID, kind string) error {
	status, err := s.flowOf(ctx, tx, of, id, AskFlow{})
	if err != nil {
		return err
	}
	if slices.ContainsFunc(askedPapers(status.Flow, nil, status.Today),
		func(a AskedPaper) bool { return a.Code == kind }) {
		return nil
	}
	return geo.NewInvalid("kind", "agency.kind", kind)
}

// keepPaper keeps the file and the paper, and gives its number.
func keepPaper(ctx context.Context, tx pgx.Tx, district, id uuid.UUID, p NewPaper, use string, step *string, by,
	link *uuid.UUID) (n int, err error) {
	f, err := content.Read("file", p.File)
	if err != nil {
		return 0, err
	}
	if use == "photo" && f.Width == 0 {
		return 0, geo.NewInvalid("file", "agency.photo", f.MediaType)
	}
	var park uuid.UUID
	if err := tx.QueryRow(ctx, sqlStorePark, district, id).Scan(&park); err != nil {
		return 0, err
	}
	hash := sha256.Sum256(f.Bytes)
	if _, err := tx.Exec(ctx, sqlStoreFile, park, hash[:], f.MediaType, f.Bytes, f.Width, f.Height); err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, sqlKeepPaper, district, id, use, p.Kind, step, p.Name, p.ExpiresOn, park, hash[:], by,
		link).Scan(&n)
	return n, err
}

// PaperFile reads the file of a paper of a project.
func (s Registry) PaperFile(ctx context.Context, of Business, id uuid.UUID, n int) (f PaperFile, err error) {
	if _, err := s.Project(ctx, of, id); err != nil {
		return f, err
	}
	err = s.Planner.QueryRow(ctx, sqlPaperFile, of.Districts, id, n).Scan(&f.MediaType, &f.Bytes)
	if errors.Is(err, pgx.ErrNoRows) {
		return f, &store.Missing{Kind: "project_paper", Name: strconv.Itoa(n)}
	}
	return f, store.Translate("read a paper", err)
}

// askedPapers are the kinds that steps of a flow ask for, with the paper that counts of each.
func askedPapers(flow *FlowNow, papers []ProjectPaper, today string) []AskedPaper {
	out := []AskedPaper{}
	if flow == nil {
		return out
	}
	for _, kind := range flow.Documents {
		asked := AskedPaper{FlowNamed: kind, Steps: []string{}, State: "missing"}
		for _, step := range flow.Steps {
			if slices.Contains(step.Documents, kind.Code) {
				asked.Steps = append(asked.Steps, step.Code)
			}
		}
		if len(asked.Steps) == 0 {
			continue
		}
		for _, p := range papers {
			if p.Counts && p.Kind != nil && *p.Kind == kind.Code {
				asked.Paper, asked.State = &p.N, "here"
				if p.ExpiresOn != nil && *p.ExpiresOn < today {
					asked.State = "expired"
				}
			}
		}
		out = append(out, asked)
	}
	return out
}
