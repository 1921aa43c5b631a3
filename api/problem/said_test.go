package problem

import (
	"errors"
	"testing"

	"github.com/paulmach/orb"

	"luodi/data/store"
	"luodi/geo"
	"luodi/geo/lot"
	"luodi/message"
)

// TestARefusalIsSaidByItsRule: with the words of the rule and not of the field, what came by rule too, words within
// words, and of a shape the place in degrees.
func TestARefusalIsSaidByItsRule(t *testing.T) {
	t.Parallel()
	var plane lot.Plane
	square, err := plane.Add(orb.Polygon{{{0, 0}, {100, 0}, {100, 100}, {0, 100}, {0, 0}}})
	if err != nil {
		t.Fatal(err)
	}
	rules := lot.Rules{SnapM: 0.01}
	_, misses := lot.Cut(&plane, square, []orb.Point{{500, 0}, {500, 100}}, rules)
	_, ends := lot.Cut(&plane, square, []orb.Point{{50, -10}, {50, 50}}, rules)
	_, small := lot.CutArea(&plane, square, 9.99999, 0, lot.Left, lot.Rules{SnapM: 0.01, LeastM2: 10})
	at := [][2]float64{{122.0512345678, 37.25}}
	for _, c := range []struct {
		err    error
		zh, en string
	}{
		{geo.NewInvalid("parcels", "parcels.one_to_split", 2), "parcels：应为一宗要分割的地块；收到 2",
			"parcels: expected one parcel to split; got 2"},
		{geo.NewInvalid("project", "project.wanting", geo.None()), "project：应为需要这块地的项目；收到 没有写",
			"project: expected the project that wants the land; got none"},
		{geo.Say("lot.for_part", "n", 2, "words", geo.Say("lot.shares")).Refuse("shares", -1.0),
			"shares：应为第 2 部分：大于 0 的有限数；收到 -1", "shares: expected for part 2: finite numbers above 0; got -1"},
		{&Located{Err: misses, At: at}, "线没有穿过地块：应为穿过这片土地的线；收到 没有碰到它的线，位于 122.0512346 37.2500000",
			"the line does not meet the parcel: expected a line through the land; got one that doesn't meet it, " +
				"at 122.0512346 37.2500000"},
		{&Located{Err: ends, At: at}, "线的端点在地块之内或其空洞之内：应为从边界到边界的线；位于 122.0512346 37.2500000",
			"the line ends inside the parcel or one of its holes: expected a line from boundary to boundary; " +
				"it is at 122.0512346 37.2500000"},
		{small, "某一部分小于最小面积：应为不小于 10 m²；收到 9.99999 m²",
			"a part is below the least area: expected 10 m² or more; got 9.99999 m²"},
		{&store.Denial{Rule: "record_can_be_reversed", Why: &geo.Words{Rule: "reversal.hold_out"}},
			"这条记录不能撤销（此后锁定已经到期）", "this record can't be reversed (the hold has run out since)"},
		{&store.Denial{Rule: "some_new_constraint", Kind: "unique"}, "已有相同的一项，不能重复", "the same is there already"},
	} {
		if c.err == nil {
			t.Fatal("nothing was refused")
		}
		if zh, en := From(c.err, message.ZH), From(c.err, message.EN); zh.Detail != c.zh || en.Detail != c.en {
			t.Errorf("%v:\n%s\n%s\nwant\n%s\n%s", errors.Unwrap(c.err), zh.Detail, en.Detail, c.zh, c.en)
		}
	}
}
