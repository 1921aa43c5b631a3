package land

import "luodi/geo"

// Stage is how far an investment project has come.
type Stage string

// The stages in their order. That a project is provincial or municipal key is no stage but a dated tag.
const (
	StageLead         Stage = "lead"          // 线索: a firm that might come
	StageInTalks      Stage = "in_talks"      // 在谈
	StageToSign       Stage = "to_sign"       // 拟签约: the terms are agreed
	StageSigned       Stage = "signed"        // 签约
	StageLanded       Stage = "landed"        // 落地: the company is registered and land is in hand
	StageStarted      Stage = "started"       // 开工
	StageInProduction Stage = "in_production" // 投产
)

// Stages lists every stage in its order. The database's check and stage_order, the API's lists and the page's are held
// to it by tests.
func Stages() []Stage {
	return []Stage{StageLead, StageInTalks, StageToSign, StageSigned, StageLanded, StageStarted, StageInProduction}
}

var stageNames = map[Stage]geo.Words{StageLead: geo.Say("stage.lead"), StageInTalks: geo.Say("stage.in_talks"),
	StageToSign: geo.Say("stage.to_sign"), StageSigned: geo.Say("stage.signed"), StageLanded: geo.Say("stage.landed"),
	StageStarted: geo.Say("stage.started"), StageInProduction: geo.Say("stage.in_production")}

// Words are the stage's name.
func (s Stage) Words() geo.Words { return stageNames[s] }
