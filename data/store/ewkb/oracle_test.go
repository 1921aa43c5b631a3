package ewkb_test

import (
	"context"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"luodi/data/store/ewkb"
	"luodi/data/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// plain reports whether PostGIS rounds x to the decimals as strconv does: not
// where it turns to scientific notation, nor where the shortest decimal of x
// is a tie that x itself is not, nor where x has hardly more digits than asked.
func plain(x float64, decimals int) bool {
	size := math.Abs(x)
	if size > 0 && size <= 1e-8 || size*math.Pow(10, float64(decimals)) >= 1<<48 {
		return false
	}
	_, fraction, _ := strings.Cut(strconv.FormatFloat(x, 'f', -1, 64), ".")
	return len(fraction) != decimals+1 || !strings.HasSuffix(fraction, "5")
}

func TestGeoJSONEqualsPostGISByteForByte(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	r := rand.New(rand.NewPCG(2026, 11))
	for _, decimals := range []int{0, 5, 7, 9, 12} {
		shapes := make([][]byte, 4000)
		for i := range shapes {
			s := newShaper(r, func() float64 {
				for {
					if x := coordinate(r); plain(x, decimals) {
						return x
					}
				}
			})
			s.full = true
			shapes[i] = s.geometry(nil, uint32(1+i%7), uint32(i%2)*4490)
		}
		const query = `SELECT ST_AsGeoJSON(ST_GeomFromEWKB(b), $2, 0)
			FROM unnest($1::bytea[]) WITH ORDINALITY AS t(b, i) ORDER BY i`
		wants := texts(t, db, query, shapes, decimals)
		for i, shape := range shapes {
			got, err := ewkb.AppendGeoJSON(nil, shape, decimals)
			if err != nil || string(got) != wants[i] {
				t.Fatalf("%d decimals, % x:\ngot  %s, %v\nwant %s", decimals, shape, got, err, wants[i])
			}
		}
	}
}

// texts runs a query that answers one text a row.
func texts(t *testing.T, db *storetest.DB, query string, args ...any) []string {
	t.Helper()
	rows, err := db.Owner.Query(context.Background(), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return out
}
