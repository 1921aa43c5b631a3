package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"luodi/api/auth"
	"luodi/api/problem"
	"luodi/data/registry"
)

type contactList struct {
	Contacts []registry.Contact `json:"contacts"`
}

type addingContact struct {
	OfDistrict
	Keyed
	Body registry.ContactFacts
}

// OfParty names a contact of a party.
type OfParty struct {
	OfDistrict
	Contact string `path:"contact" format:"uuid" doc:"The contact's id."`
}

type changingContact struct {
	OfParty
	IfMatch string `header:"If-Match" doc:"The revision that was seen, in quotes."`
	Body    registry.ContactFacts
}

// addContacts adds the contacts of parties. A person's data is for those who work with it: planners, and nobody who
// only looks.
func (d *domain) addContacts() {
	const contacts = "/api/parties/{id}/contacts"
	desk(d, deskRoute{http.MethodGet, contacts, "contacts", http.StatusOK}, d.listContacts)
	desk(d, deskRoute{http.MethodPost, contacts, "contacts.create", http.StatusCreated}, d.makeContact)
	desk(d, deskRoute{http.MethodPatch, contacts + "/{contact}", "contacts.change", http.StatusOK}, d.changeContact)
	desk(d, deskRoute{http.MethodDelete, contacts + "/{contact}", "contacts.erase", http.StatusOK}, d.eraseContact)
}

func (d *domain) listContacts(ctx context.Context, in *OfDistrict) (int, contactList, error) {
	_, where, err := d.business(ctx, auth.Asked(ctx), "")
	if err != nil {
		return 0, contactList{}, err
	}
	of, err := parseID("party", in.ID)
	if err != nil {
		return 0, contactList{}, err
	}
	all, err := d.registry.Contacts(ctx, where, of)
	return 0, contactList{all}, err
}

func (d *domain) makeContact(ctx context.Context, in *addingContact) (int, *kept[registry.ContactRef], error) {
	who, where, err := d.business(ctx, auth.Asked(ctx), "")
	if err != nil {
		return 0, nil, err
	}
	of, err := parseID("party", in.ID)
	if err != nil {
		return 0, nil, err
	}
	if in.Body.Name == nil || strings.TrimSpace(*in.Body.Name) == "" {
		return 0, nil, &problem.Request{Kind: problem.InvalidParameter, Field: "name", Expected: "api.expected.given",
			Got: "-"}
	}
	once, err := in.once(ctx, who, in.Body)
	if err != nil {
		return 0, nil, err
	}
	return again(ctx, d, once, func() (int, registry.ContactRef, error) {
		made, err := d.registry.AddContact(ctx, where, of, in.Body, once)
		return http.StatusCreated, made, err
	})
}

func (d *domain) changeContact(ctx context.Context, in *changingContact) (int, registry.Contact, error) {
	_, where, of, seen, err := d.revising(ctx, "party", &Revised{OfDistrict: in.OfDistrict, IfMatch: in.IfMatch})
	if err != nil {
		return 0, registry.Contact{}, err
	}
	id, err := parseID("contact", in.Contact)
	if err != nil {
		return 0, registry.Contact{}, err
	}
	after, err := d.registry.ChangeContact(ctx, where, of, id, seen, in.Body)
	return 0, after, err
}

func (d *domain) eraseContact(ctx context.Context, in *OfParty) (int, registry.ContactRef, error) {
	_, where, err := d.business(ctx, auth.Asked(ctx), "")
	if err != nil {
		return 0, registry.ContactRef{}, err
	}
	var ids [2]uuid.UUID
	for i, text := range []string{in.ID, in.Contact} {
		if ids[i], err = parseID([]string{"party", "contact"}[i], text); err != nil {
			return 0, registry.ContactRef{}, err
		}
	}
	left, err := d.registry.EraseContact(ctx, where, ids[0], ids[1])
	return 0, left, err
}
