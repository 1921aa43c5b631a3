package land

import "luodi/geo"

// LandUse is a code of the classification of land and sea uses for survey,
// planning and use control (国土空间调查、规划、用途管制用地用海分类): two digits for a
// class, four for its division, six for what some divisions have below.
type LandUse string

// LandUseEdition names the edition whose codes and names [LandUse] knows.
const LandUseEdition = "国土空间调查、规划、用途管制用地用海分类指南 (2023)"

// classes is the number of classes of the first level: 01 to 24.
const classes = 24

// Name is a term in Chinese and in English.
type Name struct {
	ZH, EN string
}

// ParseLandUse reads a code by its form: 2, 4 or 6 digits of a class 01 to 24. It doesn't check that the class has
// that subdivision, since plans refine the list; [LandUse.Name] knows the codes of the standard. Old codes such as M2
// are refused: see [LandUseFromOld].
func ParseLandUse(s string) (LandUse, error) {
	wellFormed := (len(s) == 2 || len(s) == 4 || len(s) == 6) && allDigits(s)
	if wellFormed {
		class := int(s[0]-'0')*10 + int(s[1]-'0')
		wellFormed = class >= 1 && class <= classes
	}
	if !wellFormed {
		return "", geo.NewInvalid("land_use", "code.land_use", s)
	}
	return LandUse(s), nil
}

// LandUseFromOld translates an industrial code of older plans (GB 50137-2011:
// M1, M2, M3, by nuisance), and false for any other.
func LandUseFromOld(code string) (LandUse, bool) {
	use, ok := map[string]LandUse{"M1": "100101", "M2": "100102", "M3": "100103"}[code]
	return use, ok
}

// Name returns the class's name, and false when the code is not known here.
func (u LandUse) Name() (Name, bool) {
	n, ok := landUseNames[u]
	return n, ok
}

// Industrial reports whether the use is industrial land (1001 and below).
func (u LandUse) Industrial() bool { return len(u) >= 4 && u[:4] == "1001" }

var landUseNames = map[LandUse]Name{
	"08":     {"公共管理与公共服务用地", "Public administration and services"},
	"0802":   {"科研用地", "Research"},
	"10":     {"工矿用地", "Industry and mining"},
	"1001":   {"工业用地", "Industry"},
	"100101": {"一类工业用地", "Industry, class 1"},
	"100102": {"二类工业用地", "Industry, class 2"},
	"100103": {"三类工业用地", "Industry, class 3"},
	"11":     {"仓储用地", "Storage"},
	"1101":   {"物流仓储用地", "Logistics and storage"},
	"110101": {"一类物流仓储用地", "Logistics and storage, class 1"},
	"110102": {"二类物流仓储用地", "Logistics and storage, class 2"},
	"110103": {"三类物流仓储用地", "Logistics and storage, class 3"},
	"12":     {"交通运输用地", "Transport"},
	"1207":   {"城镇村道路用地", "Roads of towns and villages"},
	"13":     {"公用设施用地", "Utilities"},
	"1301":   {"供水用地", "Water supply"},
	"1302":   {"排水用地", "Drainage and sewage"},
	"1303":   {"供电用地", "Power supply"},
	"1304":   {"供燃气用地", "Gas supply"},
	"1305":   {"供热用地", "Heat supply"},
	"1306":   {"通信用地", "Telecommunications"},
	"1307":   {"邮政用地", "Post"},
	"1308":   {"广播电视设施用地", "Broadcasting"},
	"1309":   {"环卫用地", "Sanitation"},
	"1310":   {"消防用地", "Fire protection"},
	"1311":   {"水工设施用地", "Hydraulic works"},
	"1312":   {"其他公用设施用地", "Other utilities"},
	"14":     {"绿地与开敞空间用地", "Green and open space"},
	"1402":   {"防护绿地", "Protective green"},
	"16":     {"留白用地", "Left blank by the plan"},
}
