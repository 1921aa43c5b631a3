package ogc

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"luodi/api/request"
	"luodi/data/feed"
)

type memberKey struct{}

// withMember puts who reads more than the public into a request, by the service's rule.
func (s *Service) withMember(r *http.Request) *http.Request {
	if s.member == nil {
		return r
	}
	if m := s.member(r.Context()); m != nil {
		return r.WithContext(context.WithValue(r.Context(), memberKey{}, m))
	}
	return r
}

// memberOf is who reads more than the public; nil for the public.
func memberOf(r *http.Request) *feed.Member {
	m, _ := r.Context().Value(memberKey{}).(*feed.Member)
	return m
}

// findCollection finds the collection of a path as the reader sees it.
func findCollection(r *http.Request) (*feed.Collection, error) {
	if memberOf(r) != nil {
		return feed.FindMemberCollection(chi.URLParam(r, "collection"))
	}
	return feed.FindCollection(chi.URLParam(r, "collection"))
}

// collections lists the collections as the reader sees them.
func (a *ask) collections() []*feed.Collection {
	if a.member != nil {
		return feed.MemberCollections()
	}
	return feed.Collections()
}

// memberTag names what a member sees, for the tag of an answer.
func (a *ask) memberTag() string { return a.member.Stamp() }

// view opens a read in the reader's role.
func (s *Service) view(r *http.Request, a *ask, read func(*feed.View) error) error {
	if a.member != nil {
		return s.feed.Desk(r.Context(), read)
	}
	return s.feed.View(r.Context(), read)
}

// stream is view for an answer that may take long. Members' answers don't wait in the public's lanes.
func (s *Service) stream(r *http.Request, a *ask, read func(*feed.View) error) error {
	return s.readFor(r.Context(), a, read)
}

// readFor is stream in a context that may outlast the request.
func (s *Service) readFor(ctx context.Context, a *ask, read func(*feed.View) error) error {
	if a.member != nil {
		return s.feed.Desk(ctx, read)
	}
	return s.feed.Stream(ctx, read)
}

// unchanged tags an answer and ends the request where the caller holds it already. No shared cache may keep what a
// member is told.
func (s *Service) unchanged(w http.ResponseWriter, r *http.Request, a *ask, stamp string) bool {
	if a.member != nil {
		return request.UnchangedPrivate(w, r, s.tag(a, stamp))
	}
	return request.Unchanged(w, r, s.tag(a, stamp))
}

// extentOf is where a collection lies, for the reader. The public's is kept; its beginning serves members too.
func (s *Service) extentOf(r *http.Request, a *ask, v *feed.View, c *feed.Collection) (feed.Extent, error) {
	known := c
	if a.member != nil {
		public, err := feed.FindCollection(c.ID)
		if err != nil {
			return feed.Extent{}, err
		}
		known = public
	}
	e, err := s.extents.Of(r.Context(), v, known)
	if err == nil && a.member != nil {
		e.Box, err = v.MemberExtent(r.Context(), &feed.Query{Collection: c, Member: a.member})
	}
	return e, err
}
