package registry

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"luodi/data/store"
	"luodi/geo"
	"luodi/geo/chain"
	"luodi/geo/land"
)

// sqlChain reads an edition of a district's chain, the newest where none is numbered; of the chain that has most nodes
// where none is named, never of one that isn't described yet.
const sqlChain = `
SELECT c.body, c.revision, c.at FROM chain c JOIN park k USING (district_id)
 WHERE k.park_id = $1 AND ($2 = '' AND c.body -> 'nodes' <> '[]' OR c.code = $2)
   AND CASE WHEN $3::bigint = 0 THEN NOT EXISTS (SELECT FROM chain n
     WHERE (n.district_id, n.code) = (c.district_id, c.code) AND n.revision > c.revision) ELSE c.revision = $3 END
 ORDER BY jsonb_array_length(c.body -> 'nodes') DESC, code_order(c.code) LIMIT 1`

// ChainEdition is a chain as it was put in force at a moment. Editions are numbered from 1 and stay readable.
type ChainEdition struct {
	*chain.Chain
	Revision int
	At       time.Time
}

// Chain reads the industry chain in force in a park's district: the chain of that code or, with "", the largest. It
// returns [ErrNotFound] if there is none.
func (s Registry) Chain(ctx context.Context, park, code string) (*chain.Chain, error) {
	e, err := s.ChainEdition(ctx, park, code, 0)
	return e.Chain, err
}

// ChainEdition is Chain with the number of its edition, or an older edition by its number.
func (s Registry) ChainEdition(ctx context.Context, park, code string, revision int) (e ChainEdition, err error) {
	id, err := s.ParkID(ctx, park)
	if err != nil {
		return e, err
	}
	var body []byte
	if err := s.Planner.QueryRow(ctx, sqlChain, id, code, revision).Scan(&body, &e.Revision, &e.At); err != nil {
		switch {
		case errors.Is(err, pgx.ErrNoRows) && revision > 0:
			return e, &store.Missing{Kind: "chain_revision", Name: strconv.Itoa(revision)}
		case errors.Is(err, pgx.ErrNoRows):
			return e, &store.Missing{Kind: "chain", Name: code}
		}
		return e, store.Translate("read a chain", err)
	}
	e.Chain, err = chain.Parse(bytes.NewReader(body))
	return e, err
}

// PutChain puts an edition of a chain in force in a district, and returns its code and edition number. It is
// idempotent: a copy of the newest edition returns that edition's number.
func (s Registry) PutChain(ctx context.Context, district string, body []byte) (code string, revision int, err error) {
	c, err := chain.Parse(bytes.NewReader(body))
	if err != nil {
		return "", 0, err
	}
	err = pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		var id uuid.UUID
		if err := tx.QueryRow(ctx, `SELECT district_id FROM district WHERE code = $1`,
			district).Scan(&id); errors.Is(err, pgx.ErrNoRows) {
			return &store.Missing{Kind: "district", Name: district}
		} else if err != nil {
			return store.Translate("find a district", err)
		}
		if err := AddChain(ctx, tx, id, body); err != nil {
			return err
		}
		return tx.QueryRow(ctx, `SELECT max(revision) FROM chain WHERE (district_id, code) = ($1, $2)`, id,
			c.Code).Scan(&revision)
	})
	return c.Code, revision, err
}

// AddChain puts an edition of a chain in force in a district, unless its newest one is the same. body is the chain as
// JSON.
func AddChain(ctx context.Context, db interface {
	Exec(context.Context, string, ...any) (pgconn.CommandTag, error)
}, district uuid.UUID, body []byte) error {
	c, err := chain.Parse(bytes.NewReader(body))
	if err != nil {
		return err
	}
	if err := checkChainTexts(c); err != nil {
		return err
	}
	const sql = `
INSERT INTO chain (district_id, code, revision, edition, body)
SELECT $1, $2, coalesce(max(c.revision), 0) + 1, $3, $4 FROM chain c WHERE (c.district_id, c.code) = ($1, $2)
HAVING NOT coalesce(bool_or(c.body = $4::jsonb) FILTER (WHERE c.revision = (SELECT max(revision) FROM chain
       WHERE (district_id, code) = ($1, $2))), false)`
	_, err = db.Exec(ctx, sql, district, c.Code, c.Edition, body)
	return store.Translate("put a chain in force", err)
}

// checkChainTexts refuses texts of a chain that are not in their normal form: its body is kept as it came.
func checkChainTexts(c *chain.Chain) error {
	texts := map[string]string{"name_zh": c.NameZH, "name_en": c.NameEN, "edition": c.Edition, "source": c.Source}
	if c.Industry != nil {
		texts["industry.name_zh"], texts["industry.name_en"] = c.Industry.NameZH, c.Industry.NameEN
		texts["industry.source"] = c.Industry.Source
	}
	for i, n := range c.Nodes {
		at := fmt.Sprintf("nodes[%d].", i)
		texts[at+"name_zh"], texts[at+"name_en"], texts[at+"source"] = n.NameZH, n.NameEN, n.Source
	}
	for i, l := range c.Links {
		texts[fmt.Sprintf("links[%d].source", i)] = l.Source
	}
	for _, field := range slices.Sorted(maps.Keys(texts)) {
		text := texts[field]
		if text == "" {
			continue
		}
		settled, err := land.ParseLine(field, text, land.MaxProse)
		if err == nil && settled != text {
			err = geo.NewInvalid(field, "text.nfc", text)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// sqlPipeline counts, by node of the chain, the projects of some business in a park's district that are on their way
// and have no land yet: in talks, about to sign or signed, neither paused nor lost.
const sqlPipeline = `
SELECT r.chain_stage, count(*)::int, count(*) FILTER (WHERE EXISTS (SELECT FROM project_reached m
         WHERE (m.district_id, m.project_id, m.stage) = (j.district_id, j.project_id, 'signed')))::int
  FROM park k JOIN project j USING (district_id) JOIN project_version r ON (r.district_id,
    r.project_id) = (j.district_id, j.project_id) AND upper_inf(r.sys)
 WHERE k.park_id = $5 AND r.chain_stage IS NOT NULL AND ` + sqlProjectOfBusiness + `
   AND EXISTS (SELECT FROM project_reached m WHERE (m.district_id, m.project_id) = (j.district_id, j.project_id)
     AND m.stage IN ('in_talks', 'to_sign', 'signed'))
   AND project_standing(j.district_id, j.project_id) = 'active'
   AND NOT EXISTS (SELECT FROM allotment o JOIN allotment_version a USING (park_id, allotment_id)
     WHERE (o.district_id, o.project_id) = (j.district_id, j.project_id) AND a.to_seq IS NULL)
 GROUP BY r.chain_stage`

// Pipeline counts the projects under way for each node of the chain, and those of them that are signed, within the
// caller's business.
func (s Registry) Pipeline(ctx context.Context, of Business, park string) (map[string]chain.Filled, error) {
	id, err := s.ParkID(ctx, park)
	if err != nil {
		return nil, err
	}
	rows, err := s.Planner.Query(ctx, sqlPipeline, of.args(id)...)
	if err != nil {
		return nil, store.Translate("count the pipeline", err)
	}
	coming := map[string]chain.Filled{}
	var node string
	var n, signed int
	_, err = pgx.ForEachRow(rows, []any{&node, &n, &signed}, func() error {
		coming[node] = chain.Filled{Pipeline: n, Signed: signed}
		return nil
	})
	return coming, store.Translate("count the pipeline", err)
}
