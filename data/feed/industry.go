package feed

import (
	"context"

	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
	"luodi/geo/land"
)

// Industry is what the public may know of an industry of a district: its chain, and who fills it in the district's
// parks. Without a public firm, nothing is known of who fills the chain, not even that nobody does.
type Industry struct {
	DistrictZH     string `db:"district_zh"`
	DistrictEN     string `db:"district_en"`
	NameZH         string `db:"name_zh"`
	NameEN         string `db:"name_en"`
	IndustrySource string `db:"industry_source"` // who names the industry; "" where the chain is the industry
	ChainZH        string `db:"chain_zh"`
	ChainEN        string `db:"chain_en"`
	Edition        string `db:"edition"`
	Source         string `db:"source"` // of the chain
	Pieces         int    `db:"pieces"` // nodes of the chain; 0: it isn't described yet

	Standing     int    `db:"standing"` // pieces with a firm on land that is supplied or built
	Coming       int    `db:"coming"`   // pieces with firms on land that is held or reserved for them, alone
	Firms        int    `db:"firms"`
	Legal        int64  `db:"legal"`        // of the land they have, in 0.0001 m²
	Illustrative bool   `db:"illustrative"` // some of that land is drawn
	Park         string `db:"park"`         // where most of the firms are; the first of the district where none is
	Shown        bool   `db:"shown"`        // the panel of the map shows this chain: the district's largest
}

// Known tells whether any firm of the chain is public.
func (i *Industry) Known() bool { return i.Firms > 0 }

// Missing counts the pieces that no public firm fills.
func (i *Industry) Missing() int { return i.Pieces - i.Standing - i.Coming }

// Land is what the firms have.
func (i *Industry) Land() geo.Area { return geo.NewArea(i.Legal) }

// sqlListed are the parks of LandOfParks.
const sqlListed = `SELECT park_id, code, district_zh, district_en, illustrative FROM park_public
	ORDER BY district_zh, code LIMIT $1`

// $2 are the statuses of land on which a firm stands. What is live alone is read, however long the past.
const sqlIndustries = `
WITH listed AS MATERIALIZED (` + sqlListed + `),
chains AS MATERIALIZED (
  SELECT c.district_id, c.code, c.edition, c.body, jsonb_array_length(c.body -> 'nodes') AS pieces,
         array_agg(l.code ORDER BY code_order(l.code)) AS parks, min(l.district_zh) AS district_zh,
         min(l.district_en) AS district_en
    FROM listed l JOIN chain_public c USING (park_id) GROUP BY c.district_id, c.code, c.edition, c.body),
nodes AS (SELECT c.district_id, c.code, n ->> 'code' AS node FROM chains c, jsonb_array_elements(c.body -> 'nodes') n),
tenants AS MATERIALIZED (
  SELECT c.district_id, c.code, t.node, (t.name_zh, t.name_en) AS firm, l.code AS park, l.illustrative, t.parcel_id,
         (p.legal_m2 * 10000)::bigint AS legal, p.status = ANY ($2) AS stands
    FROM listed l
    JOIN (SELECT DISTINCT park_id, district_id, code FROM chain_public) c USING (park_id)
    JOIN tenant_public t ON t.park_id = l.park_id AND t.live
    JOIN nodes n ON (n.district_id, n.code, n.node) = (c.district_id, c.code, t.node)
    JOIN parcel_public p ON (p.park_id, p.parcel_id) = (t.park_id, t.parcel_id) AND p.to_seq IS NULL)
SELECT c.district_zh, c.district_en, coalesce(c.body -> 'industry' ->> 'name_zh', c.body ->> 'name_zh') AS name_zh,
       coalesce(c.body -> 'industry' ->> 'name_en', c.body ->> 'name_en') AS name_en,
       coalesce(c.body -> 'industry' ->> 'source', '') AS industry_source, c.body ->> 'name_zh' AS chain_zh,
       c.body ->> 'name_en' AS chain_en, c.edition, c.body ->> 'source' AS source, c.pieces, filled.standing,
       filled.coming, firms.n AS firms, ground.legal, ground.illustrative, coalesce(most.park, c.parks[1]) AS park,
       c.pieces > 0 AND row_number() OVER (PARTITION BY c.district_id ORDER BY c.pieces DESC, code_order(c.code)) = 1 AS shown
  FROM chains c
 CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE stands) AS standing, count(*) FILTER (WHERE NOT stands) AS coming
    FROM (SELECT bool_or(t.stands) AS stands FROM tenants t WHERE (t.district_id, t.code) = (c.district_id, c.code)
           GROUP BY t.node) x) filled
 CROSS JOIN LATERAL (SELECT count(DISTINCT t.firm) AS n FROM tenants t
    WHERE (t.district_id, t.code) = (c.district_id, c.code)) firms
 CROSS JOIN LATERAL (SELECT coalesce(sum(legal), 0)::bigint AS legal, coalesce(bool_or(illustrative), false) AS illustrative
    FROM (SELECT DISTINCT t.parcel_id, t.legal, t.illustrative FROM tenants t
           WHERE (t.district_id, t.code) = (c.district_id, c.code)) x) ground
  LEFT JOIN LATERAL (SELECT t.park FROM tenants t WHERE (t.district_id, t.code) = (c.district_id, c.code)
    GROUP BY t.park ORDER BY count(DISTINCT t.firm) DESC, t.park LIMIT 1) most ON true
 ORDER BY c.district_zh, c.district_id, c.pieces DESC, code_order(c.code)`

// IndustriesOfParks reads the industries of the districts of the parks that LandOfParks lists, in one query for all,
// the best described first within each district.
func (v *View) IndustriesOfParks(ctx context.Context, most int) ([]Industry, error) {
	var stands []string
	for _, status := range land.ParcelStatuses() {
		if status.BalanceRow() == land.ParcelSupplied {
			stands = append(stands, string(status))
		}
	}
	rows, err := v.Tx.Query(ctx, sqlIndustries, most, stands)
	if err != nil {
		return nil, store.Translate("read the industries of parks", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Industry])
	return all, store.Translate("read the industries of parks", err)
}

// ChainsOfParks is a number that rises with each edition of a chain of the parks that LandOfParks lists: chains are no
// park's, so a new edition leaves the state of the database as it is.
func (v *View) ChainsOfParks(ctx context.Context, most int) (editions int64, err error) {
	const sql = `SELECT coalesce(sum(c.revision), 0) FROM (` + sqlListed + `) l JOIN chain_public c USING (park_id)`
	err = v.Tx.QueryRow(ctx, sql, most).Scan(&editions)
	return editions, store.Translate("count editions of chains", err)
}
