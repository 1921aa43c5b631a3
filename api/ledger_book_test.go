package api_test

import (
	"fmt"
	"testing"

	"github.com/xuri/excelize/v2"
)

// creditOf makes a right unified social credit code of a number.
func creditOf(n int) string {
	const signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	code := fmt.Sprintf("9137100%010d", n)
	sum, weight := 0, 1
	for _, c := range code {
		sum += int(c-'0') * weight
		weight = weight * 3 % 31
	}
	return code + string(signs[(31-sum%31)%31])
}

// ledgerHeads are two rows of heads: a group over each kind of money, and the rest merged downwards.
var ledgerHeads = [][2]string{{"序号", ""}, {"项目名称", ""}, {"企业名称", ""}, {"统一社会信用代码", ""},
	{"重点级别", ""},
	{"项目进度", ""},
	{"暂停或终止原因", ""},
	{"签约时间", ""},
	{"项目开工时间", ""},
	{"动工时间", ""},
	{"投产时间", ""},
	{"投资", "计划总投资"}, {"投资", "2022年度计划投资"}, {"投资", "本年到位资金"}, {"投资", "1-3月固定资产投资"},
	{"用地需求（亩）", ""}, {"包联领导", ""}}

// The columns of ledgerRow, by name.
const (
	colName, colFirm, colCredit, colTag, colStatus, colReason       = 1, 2, 3, 4, 5, 6
	colSigned, colStarted, colLand, colProduction                   = 7, 8, 9, 10
	colPlanned, colYearPlan, colPaid, colFixed, colNeed, colForeign = 11, 12, 13, 14, 15, 16
)

// ledger60 are the 60 projects of testdata/ledger60.md, and below them two more rows of projects that are there
// already. A number is a number in the sheet, a text a text.
func ledger60() [][]any {
	rows := make([][]any, 0, 62)
	for n := 1; n <= 60; n++ {
		row := make([]any, len(ledgerHeads))
		for i := range row {
			row[i] = ""
		}
		row[0], row[colName], row[colFirm] = n, fmt.Sprintf("碳纤维项目%02d",
			n), fmt.Sprintf("临港第%02d复材有限公司", n)
		row[colCredit], row[colForeign] = creditOf(n), "张三"
		switch {
		case n <= 20: // A
			row[colStatus], row[colSigned], row[colStarted], row[colPaid] = "已开工", "2021.11", "2021年12月15日", 100
			row[colPlanned] = "1.2亿元"
			if n <= 10 {
				row[colPlanned], row[colTag], row[colYearPlan], row[colFixed] = 5000, "省重点", 0, 80
			} else {
				row[colFixed] = "—"
			}
			if n <= 8 {
				row[colLand] = "2022-01-10"
			}
		case n <= 40: // B
			row[colStatus], row[colTag], row[colSigned], row[colPlanned] = "已签约，未开工", "市重点", 44607, 3000
			row[colYearPlan], row[colPaid] = 800, "无"
			row[colNeed] = 30
			if n > 30 {
				row[colNeed] = "2公顷"
			}
			if n > 35 {
				row[colNeed] = "待定"
			}
		case n <= 48: // C
			row[colStatus], row[colPlanned], row[colNeed] = "在谈", "/", "10亩"
		case n <= 52: // D
			row[colStatus], row[colSigned], row[colStarted], row[colPlanned] = "停建", "2021.10", "2021/11/20", 1000
			if n <= 50 {
				row[colReason] = "资金未到位"
			}
		case n <= 54: // E
			row[colStatus], row[colSigned], row[colPlanned] = "已终止", "2021年9月", "—"
		case n <= 58: // F
			row[colStatus], row[colSigned], row[colProduction], row[colPlanned] = "投产", "2020.6", "2022.3", "０.５亿元"
		case n == 59:
			row[colStatus], row[colSigned], row[colPlanned] = "开工", "2021-12-01", "500万美元"
		default:
			row[colStatus], row[colSigned], row[colLand], row[colPlanned] = "签约", "2021.12", "2022.2", "2,000"
			row[colPaid], row[colFixed] = 200, "150"
		}
		rows = append(rows, row)
	}
	again := func(of int, firm, credit string) {
		row := append([]any{}, rows[of-1]...)
		row[0], row[colFirm], row[colCredit] = len(rows)+1, firm, credit
		rows = append(rows, row)
	}
	again(1, "临港第01复材有限公司", creditOf(1)) // the same, once more
	again(2, "临港 第02 复材（集团）", "")        // by its name alone, written in another way
	return rows
}

// firstRow is the row of the sheet of the first project: below a title, a line with the unit, and two rows of heads.
const firstRow = 5

// ledgerBook writes rows as an office would: a merged title, the unit above, heads of two rows, a sum, a remark, and a
// hidden sheet of last year. mark changes the file's bytes and nothing that is read.
func ledgerBook(t *testing.T, rows [][]any, mark string, more func(f *excelize.File, sheet string)) []byte {
	t.Helper()
	const sheet = "2022台账"
	f := excelize.NewFile()
	defer f.Close()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	cell := func(column, row int) string {
		name, err := excelize.CoordinatesToCellName(column+1, row)
		must(err)
		return name
	}
	must(f.SetSheetName("Sheet1", sheet))
	must(f.SetDocProps(&excelize.DocProperties{Description: mark, Created: "2022-04-01T00:00:00Z",
		Modified: "2022-04-01T00:00:00Z"}))
	last := len(ledgerHeads) - 1
	must(f.SetCellStr(sheet, "A1", "临港区重点项目台账"))
	must(f.MergeCell(sheet, "A1", cell(last, 1)))
	must(f.SetCellStr(sheet, "A2", "截至2022年3月31日　单位：万元"))
	must(f.MergeCell(sheet, "A2", cell(last, 2)))
	for i, head := range ledgerHeads {
		must(f.SetCellStr(sheet, cell(i, 3), head[0]))
		if head[1] == "" {
			must(f.MergeCell(sheet, cell(i, 3), cell(i, 4)))
		} else {
			must(f.SetCellStr(sheet, cell(i, 4), head[1]))
		}
	}
	must(f.MergeCell(sheet, cell(colPlanned, 3), cell(colFixed, 3)))
	for i, row := range rows {
		for j, value := range row {
			if value != "" {
				must(f.SetCellValue(sheet, cell(j, firstRow+i), value))
			}
		}
	}
	end := firstRow + len(rows)
	must(f.SetCellStr(sheet, cell(1, end), "合 计"))
	must(f.SetCellValue(sheet, cell(colPlanned, end), 999999))
	must(f.SetCellStr(sheet, cell(0, end+1), "注：数据由各园区报送"))
	_, err := f.NewSheet("2021旧")
	must(err)
	must(f.SetCellStr("2021旧", "A1", "项目名称"))
	must(f.SetCellStr("2021旧", "A2", "旧项目"))
	must(f.SetSheetVisible("2021旧", false))
	if more != nil {
		more(f, sheet)
	}
	buffer, err := f.WriteToBuffer()
	must(err)
	return buffer.Bytes()
}
