package main

import (
	"strconv"

	"luodi/data/sample"
)

// heavy is what carbonisation needs, beyond the share of its plots: the lines of the fibre plant are the park's largest
// consumers. Drawn, as every need of the sample is.
var heavy = map[string]float64{"power": 46000, "steam": 90, "nitrogen": 21000, "water": 4200, "sewage": 3000,
	"gas": 4200}

// A mu of a plant that moulds or cures composites, and of any other works, needs so much of each service.
var (
	curing = map[string]float64{"power": 130, "steam": 0.35, "gas": 15, "water": 12, "sewage": 9}
	plain  = map[string]float64{"power": 75, "steam": 0.12, "gas": 8, "water": 11, "sewage": 8.5}
)

// carried is the network of a parcel that carries a service.
func carried(service string) string {
	if service == "sewage" {
		return "sewer"
	}
	return service
}

// needs states what each project with land needs: by the mu of its plots, of what the streets about them carry; to two
// figures.
func needs(d *sample.Document) {
	at := map[string]*sample.Project{}
	for i := range d.Projects {
		at[d.Projects[i].Code] = &d.Projects[i]
	}
	for _, park := range d.Parks {
		plots := map[string]sample.Parcel{}
		for _, p := range park.Parcels {
			plots[p.Code] = p
		}
		for _, a := range park.Allotments {
			project := at[a.Project]
			project.Requirement = &sample.Requirement{Services: need(project, a.Parcels, plots)}
		}
	}
}

func need(project *sample.Project, parcels []string, plots map[string]sample.Parcel) map[string]float64 {
	if project.ChainStage == "fibre" {
		return heavy
	}
	perMu := plain
	if project.ChainStage == "prepreg" || project.ChainStage == "parts" {
		perMu = curing
	}
	out := map[string]float64{}
	for _, code := range parcels {
		m2, err := strconv.ParseFloat(plots[code].LegalM2, 64)
		if err != nil {
			panic(err) // what was drawn has an area
		}
		for service, rate := range perMu {
			if plots[code].Services[carried(service)].Ready {
				out[service] += rate * m2 * 15 / 10000
			}
		}
	}
	for service, amount := range out {
		out[service] = rounded(amount)
	}
	return out
}
