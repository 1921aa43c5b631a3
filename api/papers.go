package api

import (
	"context"
	"encoding/hex"
	"errors"
	"mime"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"luodi/api/auth"
	"luodi/api/request"
	"luodi/data/feed"
)

// paperList are papers as a member reads them.
type paperList struct {
	Papers []feed.Paper `json:"papers" doc:"Of a parcel photos first, then documents, each the newest first; of a park what was said last; of old ones the oldest first."`
}

// papersMost is how many papers of a park are listed where no parcel is named.
const papersMost = 100

type listedPapers struct {
	InPark
	Parcel string `query:"parcel" format:"uuid" doc:"The id of a parcel; without it the 100 papers of the park that were said last."`
	Old    bool   `query:"old" doc:"True: of the public ones, those whose last day passed or, where they state none, whose own day lies more than old_after_months of the park back; the 100 oldest."`
}

// InPaper names a paper of a park by its id.
type InPaper struct {
	InPark
	ID string `path:"id" doc:"The paper's id." format:"uuid"`
}

type oneFile struct {
	InPaper
	Width string `query:"width" maxLength:"10" enum:"320,640,1280" doc:"Of a picture: a smaller size in so many pixels, turned as it is shown, as JPEG, or as PNG where some of it is clear; one that is no wider comes as it is. Not of more than 30000000 pixels in all."`
}

// paperFile is a paper's file as it is kept, or a smaller size of it.
type paperFile struct {
	Type        string `header:"Content-Type"`
	ETag        string `header:"ETag"`
	Cache       string `header:"Cache-Control"`
	Disposition string `header:"Content-Disposition"`
	Policy      string `header:"Content-Security-Policy"`
	Body        []byte
}

// alone lets a file do nothing in a browser but be looked at: no script, no form, no frame.
const alone = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"

func (d *domain) addPapers() {
	desk(d, deskRoute{http.MethodGet, "/api/parks/{park}/papers", "papers", http.StatusOK}, d.papers)
	const path = "/api/parks/{park}/papers/{id}"
	file := &huma.Schema{Type: huma.TypeString, Format: "binary"}
	content := map[string]*huma.MediaType{}
	for _, kind := range []string{"image/jpeg", "image/png", "image/webp", "application/pdf"} {
		content[kind] = &huma.MediaType{Schema: file}
	}
	huma.Register(d.api, huma.Operation{
		OperationID: "paper", Method: http.MethodGet, Path: path, Summary: docsText("paper"),
		Middlewares: huma.Middlewares{strict, auth.Guarded("paper")},
		Responses:   map[string]*huma.Response{"200": {Description: "The file", Content: content}},
		Errors:      []int{http.StatusBadRequest, http.StatusNotFound, http.StatusServiceUnavailable},
		Security:    []map[string][]string{{"session": {}}, {"token": {}}, {}},
	}, d.paper)
	delete(d.api.OpenAPI().Paths[path].Get.Responses, "422")
}

// papers lists papers, those too that are not public.
func (d *domain) papers(ctx context.Context, in *listedPapers) (int, paperList, error) {
	if _, _, err := d.inPark(ctx, in.Park); err != nil {
		return 0, paperList{}, err
	}
	var list paperList
	err := d.feed.Desk(ctx, func(v *feed.View) (err error) {
		var parcel *uuid.UUID
		if in.Parcel != "" {
			id, err := parseID("parcel", in.Parcel)
			if err != nil {
				return err
			}
			parcel = &id
		}
		switch {
		case in.Old:
			list.Papers, err = v.OldPapers(ctx, in.Park, parcel, papersMost)
		case parcel == nil:
			list.Papers, err = v.NewestPapers(ctx, in.Park, papersMost)
		default:
			list.Papers, err = v.Papers(ctx, feed.DeskPapers, in.Park, *parcel)
		}
		return err
	})
	return 0, list, err
}

// paper sends the file of a paper: to the public those that are public now, to members all. What is kept of smaller sizes
// is looked for after the reader's right to the paper was.
func (d *domain) paper(ctx context.Context, in *oneFile) (*paperFile, error) {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	r, ok := ctx.Value(requestKey{}).(*http.Request)
	if !ok {
		return nil, errors.New("the route lacks its middleware")
	}
	id, err := parseID("paper", in.ID)
	if err != nil {
		return nil, err
	}
	width, err := widthOf(in.Width)
	if err != nil {
		return nil, err
	}
	var name smallerName
	open, of, out := d.feed.View, feed.PublicPapers, &paperFile{Cache: "no-cache", Policy: alone}
	if d.sees(ctx, in.Park) {
		open, of, out.Cache = d.feed.Desk, feed.DeskPapers, "private, no-cache"
	}
	err = open(ctx, func(v *feed.View) error {
		p, err := v.Paper(ctx, of, in.Park, id)
		if err != nil {
			return err
		}
		if width > 0 && p.Width == nil {
			return noWidth(in.Width)
		}
		name = smallerName{hex.EncodeToString(p.Hash), width}
		out.Type, out.Disposition, out.ETag = p.MediaType, disposition(p), name.tag()
		if request.Holds(r.Header.Get("If-None-Match"), out.ETag) {
			return &unchanged{out.ETag}
		}
		if width == 0 {
			out.Body, err = v.PaperBytes(ctx, of, in.Park, id)
		}
		return err
	})
	if err != nil || width == 0 {
		return out, err
	}
	small, made := d.smaller.find(name)
	if !made {
		small, err = d.smaller.make(ctx, name, func() (raw []byte, err error) {
			err = open(ctx, func(v *feed.View) error {
				raw, err = v.PaperBytes(ctx, of, in.Park, id) // the right to it is looked at again
				return err
			})
			return raw, err
		})
	}
	out.Type, out.Body = small.mediaType, small.bytes
	return out, err
}

// disposition has a browser show a picture and save a document, under the paper's own title.
func disposition(p *feed.Paper) string {
	way := "inline"
	if p.Width == nil {
		way = "attachment"
	}
	name := strings.Map(func(c rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, c) {
			return '-'
		}
		return c
	}, p.Title(false)) + p.Ending()
	return mime.FormatMediaType(way, map[string]string{"filename": name})
}
