package sample

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// Stories are what the report tells of people at work: expert teams with three voices, a missing piece with who is to
// win it, target firms, firms with titles, projects run for their firms, problems that meetings solve. It names none
// of them and gives no day, so all of it is made up and says so. A day is a date, or, for what shows work in hand, so
// many days before or after loading: "-5", "+9".
type Stories struct {
	Agent      Nobody      `json:"agent"`
	Noter      Nobody      `json:"noter"`
	Charges    []charge    `json:"charges"`
	Experts    []expert    `json:"experts"`
	Owners     []owner     `json:"owners"`
	Judgements []judgement `json:"judgements"`
	Targets    []target    `json:"targets"`
	Roles      []role      `json:"roles"`
	Titles     []title     `json:"titles"`
	Mandates   []mandate   `json:"mandates"`
	Meetings   []meeting   `json:"meetings"`
	Problems   []problem   `json:"problems"`
}

// Nobody is a placeholder account: it signs nobody in.
type Nobody struct{ Login, Name string }

type (
	charge struct {
		Team       string
		Industries []string
	}
	expert    struct{ Team, Voice, Name string }
	owner     struct{ Node, Team string }
	judgement struct{ Node, Voice, Verdict, On, Why string }
	target    struct {
		Node, Team, Name, Answer, Note, Due string
		ApproachedOn                        string `json:"approached_on"`
		SaidOn                              string `json:"said_on"`
		NextStep                            string `json:"next_step"`
	}
	role    struct{ Project, Node, Role string }
	title   struct{ Party, Title string }
	mandate struct{ Project, From, Until string }
	meeting struct{ Code, Day, Title, Minutes string }
	problem struct {
		Project, Step, On, Words string
		Turns                    []turn
	}
	turn struct{ Kind, On, Meeting, Owner, Due, Evidence string }
)

//go:embed stories.json
var stories []byte

// What the sample says of where its stories are from.
const (
	chainOfStories = "carbon_fibre"
	titledOn       = "2022-05-28" // the report's day
	titleSource    = "报道：骨干企业与专精特新企业；级别和日期为示意 / report: backbone and specialised firms; level and date are illustrative"
	roleSource     = "报道讲到该企业；链条作用为示意 / the report tells of the firm; its role in the chain is illustrative"
	targetPlace    = "外省（占位） / another province (placeholder)"
	targetSource   = "占位：报道未具名 / placeholder: not named in the report"
	mandateName    = "授权委托书（示意） / The firm's mandate (illustrative)"
)

// shanghai is where the sample's park is.
var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// day is a date of the stories; nil for "".
func (l *loader) day(text string) *string {
	if text == "" {
		return nil
	}
	if text[0] != '-' && text[0] != '+' {
		return &text
	}
	n, err := strconv.Atoi(text)
	if err != nil && l.err == nil {
		l.err = fmt.Errorf("a day of the stories: %w", err)
	}
	date := l.now.In(shanghai).AddDate(0, 0, n).Format(time.DateOnly)
	return &date
}

// at is a moment of a day of the stories: ten in the morning, or now where that is still to come.
func (l *loader) at(text string) time.Time {
	day, err := time.ParseInLocation(time.DateOnly, *l.day(text), shanghai)
	if err != nil && l.err == nil {
		l.err = fmt.Errorf("a moment of the stories: %w", err)
	}
	if moment := day.Add(10 * time.Hour); moment.Before(l.now) {
		return moment
	}
	return l.now
}

// stories puts the stories in, after the parks: a meeting is a park's.
func (l *loader) stories() {
	if l.err != nil {
		return
	}
	var s Stories
	if err := json.Unmarshal(stories, &s); err != nil {
		l.err = fmt.Errorf("read the embedded stories: %w", err)
		return
	}
	noter := l.id("account", "noter")
	l.insert("placeholder accounts", sqlNobody, []row{
		{"id": noter, "login": s.Noter.Login, "name": s.Noter.Name},
		{"id": l.id("account", "agent"), "login": s.Agent.Login, "name": s.Agent.Name},
	})
	l.promotion(s)
	l.agency(s)
}

// noted is a row of something that the sample noted.
func (l *loader) noted(r row) row {
	r["district_id"], r["noted_by"] = l.home, l.id("account", "noter")
	return r
}

func (l *loader) promotion(s Stories) {
	var charges, experts, owners, judgements, targets, notes, roles, titles []row
	for _, c := range s.Charges {
		charges = append(charges, l.noted(row{"team_id": l.id("team", c.Team), "industries": c.Industries}))
	}
	for _, e := range s.Experts {
		experts = append(experts, l.noted(row{"id": l.id("expert", e.Voice), "team_id": l.id("team", e.Team),
			"voice": e.Voice, "name": e.Name}))
	}
	for _, o := range s.Owners {
		owners = append(owners, l.noted(row{"id": l.id("owner", o.Node), "node": o.Node,
			"team_id": l.id("team", o.Team)}))
	}
	for _, j := range s.Judgements {
		judgements = append(judgements, l.noted(row{"id": l.id("expert", j.Voice), "node": j.Node, "verdict": j.Verdict,
			"why": j.Why, "on": l.day(j.On)}))
	}
	for _, t := range s.Targets {
		id := l.id("target", t.Name)
		targets = append(targets, l.noted(row{"id": id, "node": t.Node, "name": t.Name, "place": targetPlace,
			"source": targetSource, "team_id": l.id("team", t.Team), "on": l.day(t.ApproachedOn)}))
		if t.Answer != "" {
			notes = append(notes, l.noted(row{"id": id, "on": l.day(t.SaidOn), "answer": t.Answer, "note": t.Note,
				"next_step": t.NextStep, "due": l.day(t.Due)}))
		}
	}
	for _, r := range s.Roles {
		roles = append(roles, l.noted(row{"id": l.id("project", r.Project), "node": r.Node, "role": r.Role,
			"source": roleSource}))
	}
	for _, t := range s.Titles {
		titles = append(titles, l.noted(row{"id": l.id("title", t.Party), "party_id": l.id("party", t.Party),
			"title": t.Title, "on": titledOn, "source": titleSource}))
	}
	l.insert("charges of teams", sqlCharges, charges)
	l.insert("experts", sqlExperts, experts)
	l.insert("owners of pieces", sqlPieceOwners, owners)
	l.insert("judgements", sqlJudgements, judgements)
	l.insert("target firms", sqlTargets, targets)
	l.insert("notes of target firms", sqlTargetNotes, notes)
	l.insert("roles in the chain", sqlRoles, roles)
	l.insert("titles", sqlTitles, titles)
}

func (l *loader) agency(s Stories) {
	var mandates, meetings, minutes, problems, turns []row
	for _, m := range s.Mandates {
		mandates = append(mandates, l.noted(row{"id": l.id("project", m.Project), "agent": l.id("account", "agent"),
			"from": l.day(m.From), "until": l.day(m.Until), "document": mandateName, "at": l.at(m.From)}))
	}
	for _, m := range s.Meetings {
		id := l.id("meeting", m.Code)
		meetings = append(meetings, l.noted(row{"park_id": l.entering, "id": id, "day": l.day(m.Day), "title": m.Title,
			"at": l.at(m.Day)}))
		if m.Minutes != "" {
			minutes = append(minutes, l.noted(row{"park_id": l.entering, "id": id, "words": m.Minutes,
				"at": l.at(m.Day)}))
		}
	}
	for i, p := range s.Problems {
		id, project := l.id("problem", strconv.Itoa(i)), l.id("project", p.Project)
		problems = append(problems, l.noted(row{"id": id, "project_id": project, "words": p.Words, "step": p.Step,
			"at": l.at(p.On)}))
		for n, t := range p.Turns {
			r := l.noted(row{"id": id, "project_id": project, "place": n, "kind": t.Kind, "due": l.day(t.Due),
				"at": l.at(t.On)})
			if t.Meeting != "" {
				r["meeting_id"] = l.id("meeting", t.Meeting)
			}
			r["owner"], r["evidence"] = t.Owner, t.Evidence
			turns = append(turns, r)
		}
	}
	l.insert("mandates", sqlMandates, mandates)
	l.insert("meetings", sqlMeetings, meetings)
	l.insert("minutes", sqlMinutes, minutes)
	l.insert("problems", sqlProblems, problems)
	l.insert("turns of problems", sqlTurns, turns)
}
