package main

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"luodi/api"
	"luodi/api/request"
	"luodi/data/feed"
	"luodi/data/outlet"
	"luodi/geo"
	"luodi/message"
	"luodi/web"
)

type exportCmd struct {
	database
	Park     string `help:"Code of the park. Without it a file of map tiles is of all parks."`
	Layer    string `default:"parcels" help:"What is written: ${layers}; several with commas between, where the format holds several."`
	Format   string `required:"" help:"One of ${formats}; or pdf, the plan of one parcel (宗地图) as the public sees it."`
	Parcel   string `help:"Of --format pdf: the parcel, by its code or id." placeholder:"CODE"`
	Sheet    string `enum:"a4,a3" default:"a4" help:"Of --format pdf: A4 upright or A3 lying."`
	Out      string `required:"" help:"The file to write." placeholder:"FILE"`
	CRS      string `name:"crs" help:"Reference system, such as EPSG:4550; by default the format's own: the stored EPSG:4490, CRS84 of GeoJSON and KML, the survey's of DXF and survey files, EPSG:3857 of PMTiles."`
	At       string `help:"The state at this moment: an RFC 3339 instant, or a date for the end of that day in the park's time zone. Now without it."`
	Since    string `help:"What changed after this state alone: the number of a change, an instant or a date. Each feature says how it changed." placeholder:"STATE"`
	Until    string `help:"Where the changes end, likewise; with the newest without it." placeholder:"STATE"`
	Filter   string `help:"CQL2: the features for which it is true, such as \"status = 'available'\"." placeholder:"CQL2"`
	Zooms    string `help:"The zooms of map tiles, the first and the last, at most 18; 8-16 without it." placeholder:"A-B"`
	Encoding string `help:"utf-8 or gbk, of Shapefile and survey TXT." placeholder:"NAME"`
	Public   bool   `help:"What the public may see, in place of what planners see."`
	Force    bool   `help:"Write over a file that exists."`
}

// fileFormats are what the tags of export say of its formats and layers.
func fileFormats() kong.Vars {
	return kong.Vars{"formats": strings.Join(outlet.Names(), ", "), "layers": strings.Join(outlet.Layers(), ", ")}
}

// Run writes one file: first as FILE.part, which becomes FILE when all is written.
func (c exportCmd) Run(ctx context.Context, e *env) error {
	if _, err := os.Lstat(c.Out); err == nil && !c.Force {
		return errors.New(e.text("outlet.exists", "file", c.Out))
	}
	log := slog.New(slog.NewTextHandler(e.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	store, closeStore, err := e.openStore(ctx, c.database, log)
	if err != nil {
		return err
	}
	defer closeStore()
	from := feed.Of(store)
	if c.Format == platFormat {
		return from.View(ctx, func(v *feed.View) error { return c.plat(ctx, e, v) })
	}
	if c.Parcel != "" {
		return e.usage(geo.NewInvalid("parcel", "outlet.plat_parcel", c.Parcel))
	}
	read, member := from.Desk, &feed.Member{Every: true}
	if c.Public {
		read, member = from.View, nil
	}
	return read(ctx, func(v *feed.View) error {
		job, err := c.job(ctx, e, v, member)
		if err != nil {
			return e.usage(err)
		}
		rows, err := c.write(ctx, e, v, job)
		if err != nil {
			return e.usage(err)
		}
		if job.Changed != nil {
			e.say("outlet.changed", "after", job.Changed.After, "to", job.Changed.To)
		}
		e.say("outlet.done", "file", c.Out, "rows", rows, "format", job.Format.Title, "crs", job.CRS.Code)
		return nil
	})
}

// platFormat is the plan of a parcel, which isn't a format of layers.
const platFormat = "pdf"

// plat writes the plan of a parcel. What says which features go into a file, and how, has no place in it.
func (c exportCmd) plat(ctx context.Context, e *env, v *feed.View) error {
	if c.Parcel == "" {
		return e.usage(geo.NewInvalid("parcel", "outlet.plat_needs", geo.None()))
	}
	for field, given := range map[string]string{"crs": c.CRS, "at": c.At, "since": c.Since, "until": c.Until,
		"filter": c.Filter, "encoding": c.Encoding} {
		if given != "" {
			return e.usage(geo.NewInvalid(field, "outlet.plat_alone", given))
		}
	}
	body, err := api.WritePlat(ctx, v, web.Dist(), api.PlatAsk{Park: c.Park, Parcel: c.Parcel, A3: c.Sheet == "a3",
		Lang: e.lang})
	if err != nil {
		return e.usage(err)
	}
	err = c.put(e, func(file *os.File) error {
		_, err := file.Write(body)
		return err
	})
	if err != nil {
		return err
	}
	e.say("outlet.plat_done", "file", c.Out, "parcel", c.Parcel)
	return nil
}

// job reads the command line.
func (c exportCmd) job(ctx context.Context, e *env, v *feed.View, member *feed.Member) (*outlet.Job, error) {
	ask := outlet.Ask{Park: c.Park, Layers: c.Layer, Format: c.Format, CRS: c.CRS, Filter: c.Filter, Encoding: c.Encoding,
		Zooms: c.Zooms}
	zone, err := c.zone(ctx, v)
	if err != nil {
		return nil, err
	}
	if ask.At, err = request.Past("at", c.At, zone); err != nil {
		return nil, err
	}
	if ask.Since, err = api.State("since", c.Since, zone); err != nil {
		return nil, err
	}
	if ask.Until, err = api.State("until", c.Until, zone); err != nil {
		return nil, err
	}
	job, err := ask.Job(ctx, v, member, api.FileWords())
	if err != nil {
		return nil, err
	}
	job.English, job.Temp = e.lang == message.EN, filepath.Dir(c.Out)
	return job, nil
}

// zone is the time zone in which days end: the park's. Days of all parks are refused.
func (c exportCmd) zone(ctx context.Context, v *feed.View) (string, error) {
	if c.Park == "" {
		if _, err := time.Parse(time.DateOnly, c.At); err == nil {
			return "", geo.NewInvalid("at", "outlet.instant", c.At)
		}
		return "UTC", nil
	}
	park, err := v.Park(ctx, c.Park)
	if err != nil {
		return "", err
	}
	return park.TimeZone, nil
}

// put writes the file beside its place, and puts it there when it is whole.
func (c exportCmd) put(e *env, write func(*os.File) error) error {
	part := c.Out + ".part"
	file, err := os.Create(part)
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(part) }() // of a whole file nothing is left there
	err = write(file)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if c.Force {
		return os.Rename(part, c.Out)
	}
	if err := os.Link(part, c.Out); !errors.Is(err, fs.ErrExist) { // somebody else may have made it meanwhile
		if err != nil {
			return os.Rename(part, c.Out) // a folder that has no links
		}
		return nil
	}
	return errors.New(e.text("outlet.exists", "file", c.Out))
}

// write carries a job out.
func (c exportCmd) write(ctx context.Context, e *env, v *feed.View, job *outlet.Job) (rows int64, err error) {
	progress, say, done := progressBar(e.stderr)
	defer done()
	if progress != nil {
		say(e.text("outlet.doing", "file", filepath.Base(c.Out)))
		if total, ok, err := job.Count(ctx, v); err == nil && ok {
			job.Progress = func(n int64) { progress(n, total) }
		} else {
			job.Progress = func(n int64) { progress(n, 0) }
		}
	}
	err = c.put(e, func(file *os.File) error {
		rows, err = job.Write(ctx, v, file)
		return err
	})
	return rows, err
}
