package main

import (
	"context"

	"github.com/alecthomas/kong"
	"github.com/google/uuid"

	"luodi/data/ledger"
)

type paperCmd struct {
	ordering
	why
	Parcel       string     `arg:"" help:"Code of the parcel."`
	File         string     `help:"A new one: a JPEG, PNG or WebP picture, or a PDF, of at most 8 MiB." placeholder:"FILE"`
	Kind         string     `help:"What a new one is: photo or document." placeholder:"KIND"`
	ID           *uuid.UUID `help:"The one to change or retire." name:"id" placeholder:"ID"`
	TitleZH      *string    `help:"Title in Chinese." name:"title-zh" placeholder:"TEXT"`
	TitleEN      *string    `help:"Title in English." name:"title-en" placeholder:"TEXT"`
	Dated        *string    `help:"When it was taken or issued." placeholder:"DATE"`
	Number       *string    `help:"Number of a document." placeholder:"NUMBER"`
	ExpiresOn    *string    `help:"The last day on which it holds." placeholder:"DATE"`
	Illustrative *bool      `help:"It is drawn or made up."`
	Publication  *string    `help:"public, or internal, as without it." placeholder:"WORD"`
	Retire       bool       `help:"Retire it."`
}

// Run adds a photo or document of a parcel, changes it or retires it.
func (c paperCmd) Run(ctx context.Context, e *env, k *kong.Context) error {
	parcels, err := c.parcels(ctx, e, []string{c.Parcel})
	if err != nil {
		return err
	}
	p := &ledger.PaperChange{ID: c.ID, Kind: c.Kind, TitleZH: c.TitleZH, TitleEN: c.TitleEN, Dated: c.Dated, Number: c.Number,
		ExpiresOn: c.ExpiresOn, Illustrative: c.Illustrative, Publication: c.Publication, Retire: c.Retire}
	if c.File != "" {
		if p.File, err = readFile(ctx, c.File); err != nil {
			return usageError{err}
		}
	}
	return c.command(ctx, e, c.Reason, ledger.Command{Kind: kindOf(k), Parcels: parcels, Paper: p})
}
