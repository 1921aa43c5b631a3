package registry

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
)

// Tag is a dated listing.
type Tag struct {
	Tag   string  `json:"tag" enum:"provincial_key,municipal_key,signing_key"`
	From  string  `json:"from" format:"date"`
	Until *string `json:"until,omitempty" format:"date" doc:"The first day it no longer holds; open without it."`
}

// NewTag is a listing to note, or what takes the place of one.
type NewTag struct {
	Tag
	Corrects  *uuid.UUID `json:"corrects,omitempty" format:"uuid" doc:"The id of the listing whose place it takes, which is kept."`
	Withdrawn bool       `json:"withdrawn,omitempty" doc:"There was no such listing after all; only with corrects."`
	Reason    *string    `json:"reason,omitempty" minLength:"1" maxLength:"1000" text:"prose" doc:"Needed by what corrects."`
}

// NotedTag is a listing as it was noted.
type NotedTag struct {
	Tag
	ID      uuid.UUID     `json:"id" format:"uuid"`
	NotedBy *store.Person `json:"noted_by" doc:"Null: a program, or not known."`
	NotedAt *time.Time    `json:"noted_at" nullable:"true" doc:"Null: not known."`
}

// FormerTag is a listing that was withdrawn; what took its place stands among the others.
type FormerTag struct {
	NotedTag
	Why string       `json:"why" doc:"Why it counts no more."`
	By  store.Person `json:"by" doc:"Who corrected or withdrew it."`
	At  time.Time    `json:"at"`
}

const (
	sqlTagJSON = `jsonb_build_object('id', g.project_tag_id, 'tag', g.tag, 'from', lower(g.valid), 'until', upper(g.valid),
         'noted_at', g.noted_at, 'noted_by', ` + sqlPersonOrNull + `)`
	sqlTags = `SELECT district_id, project_id, jsonb_agg(` + sqlTagJSON + ` ORDER BY g.tag, g.valid, g.project_tag_id) AS tags
          FROM j JOIN project_tagged g USING (district_id, project_id) LEFT JOIN account a ON a.account_id = g.noted_by
         GROUP BY 1, 2`
	sqlFormerTags = `SELECT district_id, project_id, jsonb_agg(` + sqlTagJSON + ` || jsonb_build_object('why',
         g.withdraw_reason, 'at', g.withdrawn_at, 'by', jsonb_build_object('id', b.account_id, 'name', b.name))
         ORDER BY g.withdrawn_at DESC) AS former_tags
          FROM j JOIN project_tag g USING (district_id, project_id) LEFT JOIN account a ON a.account_id = g.noted_by
          JOIN account b ON b.account_id = g.withdrawn_by GROUP BY 1, 2`
	sqlAddTag = `INSERT INTO project_tag (district_id, project_id, tag, valid, noted_by)
		SELECT district_id, project_id, $3, daterange($4::date, $5::date), $6 FROM project WHERE district_id = ANY ($1)
		AND project_id = $2`
	sqlWithdrawTag = `UPDATE project_tag SET withdrawn_at = clock_timestamp(), withdrawn_by = $4, withdraw_reason = $5
		WHERE district_id = ANY ($1) AND project_id = $2 AND project_tag_id = $3`
)

// AddTag notes a listing of a project over a time of at least a day. What it corrects is withdrawn first.
func (s Registry) AddTag(ctx context.Context, of Business, id, by uuid.UUID, n NewTag, once *store.Once) (Project, error) {
	if n.Until != nil && *n.Until <= n.From { // dates of four-digit years sort as texts do
		return Project{}, geo.NewInvalid("until", "day.after", *n.Until, "day", n.From)
	}
	if err := correcting(n.Corrects != nil, n.Withdrawn, "reason", n.Reason); err != nil {
		return Project{}, err
	}
	return s.addTo(ctx, of, id, once, func(ctx context.Context, tx pgx.Tx, _ Project) error {
		if n.Corrects != nil {
			if err := added(tx.Exec(ctx, sqlWithdrawTag, of.Districts, id, *n.Corrects, by, n.Reason))(
				&store.Missing{Kind: "tag", Name: n.Corrects.String()}); err != nil || n.Withdrawn {
				return err
			}
		}
		_, err := tx.Exec(ctx, sqlAddTag, of.Districts, id, n.Tag.Tag, n.From, n.Until, by)
		return err
	})
}
