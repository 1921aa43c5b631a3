// Package scope says which projects and companies a principal may read or change: rights of api/auth in the terms of
// data/registry.
package scope

import (
	"slices"

	"github.com/google/uuid"

	"luodi/api/auth"
	"luodi/data/registry"
)

// Of is the business in which the principal may do something: in the district of a code, or in all where it is "".
// known is false for a code that none of them has. The business of a principal who may do it nowhere has no district.
func Of(who *auth.Principal, action auth.Action, all []registry.District, code string) (of registry.Business,
	known bool) {
	of.Sight = SightOf(who)
	everywhere := who.May(action, auth.EveryPark) == nil
	if !everywhere {
		of.Parks = []uuid.UUID{}
	}
	known = code == ""
	for _, district := range all {
		if code != "" && district.Code != code {
			continue
		}
		known = true
		mine := slices.DeleteFunc(slices.Clone(district.Parks),
			func(park uuid.UUID) bool { return who.May(action, park) != nil })
		if everywhere || len(mine) > 0 {
			of.Districts = append(of.Districts, district.ID)
		}
		if !everywhere {
			of.Parks = append(of.Parks, mine...)
		}
	}
	return of, known
}

// SightOf is whose leads a principal sees.
func SightOf(who *auth.Principal) registry.Sight {
	leads, every := who.Where(auth.Lead)
	if every {
		return registry.Sight{}
	}
	return registry.Sight{Reader: &who.Account, Leads: leads}
}

// Waiting is for whom tasks are told, and what that person may do.
func Waiting(who *auth.Principal, all []registry.District) registry.Waiting {
	w := registry.Waiting{Account: who.Account}
	w.Plans, _ = Of(who, auth.Change, all, "")
	w.Approves, _ = Of(who, auth.Approve, all, "")
	return w
}
