package registry

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
)

// FirmTitle is a title of a firm over a time.
type FirmTitle struct {
	ID             uuid.UUID     `json:"id" db:"id" format:"uuid"`
	Party          NamedParty    `json:"party" db:"party"`
	Title          string        `json:"title" db:"title" enum:"backbone,specialised,little_giant,single_champion,gazelle,high_tech"`
	Level          string        `json:"level" db:"level" enum:"national,provincial,municipal"`
	From           string        `json:"from" db:"from" format:"date"`
	Until          *string       `json:"until" db:"until" nullable:"true" format:"date" doc:"The first day it no longer holds; null: none is set."`
	Source         string        `json:"source" db:"source"`
	Standing       string        `json:"standing" db:"standing" enum:"to_come,held,expiring,expired,withdrawn" doc:"expiring: it holds for 90 days at most."`
	DaysLeft       *int          `json:"days_left" db:"days_left" nullable:"true" doc:"Until it expires, while it holds; null: it doesn't hold, or no end is set."`
	NotedBy        store.Person  `json:"noted_by" db:"noted_by"`
	NotedAt        time.Time     `json:"noted_at" db:"noted_at"`
	WithdrawnAt    *time.Time    `json:"withdrawn_at" db:"withdrawn_at" nullable:"true"`
	WithdrawnBy    *store.Person `json:"withdrawn_by" db:"withdrawn_by"`
	WithdrawReason *string       `json:"withdraw_reason" db:"withdraw_reason" nullable:"true"`
}

// NewTitle is a title to note.
type NewTitle struct {
	Title  string  `json:"title" enum:"backbone,specialised,little_giant,single_champion,gazelle,high_tech" doc:"骨干企业, 专精特新中小企业, 专精特新小巨人, 单项冠军, 瞪羚企业, 高新技术企业."`
	Level  string  `json:"level" enum:"national,provincial,municipal"`
	From   string  `json:"from" format:"date"`
	Until  *string `json:"until,omitempty" format:"date" doc:"The first day it no longer holds; open without it."`
	Source string  `json:"source" minLength:"1" maxLength:"500" text:"prose" doc:"The list or notice that names the firm."`
}

// TitleFigure is what was set or reported for a title in a year, beside what was counted.
type TitleFigure struct {
	District string      `json:"district" db:"district"`
	Title    string      `json:"title" db:"title" enum:"backbone,specialised,little_giant,single_champion,gazelle,high_tech"`
	Level    string      `json:"level" db:"level" enum:"national,provincial,municipal"`
	Target   *TitleCount `json:"target" db:"target" doc:"How many firms are to win it in the year; null: no target is noted."`
	Reported *TitleCount `json:"reported" db:"reported" doc:"How many were reported to have won it; null: no report is noted."`
	Listed   int         `json:"listed" db:"listed" doc:"How many titles that began in the year are noted of companies that one sees."`
}

// TitleCount is a number with its day and source.
type TitleCount struct {
	Number int    `json:"number"`
	AsOf   string `json:"as_of" format:"date"`
	Source string `json:"source"`
}

// NewTitleFigure is a year's target or report to note; the last note of each counts.
type NewTitleFigure struct {
	Year   int    `json:"year" minimum:"2000" maximum:"2100"`
	Title  string `json:"title" enum:"backbone,specialised,little_giant,single_champion,gazelle,high_tech"`
	Level  string `json:"level" enum:"national,provincial,municipal"`
	Kind   string `json:"kind" enum:"target,reported"`
	Number int    `json:"number" minimum:"0" maximum:"100000"`
	AsOf   string `json:"as_of" format:"date" doc:"When the target was set, or the day of the report."`
	Source string `json:"source" minLength:"1" maxLength:"500" text:"prose"`
}

const (
	sqlTitles = `
SELECT i.firm_title_id AS id, jsonb_build_object('id', p.party_id, 'name_zh', p.name_zh, 'name_en', p.name_en) AS party, i.title,
       i.level, lower(i.valid)::text AS from, upper(i.valid)::text AS until, i.source, i.noted_at, i.withdrawn_at,
       i.withdraw_reason, ` + sqlPersonA + ` AS noted_by,
       CASE WHEN b.account_id IS NOT NULL
         THEN jsonb_build_object('id', b.account_id, 'name', b.name) END AS withdrawn_by,
       CASE WHEN i.withdrawn_at IS NOT NULL THEN 'withdrawn' WHEN lower(i.valid) > china_today() THEN ('to_come')
         WHEN upper(i.valid) <= china_today() THEN 'expired' WHEN upper(i.valid) <= china_today() + 90 THEN 'expiring'
         ELSE 'held' END AS standing,
       CASE WHEN i.withdrawn_at IS NULL AND i.valid @> china_today()
         THEN upper(i.valid) - china_today() END AS days_left
  FROM firm_title i JOIN party p USING (district_id, party_id) JOIN account a ON a.account_id = i.noted_by
  LEFT JOIN account b ON b.account_id = i.withdrawn_by
 WHERE ` + sqlPartyOfBusiness
	sqlTitleOrder = ` ORDER BY i.withdrawn_at IS NOT NULL, upper(i.valid) NULLS LAST, i.noted_at LIMIT 5000`
	sqlAddTitle   = `INSERT INTO firm_title (district_id, firm_title_id, party_id, title, level, valid, source, noted_by)
		SELECT district_id, $3, party_id, $4, $5, daterange($6::date, $7::date), $8, $9 FROM party
		 WHERE district_id = ANY ($1) AND party_id = $2`
	sqlWithdrawTitle = `UPDATE firm_title SET withdrawn_at = clock_timestamp(), withdrawn_by = $4, withdraw_reason = $5
		WHERE district_id = ANY ($1) AND party_id = $2 AND firm_title_id = $3`
	sqlTitleFigures = `
WITH last AS (SELECT DISTINCT ON (f.district_id, f.title, f.level, f.kind) f.district_id, f.title, f.level, f.kind,
       jsonb_build_object('number', f.number, 'as_of', f.as_of, 'source', f.source) AS said
  FROM title_figure f WHERE f.district_id = ANY ($1) AND f.year = $5
 ORDER BY f.district_id, f.title, f.level, f.kind, f.noted_at DESC, f.title_figure_id DESC),
     counted AS (SELECT i.district_id, i.title, i.level, count(*)::int AS n
  FROM firm_title i JOIN party p USING (district_id, party_id)
 WHERE i.withdrawn_at IS NULL AND date_part('year', lower(i.valid)) = $5 AND ` + sqlPartyOfBusiness + ` GROUP BY 1, 2, 3),
     all_of AS (SELECT district_id, title, level FROM last UNION SELECT district_id, title, level FROM counted)
SELECT d.code AS district, x.title, x.level, t.said AS target, r.said AS reported, coalesce(c.n, 0) AS listed
  FROM all_of x JOIN district d USING (district_id)
  LEFT JOIN last t ON (t.district_id, t.title, t.level, t.kind) = (x.district_id, x.title, x.level, 'target')
  LEFT JOIN last r ON (r.district_id, r.title, r.level, r.kind) = (x.district_id, x.title, x.level, 'reported')
  LEFT JOIN counted c ON (c.district_id, c.title, c.level) = (x.district_id, x.title, x.level)
 ORDER BY code_order(d.code), x.title, x.level`
	sqlAddTitleFigure = `INSERT INTO title_figure (district_id, title_figure_id, year, title, level, kind, number, as_of,
       source, noted_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8::date, $9, $10)`
)

// Titles lists the titles of a business's companies, at most 5000: those that expire first come first.
func (s Registry) Titles(ctx context.Context, of Business) ([]FirmTitle, error) {
	return store.ReadAll[FirmTitle](ctx, s.Store, sqlTitles+sqlTitleOrder, of.args()...)
}

// TitlesOf lists the titles of a company; a Missing for one outside the business.
func (s Registry) TitlesOf(ctx context.Context, of Business, party uuid.UUID) ([]FirmTitle, error) {
	if _, err := s.Party(ctx, of, party); err != nil {
		return nil, err
	}
	return titlesOf(ctx, s.Planner, of, party)
}

func titlesOf(ctx context.Context, q store.Querier, of Business, party uuid.UUID) ([]FirmTitle, error) {
	rows, err := q.Query(ctx, sqlTitles+` AND i.party_id = $5`+sqlTitleOrder, of.args(party)...)
	if err != nil {
		return nil, store.Translate("read titles", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[FirmTitle])
	return all, store.Translate("read titles", err)
}

// TitleFigures lists targets and reports of a year beside what is noted of companies.
func (s Registry) TitleFigures(ctx context.Context, of Business, year int) ([]TitleFigure, error) {
	return store.ReadAll[TitleFigure](ctx, s.Store, sqlTitleFigures, of.args(year)...)
}

// AddTitle notes a title of a company over a time of at least a day, and gives all its titles.
func (s Registry) AddTitle(ctx context.Context, of Business, party, by uuid.UUID, n NewTitle,
	once *store.Once) ([]FirmTitle,
	error) {
	if n.Until != nil && *n.Until <= n.From { // dates of four-digit years sort as texts do
		return nil, geo.NewInvalid("until", "day.after", *n.Until, "day", n.From)
	}
	return s.titled(ctx, of, party, once, func(tx pgx.Tx) error {
		id, err := uuid.NewV7()
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, sqlAddTitle, of.Districts, party, id, n.Title, n.Level, n.From, n.Until, n.Source, by)
		return err
	})
}

// WithdrawTitle ends what is said of a title, for a reason; it stays readable.
func (s Registry) WithdrawTitle(ctx context.Context, of Business, party, title, by uuid.UUID, reason string,
	once *store.Once) ([]FirmTitle, error) {
	return s.titled(ctx, of, party, once, func(tx pgx.Tx) error {
		return added(tx.Exec(ctx, sqlWithdrawTitle, of.Districts, party, title, by, reason))(
			&store.Missing{Kind: "title", Name: title.String()})
	})
}

func (s Registry) titled(ctx context.Context, of Business, id uuid.UUID, once *store.Once,
	do func(tx pgx.Tx) error) ([]FirmTitle,
	error) {
	var after []FirmTitle
	err := pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		if _, err := party(ctx, tx, of, id); err != nil {
			return err
		}
		if err := do(tx); err != nil {
			return err
		}
		var err error
		if after, err = titlesOf(ctx, tx, of, id); err != nil {
			return err
		}
		return store.Remember(ctx, tx, once, 201, struct {
			Titles []FirmTitle `json:"titles"`
		}{after})
	})
	return after, store.ExplainDenial(store.Translate("change titles", err))
}

// AddTitleFigure notes a year's target or report in a district.
func (s Registry) AddTitleFigure(ctx context.Context, of Business, by uuid.UUID, n NewTitleFigure,
	once *store.Once) ([]TitleFigure, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return nil, err
	}
	var after []TitleFigure
	err = pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sqlAddTitleFigure, of.Districts[0], id, n.Year, n.Title, n.Level, n.Kind,
			n.Number, n.AsOf,
			n.Source, by); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, sqlTitleFigures, of.args(n.Year)...)
		if err != nil {
			return err
		}
		if after, err = pgx.CollectRows(rows, pgx.RowToStructByName[TitleFigure]); err != nil {
			return err
		}
		return store.Remember(ctx, tx, once, 201, struct {
			Figures []TitleFigure `json:"figures"`
		}{after})
	})
	return after, store.ExplainDenial(store.Translate("note a figure of titles", err))
}
