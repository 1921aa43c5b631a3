package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"luodi/data/ledger"
	"luodi/message"
)

type recordCmd struct {
	Send sendCmd `cmd:"" default:"withargs" help:"Carry out a command written as JSON, of whatever kind (--json)."`
	List listCmd `cmd:"" help:"List the park's changes, the newest first."`
	Show showCmd `cmd:"" help:"Show one change: what it closed and opened."`

	Kinds kindsCmd `cmd:"" help:"List the kinds of change."`

	Hold   holdCmd   `cmd:"" help:"Hold parcels for a project until a deadline."`
	Extend extendCmd `cmd:"" help:"Extend a hold, once."`
	Supply supplyCmd `cmd:"" help:"Propose to supply what is reserved."`

	kong.Plugins // plainKinds

	Split   splitCmd   `cmd:"" help:"Split a parcel by a line, by an area in mu, or into equal parts."`
	Merge   mergeCmd   `cmd:"" help:"Merge parcels into one."`
	Move    moveCmd    `cmd:"" help:"Move the boundary that two parcels share."`
	Correct correctCmd `cmd:"" help:"Give a parcel the shape that was surveyed."`

	Border borderCmd `cmd:"" help:"Draw the park's border anew."`

	Settings settingsCmd `cmd:"" help:"Set what the park tells the public: of held land, of its map's review, of the age of figures."`

	Paper paperCmd `cmd:"" help:"Add a photo or document of a parcel, change it, or retire it."`

	Create createCmd `cmd:"" help:"Make a parcel on free ground, a zone, a plan unit or a network element."`
	Edit   editCmd   `cmd:"" help:"Change facts of parcels, or facts and shape of a zone, plan unit or network element."`
	Retire retireCmd `cmd:"" help:"Propose to retire parcels, or a zone, plan unit or network element."`

	Draw  drawCmd  `cmd:"" help:"Change what a right draws of services."`
	Queue queueCmd `cmd:"" help:"Take the last place in the line for a parcel."`
	Leave leaveCmd `cmd:"" help:"Give a place in a line up."`

	Revert revertCmd `cmd:"" help:"Reverse a change by another."`
}

// plainKinds makes the commands of the kinds that take nothing but parcels, or nothing but a right, from their rows.
func plainKinds() kong.Plugins {
	var commands []reflect.StructField
	for _, k := range ledger.Kinds() {
		command := reflect.StructField{Name: strings.ToUpper(k.Name[:1]) + k.Name[1:]}
		switch {
		case k.Unordered:
			continue
		case slices.Equal(k.Takes, []string{"parcels"}):
			command.Type = reflect.TypeFor[landCmd]()
		case slices.Equal(k.Takes, []string{"allotment"}):
			command.Type = reflect.TypeFor[rightCmd]()
		default:
			continue
		}
		help := "cli.record.kind." + k.Name
		if !message.Known(help) {
			help = "web.order." + k.Name
		}
		command.Tag = reflect.StructTag(fmt.Sprintf(`cmd:"" name:%q help:%q`, strings.ReplaceAll(k.Name, "_", "-"),
			message.Text(message.EN, help)))
		commands = append(commands, command)
	}
	return kong.Plugins{reflect.New(reflect.StructOf(commands)).Interface()}
}

// ordering is what every order takes.
type ordering struct {
	ofPark
	Document []string `help:"A paper the change rests on; its title, or title|number|date|address. May be given several times." sep:"none" placeholder:"TITLE|NUMBER|DATE|URL"`
	Preview  bool     `help:"Do everything, check everything, keep nothing."`
}

// why is the reason that every order states.
type why struct {
	Reason string `help:"Why the change is made." required:"" short:"m"`
}

// order is the body of a change.
type order struct {
	ledger.Command
	Reason    string            `json:"reason"`
	Documents []ledger.Document `json:"documents,omitempty"`
}

// carryOut sends a command and prints what came of it: an outcome, a preview, or a proposal that waits.
func (o ordering) carryOut(ctx context.Context, e *env, body any) error {
	preview := ""
	if o.Preview {
		preview = "true"
	}
	got, err := o.ask(ctx, e, http.MethodPost, o.path("/records", "preview", preview), body)
	if err != nil {
		return err
	}
	return o.show(e, got, func() error {
		if got.status == http.StatusAccepted {
			return e.printWaiting(got.body)
		}
		return e.printOutcome(got.body)
	})
}

// command sends a command of a kind with its reason and documents.
func (o ordering) command(ctx context.Context, e *env, reason string, c ledger.Command) error {
	documents, err := o.documents(e)
	if err != nil {
		return err
	}
	return o.carryOut(ctx, e, order{Command: c, Reason: reason, Documents: documents})
}

func (o ordering) documents(e *env) ([]ledger.Document, error) {
	all := make([]ledger.Document, len(o.Document))
	for i, text := range o.Document {
		parts := strings.Split(text, "|")
		if len(parts) > 4 || strings.TrimSpace(parts[0]) == "" {
			return nil, usageError{errors.New(e.text("cli.record.document", "got", text))}
		}
		parts = append(parts, "", "", "")
		all[i] = ledger.Document{Title: parts[0], Number: parts[1], Date: parts[2], URL: parts[3]}
	}
	return all, nil
}

// kindOf is the kind that a subcommand is named for.
func kindOf(k *kong.Context) string { return strings.ReplaceAll(k.Selected().Name, "-", "_") }

type sendCmd struct {
	ordering
	JSON   string `help:"File with the command as the API takes it (docs/changes.md), - for standard input. Parcels and the project may be named by their codes." required:"" name:"json" placeholder:"FILE"`
	Reason string `help:"Why the change is made, where the file doesn't say." short:"m"`
}

// Run sends a command of any kind. A parcel that stands in it as a text is named by its code, and so is a project whose
// name is no id.
func (c sendCmd) Run(ctx context.Context, e *env) error {
	raw, err := readFile(ctx, c.JSON)
	if err != nil {
		return usageError{err}
	}
	var body map[string]any
	if err := json.Unmarshal(raw, &body); err != nil {
		return usageError{errors.New(e.text("cli.record.json", "file", c.JSON, "cause", err))}
	}
	documents, err := c.documents(e)
	if err != nil {
		return err
	}
	if len(documents) > 0 {
		body["documents"] = documents
	}
	if c.Reason != "" {
		body["reason"] = c.Reason
	}
	parcels, _ := body["parcels"].([]any)
	for i := range parcels {
		if code, ok := parcels[i].(string); ok {
			if parcels[i], err = c.parcel(ctx, e, code); err != nil {
				return err
			}
		}
	}
	if code, ok := body["project"].(string); ok {
		if body["project"], err = c.project(ctx, e, code); err != nil {
			return err
		}
	}
	return c.carryOut(ctx, e, body)
}
