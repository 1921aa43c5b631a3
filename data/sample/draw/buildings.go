package main

import (
	"fmt"

	"luodi/data/sample"
)

// buildings are two workshops in the production zones. The report names none: they, and every figure, are made up.
func buildings() []sample.Building {
	unit := func(floor, n int, m2, clear, load, crane, power, rent float64) sample.Unit {
		return sample.Unit{Code: fmt.Sprint(floor*100 + n), Floor: floor, AreaM2: m2, ClearHeightM: &clear,
			LoadTM2: &load,
			CraneT:  &crane, PowerKVA: &power, Rent: &rent}
	}
	named := func(n int) sample.Named {
		return sample.Named{Code: fmt.Sprintf("CF-%02d", n), NameZH: fmt.Sprintf("标准厂房 %02d（示意）", n),
			NameEN: fmt.Sprintf("Workshop %02d (illustrative)", n)}
	}
	ready := sample.Building{Named: named(1), Parcel: "TX-A01", Stage: "ready", Since: "2022-03-01", Storeys: 2,
		FloorM2: 9600, Source: madeUp, Units: []sample.Unit{
			unit(1, 1, 2400, 8.1, 3, 10, 500, 18), unit(1, 2, 2400, 8.1, 3, 10, 500, 18),
			unit(2, 1, 2400, 5.4, 1, 0, 250, 14), unit(2, 2, 2400, 5.4, 1, 0, 250, 14)}}
	ready.Units[0].Tenant, ready.Units[0].LetFrom = "PK-05", "2022-04-01"
	coming := sample.Building{Named: named(2), Parcel: "TX-L01", Stage: "under_construction",
		ReadyBy: "2027-06-30", Storeys: 1,
		FloorM2: 6000, Source: madeUp, Units: []sample.Unit{unit(1, 1, 3000, 10.5, 5, 20, 800, 20)}}
	// what is not known yet stays so: of the second unit its crane, power and rent
	open := unit(1, 2, 3000, 10.5, 5, 0, 0, 0)
	open.CraneT, open.PowerKVA, open.Rent = nil, nil, nil
	coming.Units = append(coming.Units, open)
	return []sample.Building{ready, coming}
}

// madeUp is the source of what stands in no report.
const madeUp = "示意，非实际厂房 / illustrative, no real workshop"
