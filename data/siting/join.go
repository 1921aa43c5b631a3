package siting

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"luodi/geo"
	"luodi/geo/lot"
)

// AssembliesWish asks for free neighbours put together, to be ranked beside parcels. Together they have an area between
// min and max of the criterion on area_mu; without min its target is the least, without max twice the least is the
// most.
type AssembliesWish struct {
	Most    int  `json:"most,omitempty" minimum:"1" maximum:"50" doc:"How many sets at most; 5 without it."`
	Reserve bool `json:"reserve,omitempty" doc:"Take reserve land in too, which a release must free first."`
}

// AssemblySearch says how far assemblies were sought.
type AssemblySearch struct {
	MinMu    float64 `json:"min_mu"`
	MaxMu    float64 `json:"max_mu"`
	Parcels  int     `json:"parcels" doc:"Free parcels that are too small alone and whose land use and status will do."`
	Searched int     `json:"searched" doc:"Of those, how many were searched: the most promising, where there are too many."`
	Found    int     `json:"found" doc:"Sets that are ranked: the fewest parcels first, then the nearest to min_mu."`
	Unjoined int     `json:"unjoined" doc:"Sets left out because their outlines don't join into one."`
	Proven   bool    `json:"proven" doc:"No better sets exist among the parcels searched."`
}

// joinRules let outlines join that touch by the measure of [Sites.Assemble].
var joinRules = lot.Rules{SnapM: touchM, LeastM2: lot.ParcelRules.LeastM2, LeastWidthM: lot.ParcelRules.LeastWidthM}

// joinNeighbours puts parcels together that are too small alone.
func (f *Field) joinNeighbours(ctx context.Context, a Ask) error {
	least, most, err := assemblyRange(a)
	if err != nil {
		return err
	}
	landUse := f.landUse(a.Need.LandUse)
	var rows []int
	for row := range f.Places {
		if (f.Places[row].Status == statusAvailable || a.Assemblies.Reserve) && f.areaMu(row) < least &&
			f.usable(row, a.Need, landUse) {
			rows = append(rows, row)
		}
	}
	f.Assemblies = &AssemblySearch{MinMu: least, MaxMu: most, Parcels: len(rows)}
	if len(rows) > maxNeighbours {
		if rows, err = f.promising(ctx, rows, a, maxNeighbours); err != nil {
			return err
		}
	}
	f.Assemblies.Searched = len(rows)
	var offers []AssemblyOffer
	offers, f.Assemblies.Proven, err = f.assemble(rows, least, most, a.Assemblies.Most)
	var refused *lot.Refused
	if err != nil && !errors.As(err, &refused) {
		return err
	}
	for _, o := range offers {
		if err := ctx.Err(); err != nil {
			return err
		}
		shape, err := f.join(o.rows)
		if err != nil {
			f.Assemblies.Unjoined++
			continue
		}
		f.Made = append(f.Made, f.made(GroundAssembly, joinedCode(o.Codes), o.rows, shape, o.AreaM2/m2PerMu, nil))
		f.Assemblies.Found++
	}
	return nil
}

// joinedCode is the code of an assembly: its parcels' with + between, those in quotes that have a + of their own.
func joinedCode(codes []string) string {
	said := slices.Clone(codes)
	for i, code := range said {
		if strings.ContainsAny(code, `+"`) {
			said[i] = strconv.Quote(code)
		}
	}
	return strings.Join(said, "+")
}

// join is the one outline of parcels that touch.
func (f *Field) join(rows []int) (orb.Polygon, error) {
	plane := &lot.Plane{}
	shapes := make([]lot.Shape, len(rows))
	for i, row := range rows {
		var err error
		if shapes[i], err = plane.Add(f.Places[row].Shape); err != nil {
			return nil, err
		}
	}
	d, err := lot.Merge(plane, shapes, joinRules)
	if err != nil {
		return nil, err
	}
	return plane.Polygon(d.Parts[0]), nil
}

// assemblyRange is what assemblies measure, in mu.
func assemblyRange(a Ask) (least, most float64, err error) {
	if area := areaWish(a.Criteria); area != nil {
		if area.Target != nil {
			least = *area.Target
		}
		if area.Min != nil {
			least = *area.Min
		}
		if most = 2 * least; area.Max != nil {
			most = *area.Max
		}
	}
	if !(least > 0 && least <= most && most <= 1e6) {
		return 0, 0, geo.NewInvalid("criteria.area_mu", "assembly.area", fmt.Sprintf("%g to %g", least, most))
	}
	return least, most, nil
}
