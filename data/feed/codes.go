package feed

import (
	"context"
	"strings"

	"luodi/data/store"
)

// UnsettledCode is a code of before there was a rule, which is not in the normal form of codes.
type UnsettledCode struct {
	District   string `db:"district"`
	Park       string `db:"park"` // "" of a project
	Collection string `db:"collection"`
	Code       string `db:"code"`
	Fault      string `db:"fault"` // what is wrong with it: U+200B at 4, spaces, not in NFC, long, blank
}

var sqlUnsettledCodes = func() string {
	parts := []string{
		`SELECT d.code AS district, k.code AS park, 'parcels' AS collection, x.code, code_fault(x.code) AS fault
			FROM parcel_version x JOIN park k USING (park_id) JOIN district d USING (district_id) WHERE x.to_seq IS NULL`,
		`SELECT d.code, '', 'projects', x.code, code_fault(x.code) FROM project x JOIN district d USING (district_id)`,
	}
	for _, t := range things {
		parts = append(parts, t.SQL(`SELECT d.code, k.code, '{collection}', x.code, code_fault(x.code)
			FROM {table} x JOIN park k USING (park_id) JOIN district d USING (district_id) WHERE x.live`))
	}
	return `SELECT * FROM (` + strings.Join(parts, " UNION ALL ") +
		`) all_codes WHERE fault IS NOT NULL ORDER BY district, park, collection, code_order(code) LIMIT 1000`
}()

// UnsettledCodes lists live codes that are not in the normal form of codes, at most 1000: an edit of each mends it.
func (s Feed) UnsettledCodes(ctx context.Context) ([]UnsettledCode, error) {
	return store.ReadAll[UnsettledCode](ctx, s.Store, sqlUnsettledCodes)
}
