package soak

import (
	"context"
	"errors"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/google/uuid"

	"luodi/data/intake"
	"luodi/data/intake/file"
	"luodi/data/ledger"
	"luodi/data/store/storetest"
	"luodi/geo/lot"
)

// The cadastre of a French village: parcels with many vertices, holes and slivers between them. Each is split and
// merged again.
func TestSplitAndMergeGiveBackRealGround(t *testing.T) {
	t.Parallel()
	s := realSite(t)
	seed := rand.Uint64()
	p := &player{pool: s.Planner, park: s.id, rand: rand.New(rand.NewPCG(seed, 5))}
	all, err := p.stands(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	done, refused, worst := 0, map[lot.Reason]int{}, 0.0
	for _, i := range p.rand.Perm(len(all))[:min(len(all), pick(30, len(all)))] {
		share, reason := s.splitAndMerge(t, p, all[i].ID)
		if reason != "" {
			refused[reason]++
			continue
		}
		done++
		worst = max(worst, share)
		if share > 1 {
			t.Errorf("seed %d: parcel %s comes back with %.1f times the tolerance", seed, all[i].Code, share)
		}
	}
	mustPass(t, s.DB, s.id, 0)
	t.Logf("%d of %d parcels split and merged; at worst %.3f of the tolerance; refused: %v", done, len(all), worst,
		refused)
	if done < 20 {
		t.Errorf("only %d parcels could be split and merged", done)
	}
}

// realSite imports the cadastre, without the rows whose ground another row has.
func realSite(t *testing.T) *site {
	t.Helper()
	path := storetest.Shared(t, filepath.Join("data", "real", "parcel.gpkg"))
	db := storetest.New(t)
	ctx := context.Background()
	reader, err := file.Open(ctx, path, file.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	req := intake.ImportRequest{Park: "village", Layer: "parcels", Publication: "public", Reason: "soak", Via: "soak",
		Document: "parcel.gpkg", SkipRefused: true}
	if report, err := intake.Of(db.Store).Import(ctx, req, reader, nil); err != nil || report.Taken < 700 {
		t.Fatalf("took %d: %v", report.Taken, err)
	}
	s := &site{DB: db, park: "village", planner: account(t, db, "planner")}
	s.id = number[uuid.UUID](t, db, `SELECT park_id FROM park`)
	return s
}

// The ground of a live parcel and of the one that stands in its place, in the survey CRS: how much differs, as a share
// of the tolerance of a round trip.
const sqlShare = `
SELECT ST_Area(ST_SymDifference(ST_Transform(a.geom, p.survey_crs),
       ST_Transform(b.geom, p.survey_crs))) / (0.01 + 0.0001 * ST_Perimeter(ST_Transform(a.geom, p.survey_crs)))
       + CASE WHEN a.legal_m2 = b.legal_m2 THEN 0 ELSE 1e9 END
  FROM park p, parcel_version a, parcel_version b
 WHERE p.park_id = $1 AND (a.park_id, a.parcel_id) = ($1, $2)
   AND NOT EXISTS (SELECT FROM parcel_version n WHERE (n.park_id, n.parcel_id) = ($1, $2) AND n.from_seq > a.from_seq)
   AND (b.park_id, b.parcel_id) = ($1, $3) AND b.to_seq IS NULL`

// splitAndMerge returns how much of the tolerance the round trip took, or the reason for which the parcel can't be cut
// so.
func (s *site) splitAndMerge(t *testing.T, p *player, parcel uuid.UUID) (share float64, reason lot.Reason) {
	t.Helper()
	ctx := context.Background()
	all, err := p.stands(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var stands []stand
	for _, st := range all {
		if st.ID == parcel {
			stands = append(stands, st)
		}
	}
	var refused *lot.Refused
	command := p.split(stands)
	command.Shape.Codes = nil // a line may cut a crooked parcel into more parts than it thought of
	split, err := ledger.Of(s.Store).Do(ctx, s.order(command))
	if errors.As(err, &refused) {
		return 0, refused.Reason
	}
	if err != nil {
		t.Fatalf("split %s: %v", stands[0].Code, err)
	}
	var refs []ledger.Ref
	const sqlChildren = `SELECT array_agg(child_id) FROM lineage WHERE park_id = $1 AND seq = $2`
	for _, id := range number[[]uuid.UUID](t, s.DB, sqlChildren, s.id, split.Seq) {
		refs = append(refs, ledger.Ref{ID: id, Version: split.Seq})
	}
	merged, err := ledger.Of(s.Store).Do(ctx, s.order(ledger.Command{Kind: "merge", Parcels: refs,
		Shape: &ledger.Shape{Codes: []string{stands[0].Code}}}))
	if err != nil {
		t.Fatalf("merge the parts of %s: %v", stands[0].Code, err)
	}
	back := number[uuid.UUID](t, s.DB, `SELECT DISTINCT child_id FROM lineage WHERE park_id = $1 AND seq = $2`, s.id,
		merged.Seq)
	return number[float64](t, s.DB, sqlShare, s.id, parcel, back), ""
}
