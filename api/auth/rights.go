package auth

import (
	"context"
	"fmt"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/google/uuid"

	"luodi/api/problem"
	"luodi/data/people"
)

// Of is the scope of a right: the park in which the principal must be allowed the action.
type Of string

// The places. A project or company is the business of the parks that data's project_park and party_park name; without a
// role there it is not there at all: 404.
const (
	Anybody   Of = "anybody"       // the public too; what is more than public is shown to who may see the park
	Oneself   Of = "oneself"       // whoever signed in, by session or token, and what is one's own
	Person    Of = "person"        // whoever signed in by a session, and what is one's own
	ThePark   Of = "the park"      // the park that is named
	APark     Of = "some park"     // any park at all; an answer holds what is of those parks
	ItsPark   Of = "a park of it"  // a park whose business the project or company is
	ItsKeeper Of = "its keeper"    // a park that entered the company, or in which its projects have or wait for land
	ItsParks  Of = "all its parks" // every park whose business the project or company is
	District  Of = "all parks"     // every park, those to come as well
	AllOfThem Of = "every park"    // each park that the account has a role in, or is given one in
)

// Right is a row of the table: who may carry out an operation, of which kind where that makes a difference.
type Right struct {
	Operation string // the OpenAPI operation's id; method and path of what is described elsewhere
	Kind      string
	Action    Action // none of Anybody, Oneself and Person
	Of        Of
	Writes    bool   // no token of scope read gets through
	More      Action // who may do this in the park is shown what isn't public too
}

// Rights is the whole table. The guard asks it, docs/accounts.md shows it, and a test tries every cell of it over HTTP.
var Rights = []Right{
	{Operation: "parks", Of: Anybody}, {Operation: "park", Of: Anybody}, {Operation: "parcel", Of: Anybody},
	{Operation: "paper", Of: Anybody, More: See},
	{Operation: "parcels.geojson", Of: Anybody}, {Operation: "park.tile", Of: Anybody, More: See},
	{Operation: "park.items", Of: Anybody, More: See}, {Operation: "park.item", Of: Anybody, More: See},
	{Operation: "export", Of: Anybody, More: See},
	{Operation: "parcel.plat", Of: Anybody},
	{Operation: "backgrounds", Of: Anybody},
	{Operation: "balance", Of: Anybody},
	{Operation: "search", Of: Anybody, More: See},
	{Operation: "services", Of: Anybody, More: See}, {Operation: "services.node", Of: Anybody, More: See},
	{Operation: "services.near", Of: Anybody, More: See},
	{Operation: "buildings", Of: Anybody, More: See}, {Operation: "building", Of: Anybody, More: See},
	{Operation: "units", Of: Anybody, More: See},
	{Operation: "events", Of: Anybody, More: See}, {Operation: "events.district", Of: Anybody, More: See},
	{Operation: "live", Of: Anybody, More: See},
	{Operation: "match", Of: Anybody, More: See}, {Operation: "heat", Of: Anybody, More: See},
	{Operation: "carve", Of: Anybody, More: See}, {Operation: "assemble", Of: Anybody, More: See},
	{Operation: "chain", Of: Anybody, More: See}, {Operation: "measures", Of: Anybody, More: See},

	{Operation: "session", Of: Anybody}, {Operation: "session.open", Of: Anybody, Writes: true},
	{Operation: "session.close", Of: Anybody, Writes: true},
	{Operation: "invitation.look", Of: Anybody}, {Operation: "invitation.use", Of: Anybody, Writes: true},
	{Operation: "session.password", Of: Person, Writes: true},
	{Operation: "tokens", Of: Person}, {Operation: "tokens.create", Of: Person, Writes: true},
	{Operation: "tokens.revoke", Of: Person, Writes: true},
	{Operation: "tokens.create", Kind: "unlocked", Action: Manage, Of: APark, Writes: true},

	{Operation: "sessions", Of: Person}, {Operation: "sessions.end", Of: Person, Writes: true},
	{Operation: "my.tasks", Of: Oneself},
	{Operation: "my.reminders", Of: Person}, {Operation: "my.reminders.change", Of: Person, Writes: true},
	{Operation: "my.address", Of: Person, Writes: true}, {Operation: "my.address.confirm", Of: Person, Writes: true},
	{Operation: "my.address.forget", Of: Person, Writes: true},
	{Operation: "my.calendar", Of: Person, Writes: true}, {Operation: "my.calendar.revoke", Of: Person, Writes: true},
	{Operation: "my.calendar.read", Of: Anybody},
	{Operation: "mails", Action: Manage, Of: District},
	{Operation: "mails.decide", Action: Manage, Of: District, Writes: true},

	{Operation: "matches.create", Action: See, Of: ThePark, Writes: true, More: See},
	{Operation: "matches.list", Of: Oneself}, {Operation: "matches.replay", Of: Oneself, More: See},
	{Operation: "matches.delete", Of: Oneself, Writes: true},

	{Operation: "desk.geojson", Action: See, Of: ThePark}, {Operation: "desk.collection", Action: See, Of: ThePark},
	{Operation: "desk.object", Action: See, Of: ThePark}, {Operation: "desk.balance", Action: See, Of: ThePark},
	{Operation: "records", Action: See, Of: ThePark}, {Operation: "record", Action: See, Of: ThePark},
	{Operation: "parcel.history", Action: See, Of: ThePark},
	{Operation: "parcel.projects", Action: See, Of: ThePark}, {Operation: "parcel.wishes", Action: See, Of: ThePark},
	{Operation: "papers", Action: See, Of: ThePark},
	{Operation: "allotments", Action: See, Of: ThePark}, {Operation: "allotment", Action: See, Of: ThePark},
	{Operation: "queue", Action: See, Of: ThePark},
	{Operation: "proposals", Action: See, Of: ThePark}, {Operation: "proposal", Action: See, Of: ThePark},
	{Operation: "records.create", Action: Change, Of: ThePark, Writes: true},
	{Operation: "records.create", Kind: "for a project", Action: Change, Of: ItsPark, Writes: true},
	{Operation: "records.create", Kind: "settings", Action: Tell, Of: ThePark, Writes: true},
	{Operation: "imports.create", Action: Change, Of: ThePark, Writes: true},
	{Operation: "record.import", Action: See, Of: ThePark},
	{Operation: "survey_text", Action: Change, Of: ThePark},
	{Operation: "proposals.decide", Action: See, Of: ThePark, Writes: true},
	{Operation: "proposals.decide", Kind: "approve", Action: Approve, Of: ThePark, Writes: true},
	{Operation: "proposals.decide", Kind: "reject", Action: Approve, Of: ThePark, Writes: true},
	{Operation: "proposals.decide", Kind: "withdraw", Action: Change, Of: ThePark, Writes: true},

	{Operation: "building.history", Action: See, Of: ThePark}, {Operation: "building.records", Action: See, Of: ThePark},
	{Operation: "lettings.list", Action: See, Of: ThePark}, {Operation: "lettings", Action: See, Of: ThePark},
	{Operation: "buildings.create", Action: Change, Of: ThePark, Writes: true},
	{Operation: "buildings.change", Action: Change, Of: ThePark, Writes: true},
	{Operation: "units.create", Action: Change, Of: ThePark, Writes: true},
	{Operation: "units.change", Action: Change, Of: ThePark, Writes: true},
	{Operation: "lettings.create", Action: Change, Of: ThePark, Writes: true},
	{Operation: "lettings.create", Kind: "for a project", Action: Change, Of: ItsPark, Writes: true},
	{Operation: "lettings.let", Action: Change, Of: ThePark, Writes: true},
	{Operation: "lettings.end", Action: Change, Of: ThePark, Writes: true},

	{Operation: "projects", Action: See, Of: APark}, {Operation: "parties", Action: See, Of: APark},
	{Operation: "project", Action: See, Of: ItsPark}, {Operation: "party", Action: See, Of: ItsPark},
	{Operation: "investments", Action: See, Of: ItsPark},
	{Operation: "figures", Action: See, Of: APark}, {Operation: "figures.projects", Action: See, Of: APark},
	{Operation: "figures.facts", Action: See, Of: APark}, {Operation: "figures.facts.projects", Action: See, Of: APark},
	{Operation: "money", Action: See, Of: ItsPark}, {Operation: "land_starts", Action: See, Of: ItsPark},
	{Operation: "money.create", Action: Change, Of: ItsPark, Writes: true},
	{Operation: "land_starts.create", Action: Change, Of: ItsPark, Writes: true},
	{Operation: "ledgers.xlsx", Action: See, Of: ItsPark}, {Operation: "projects.xlsx", Action: See, Of: APark},
	{Operation: "ledgers", Action: See, Of: APark},
	{Operation: "ledgers.preview", Action: Change, Of: ThePark, Writes: true},
	{Operation: "ledgers.create", Action: Change, Of: ThePark, Writes: true},
	{Operation: "board", Action: See, Of: APark}, {Operation: "dispatch", Action: See, Of: APark},
	{Operation: "projects.names", Action: See, Of: APark},
	{Operation: "projects.create", Action: Change, Of: ThePark, Writes: true},
	{Operation: "parties.create", Action: Change, Of: ThePark, Writes: true},
	{Operation: "projects.create", Kind: "of a company", Action: Change, Of: ItsPark, Writes: true},
	{Operation: "projects.change", Action: Change, Of: ItsPark, Writes: true},
	{Operation: "projects.change", Kind: "of a company", Action: Change, Of: ItsPark, Writes: true},
	{Operation: "projects.change", Kind: "what is shown", Action: Change, Of: ItsParks, Writes: true},
	{Operation: "projects.milestone", Action: Change, Of: ItsPark, Writes: true},
	{Operation: "projects.turn", Action: Change, Of: ItsPark, Writes: true},
	{Operation: "projects.contact", Action: Change, Of: ItsPark, Writes: true},
	{Operation: "projects.release", Action: Change, Of: ItsPark, Writes: true},
	{Operation: "visits", Action: See, Of: ItsPark},
	{Operation: "visits.create", Action: Change, Of: ItsPark, Writes: true},
	{Operation: "visits.done", Action: Change, Of: ItsPark, Writes: true},
	{Operation: "projects.tag", Action: Change, Of: ItsPark, Writes: true},
	{Operation: "investments.create", Action: Change, Of: ItsPark, Writes: true},
	{Operation: "parties.change", Action: Change, Of: ItsParks, Writes: true},
	{Operation: "contacts", Action: Change, Of: ItsKeeper},
	{Operation: "contacts.create", Action: Change, Of: ItsKeeper, Writes: true},
	{Operation: "contacts.change", Action: Change, Of: ItsKeeper, Writes: true},
	{Operation: "contacts.erase", Action: Change, Of: ItsKeeper, Writes: true},

	{Operation: "teams", Action: See, Of: APark},
	{Operation: "teams.create", Action: Manage, Of: District, Writes: true},
	{Operation: "teams.change", Action: Manage, Of: District, Writes: true},
	{Operation: "teams.figures", Action: See, Of: APark}, {Operation: "teams.figures.projects", Action: See, Of: APark},
	{Operation: "teams.targets", Action: See, Of: APark},
	{Operation: "teams.targets.create", Action: Manage, Of: District, Writes: true},
	{Operation: "flow.templates", Action: See, Of: APark}, {Operation: "flow.template", Action: See, Of: APark},
	{Operation: "flow.plan", Action: See, Of: APark}, {Operation: "flow.figures", Action: See, Of: APark},
	{Operation: "flow", Action: See, Of: ItsPark},
	{Operation: "flow.templates.create", Action: Manage, Of: AllOfThem, Writes: true},
	{Operation: "flow.templates.change", Action: Manage, Of: AllOfThem, Writes: true},
	{Operation: "flow.start", Action: Change, Of: ItsPark, Writes: true},
	{Operation: "flow.note", Action: Change, Of: ItsPark, Writes: true},
	{Operation: "flow.retract", Action: Change, Of: ItsPark, Writes: true},
	{Operation: "flow.retire", Action: Change, Of: ItsPark, Writes: true},

	{Operation: "my.day", Action: See, Of: APark}, {Operation: "meetings", Action: See, Of: APark},
	{Operation: "agency", Action: See, Of: ItsPark}, {Operation: "project.paper", Action: See, Of: ItsPark},
	{Operation: "agency.colleagues", Action: See, Of: ItsPark},
	{Operation: "agency.name", Action: Change, Of: ItsPark, Writes: true},
	{Operation: "agency.end", Action: Change, Of: ItsPark, Writes: true},
	{Operation: "project.papers.create", Action: See, Of: ItsPark, Writes: true},
	{Operation: "project.papers.create", Kind: "not its agent", Action: Change, Of: ItsPark, Writes: true},
	{Operation: "flow.photo", Action: See, Of: ItsPark, Writes: true},
	{Operation: "flow.photo", Kind: "not its agent", Action: Change, Of: ItsPark, Writes: true},
	{Operation: "problems.create", Action: See, Of: ItsPark, Writes: true},
	{Operation: "problems.create", Kind: "not its agent", Action: Change, Of: ItsPark, Writes: true},
	{Operation: "firm_link.create", Action: See, Of: ItsPark, Writes: true},
	{Operation: "firm_link.create", Kind: "not its agent", Action: Change, Of: ItsPark, Writes: true},
	{Operation: "firm_link.revoke", Action: See, Of: ItsPark, Writes: true},
	{Operation: "firm_link.revoke", Kind: "not its agent", Action: Change, Of: ItsPark, Writes: true},
	{Operation: "problems.turn", Action: Change, Of: ItsPark, Writes: true},
	{Operation: "meetings.create", Action: Change, Of: ThePark, Writes: true},
	{Operation: "meetings.minutes", Action: Change, Of: ThePark, Writes: true},
	{Operation: "firm.look", Of: Anybody}, {Operation: "firm.papers", Of: Anybody, Writes: true},
	{Operation: "firm.problems", Of: Anybody, Writes: true},
	{Operation: "promotion", Action: See, Of: ThePark}, {Operation: "promotion.piece", Action: See, Of: ThePark},
	{Operation: "promotion.owner", Action: Lead, Of: ThePark, Writes: true},
	{Operation: "promotion.judge", Action: Change, Of: ThePark, Writes: true},
	{Operation: "promotion.target", Action: Change, Of: ThePark, Writes: true},
	{Operation: "promotion.note", Action: Change, Of: ThePark, Writes: true},
	{Operation: "promotion.close", Action: Change, Of: ThePark, Writes: true},
	{Operation: "promotion.project", Action: Change, Of: ThePark, Writes: true},
	{Operation: "roles", Action: See, Of: ItsPark},
	{Operation: "roles.create", Action: Change, Of: ItsPark, Writes: true},
	{Operation: "taskforces", Action: See, Of: APark},
	{Operation: "taskforces.charge", Action: Manage, Of: District, Writes: true},
	{Operation: "taskforces.expert", Action: Manage, Of: District, Writes: true},
	{Operation: "taskforces.leave", Action: Manage, Of: District, Writes: true},
	{Operation: "judging", Of: Oneself}, {Operation: "judging.create", Of: Oneself, Writes: true},
	{Operation: "titles", Action: See, Of: ItsPark}, {Operation: "titles.year", Action: See, Of: APark},
	{Operation: "titles.create", Action: Change, Of: ItsPark, Writes: true},
	{Operation: "titles.withdraw", Action: Change, Of: ItsPark, Writes: true},
	{Operation: "titles.figure", Action: Change, Of: APark, Writes: true},

	{Operation: "enquiry.terms", Of: Anybody}, {Operation: "enquiry.look", Of: Anybody},
	{Operation: "enquiry.send", Of: Anybody, Writes: true}, {Operation: "enquiry.withdraw", Of: Anybody, Writes: true},
	{Operation: "enquiries", Action: Change, Of: ThePark}, {Operation: "enquiries.one", Action: Change, Of: ThePark},
	{Operation: "enquiries.change", Action: Change, Of: ThePark, Writes: true},
	{Operation: "enquiries.answer", Action: Change, Of: ThePark, Writes: true},
	{Operation: "enquiries.project", Action: Change, Of: ThePark, Writes: true},

	{Operation: "webhooks", Action: Manage, Of: ThePark}, {Operation: "webhook", Action: Manage, Of: ThePark},
	{Operation: "webhook.dead", Action: Manage, Of: ThePark},
	{Operation: "webhooks.add", Action: Manage, Of: ThePark, Writes: true},
	{Operation: "webhook.change", Action: Manage, Of: ThePark, Writes: true},
	{Operation: "webhook.retire", Action: Manage, Of: ThePark, Writes: true},
	{Operation: "webhook.secret", Action: Manage, Of: ThePark, Writes: true},
	{Operation: "webhook.ping", Action: Manage, Of: ThePark, Writes: true},
	{Operation: "webhook.resend", Action: Manage, Of: ThePark, Writes: true},

	{Operation: "accounts", Action: Manage, Of: APark},
	{Operation: "accounts.add", Action: Manage, Of: AllOfThem, Writes: true},
	{Operation: "accounts.invite", Action: Manage, Of: AllOfThem, Writes: true},
	{Operation: "accounts.change", Action: Manage, Of: APark, Writes: true},
	{Operation: "accounts.change", Kind: "roles", Action: Manage, Of: AllOfThem, Writes: true},
	{Operation: "accounts.change", Kind: "name, disabled", Action: Manage, Of: AllOfThem, Writes: true},

	{Operation: "GET /healthz", Of: Anybody}, {Operation: "GET /readyz", Of: Anybody},
	{Operation: "GET /metrics", Of: Anybody},
	{Operation: "GET /problems/{slug}", Of: Anybody},
	{Operation: "GET /api/docs", Of: Anybody},
	{Operation: "GET /api/docs/plain", Of: Anybody},
	{Operation: "GET /api/openapi", Of: Anybody},
	{Operation: "GET /ogc", Of: Anybody}, {Operation: "GET /", Of: Anybody},
}

// RightTo finds the row of an operation and kind. It panics if there is no row, which is a programming error; for an
// operation that happens when the server starts.
func RightTo(operation, kind string) Right {
	i := slices.IndexFunc(Rights, func(r Right) bool { return r.Operation == operation && r.Kind == kind })
	if i < 0 {
		panic(fmt.Sprintf("operation %q of kind %q has no row in the table of rights", operation, kind))
	}
	return Rights[i]
}

// Guarded is the middleware of an operation. It refuses a principal that has the right in no park before the body is
// read, and puts the right into the context for the handler.
func Guarded(operation string) func(huma.Context, func(huma.Context)) {
	right := RightTo(operation, "")
	return func(ctx huma.Context, next func(huma.Context)) {
		if err := right.admits(From(ctx.Context())); err != nil {
			r, w := humachi.Unwrap(ctx)
			problem.Write(w, r, err)
			return
		}
		next(huma.WithValue(ctx, rightKey{}, right))
	}
}

type rightKey struct{}

// With puts the right to an operation into a context, for the routes that stand beside huma.
func With(ctx context.Context, operation string) context.Context {
	return context.WithValue(ctx, rightKey{}, RightTo(operation, ""))
}

// Asked is the right that the request's operation needs.
func Asked(ctx context.Context) Right {
	right, ok := ctx.Value(rightKey{}).(Right)
	if !ok {
		panic("the route has no row in the table of rights")
	}
	return right
}

// As is the row of another kind of the same operation.
func (r Right) As(kind string) Right { return RightTo(r.Operation, kind) }

// admits refuses a principal that can have the right in no park: the public where an account is needed, a token where
// a person is needed, and a token of scope read where the operation writes, whatever its account may do.
func (r Right) admits(p *Principal) error {
	switch {
	case p == nil && r.Of != Anybody:
		return errSignIn
	case p == nil || p.Token == nil:
		return nil
	case r.Of == Person:
		return forbidden("auth.expected.person", string(p.Token.Scope))
	case r.Writes && p.Token.Scope == people.ScopeRead:
		return forbidden("auth.expected.scope.change", string(p.Token.Scope))
	}
	return nil
}

// Admits reports whether tokens of a scope get through at all.
func (r Right) Admits(scope people.Scope) bool {
	return r.Of != Person && (r.Action == "" || slices.Contains(byToken[scope], r.Action)) &&
		(scope != people.ScopeRead || !r.Writes)
}

// MayBy returns nil if the principal has the right in these parks. Otherwise it returns the problem to answer with:
// 401 for the public, 403 for an account.
func (p *Principal) MayBy(r Right, parks ...uuid.UUID) error {
	if err := r.admits(p); err != nil {
		return err
	}
	switch r.Of {
	case Anybody, Oneself, Person:
		return nil
	case APark:
		return p.anywhere(r.Action)
	case District:
		return p.May(r.Action, EveryPark)
	case ThePark, ItsPark, ItsKeeper:
		refusal := p.May(r.Action, EveryPark)
		for i := 0; refusal != nil && i < len(parks); i++ {
			refusal = p.May(r.Action, parks[i])
		}
		return refusal
	}
	if len(parks) == 0 {
		return p.May(r.Action, EveryPark)
	}
	for _, park := range parks {
		if err := p.May(r.Action, park); err != nil {
			return err
		}
	}
	return nil
}

// Shown reports whether the principal may see unpublished data of a park.
func (p *Principal) Shown(r Right, park uuid.UUID) bool { return p.May(r.More, park) == nil }

// Need returns the principal of the request if it has the operation's right in these parks. Otherwise it returns a
// problem: 401 for the public, 403 for an account.
func Need(ctx context.Context, parks ...uuid.UUID) (*Principal, error) {
	p := From(ctx)
	return p, p.MayBy(Asked(ctx), parks...)
}
