package api

import (
	"context"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"luodi/api/auth"
	"luodi/data/intake/workbook"
	"luodi/data/registry"
	"luodi/geo"
	"luodi/geo/land"
	"luodi/message"
)

const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// ledgerFile is a ledger as a file to save.
type ledgerFile struct {
	Type        string `header:"Content-Type"`
	Cache       string `header:"Cache-Control"`
	Disposition string `header:"Content-Disposition"`
	Policy      string `header:"Content-Security-Policy"`
	Body        []byte
}

type oneLedger struct {
	OfDistrict
	On string `query:"on" format:"date" doc:"The day as of which cells are filled in; today in China without it."`
}

type plainLedger struct {
	InDistrict
	On   string `query:"on" format:"date" doc:"The day as of which it tells; today in China without it."`
	Park string `query:"park" doc:"A park's code: only projects that are its business."`
}

func (d *domain) addLedgerFiles() {
	ledgerRoute(d, "/api/ledgers/{id}/xlsx", "ledgers.xlsx", d.ledgerAsItCame)
	ledgerRoute(d, "/api/projects.xlsx", "projects.xlsx", d.plainLedger)
}

func ledgerRoute[I any](d *domain, path, id string, handle func(context.Context, *I) (*ledgerFile, error)) {
	huma.Register(d.api, huma.Operation{
		OperationID: id, Method: http.MethodGet, Path: path, Summary: docsText(id), Tags: []string{"desk"},
		Middlewares: huma.Middlewares{strict, auth.Guarded(id)},
		Responses: map[string]*huma.Response{"200": {Description: "The file", Content: map[string]*huma.MediaType{
			xlsxType: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}},
		Errors: []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden,
			http.StatusNotFound, http.StatusServiceUnavailable},
		Security: []map[string][]string{{"session": {}}, {"token": {}}},
	}, func(ctx context.Context, in *I) (*ledgerFile, error) {
		ctx, cancel := context.WithTimeout(ctx, answerWithin)
		defer cancel()
		return handle(ctx, in)
	})
	delete(d.api.OpenAPI().Paths[path].Get.Responses, "422")
}

func (d *domain) ledgerAsItCame(ctx context.Context, in *oneLedger) (*ledgerFile, error) {
	_, of, err := d.business(ctx, auth.Asked(ctx), "")
	if err != nil {
		return nil, err
	}
	id, err := parseID("ledger", in.ID)
	if err != nil {
		return nil, err
	}
	if err := hasCome(in.On); err != nil {
		return nil, err
	}
	name, raw, err := d.registry.LedgerAsItCame(ctx, of, id, in.On, ledgerWords(message.ZH),
		ledgerWords(message.EN))
	return ledgerNamed(name, raw), err
}

func (d *domain) plainLedger(ctx context.Context, in *plainLedger) (*ledgerFile, error) {
	_, of, err := d.business(ctx, auth.Asked(ctx), in.District)
	if err != nil {
		return nil, err
	}
	if err := hasCome(in.On); err != nil {
		return nil, err
	}
	words := ledgerWords(speaks(ctx))
	raw, err := d.registry.PlainLedger(ctx, of, registry.TallyQuery{On: in.On, Park: in.Park}, words)
	return ledgerNamed(words.Sheet, raw), err
}

// hasCome refuses a day that is yet to come.
func hasCome(on string) error {
	if today := time.Now().In(china).Format(time.DateOnly); on > today {
		return geo.NewInvalid("on", "flow.not_after", on, "day", today)
	}
	return nil
}

func ledgerNamed(name string, raw []byte) *ledgerFile {
	name = strings.Map(func(c rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, c) {
			return '-'
		}
		return c
	}, strings.TrimSuffix(name, ".xlsx"))
	return &ledgerFile{Type: xlsxType, Cache: "no-store", Policy: alone, Body: raw,
		Disposition: mime.FormatMediaType("attachment", map[string]string{"filename": name + ".xlsx"})}
}

// ledgerWords are the words of a ledger in a language.
func ledgerWords(lang message.Lang) registry.LedgerWords {
	w := registry.LedgerWords{Sheet: message.Text(lang, "ledger.sheet"), Changes: message.Text(lang, "ledger.changes"),
		Heads: map[string]string{}, Stages: map[land.Stage]string{}, Standings: map[string]string{}, Tags: map[string]string{}}
	for _, field := range workbook.Fields() {
		w.Heads[string(field)] = message.Text(lang, "ledger.field."+string(field))
	}
	for i, column := range []string{"row", "column", "head", "project", "before", "after"} {
		w.Columns[i] = message.Text(lang, "ledger.change."+column)
	}
	for _, stage := range land.Stages() {
		w.Stages[stage] = message.Text(lang, "web.stage."+string(stage))
	}
	for _, standing := range []string{"paused", "lost"} {
		w.Standings[standing] = message.Text(lang, "web.standing."+standing)
	}
	for _, tag := range []string{"provincial_key", "municipal_key", "signing_key"} {
		w.Tags[tag] = message.Text(lang, "web.tag."+tag)
	}
	return w
}
