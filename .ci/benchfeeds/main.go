// Command benchfeeds measures the public feeds of the real binary over a million parcels: side by side, in one run
// and on one machine, with a peer and with the limits of the parts, and prints one table. The load comes from wrk, of
// Debian's package of that name, which takes little of the processors that it measures; each of its rounds asks for
// URLs that were not asked for before, except where the row says "again".
//
//	go run ./.ci/benchfeeds -data var/bench-feeds -bin bin/luodi
//
// The databases are made once in the folder of -data, a few minutes, and used again. The same rows come each time.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

type bench struct {
	ctx    context.Context
	folder string
	binary string
	rounds int
	lasts  time.Duration
	only   string
	hold   bool
	peer   string
	tiles  string
	table  table
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	b := &bench{ctx: ctx}
	flag.StringVar(&b.folder, "data", "var/bench-feeds", "folder of the databases; it is made where it is missing")
	flag.StringVar(&b.binary, "bin", "bin/luodi", "the program to measure")
	flag.IntVar(&b.rounds, "rounds", 3, "rounds of each row, of which the median is told")
	flag.DurationVar(&b.lasts, "lasts", 2*time.Second, "how long a round lasts")
	flag.StringVar(&b.only, "only", "", "measure only rows whose name contains this")
	flag.BoolVar(&b.hold, "hold", false, "measure nothing: serve the twelve parks until interrupted, for a profiler")
	flag.StringVar(&b.peer, "peer", "", "address of the items of the table peer in another server of OGC API Features, to be "+
		"measured in place of the plain one; the database's address is printed, and the server waited for")
	flag.StringVar(&b.tiles, "tiles", "", "map tiles of the table peer in other servers, to be measured beside the "+
		"plain one, as name=address with {z}, {x} and {y}, separated by blanks; the database's address is printed, and "+
		"they are waited for")
	flag.Parse()
	if err := b.run(); err != nil {
		fmt.Fprintln(os.Stderr, "benchfeeds:", err)
		os.Exit(1)
	}
}

func (b *bench) run() (err error) {
	if b.folder, err = filepath.Abs(b.folder); err != nil {
		return err
	}
	if err := os.MkdirAll(b.folder, 0o755); err != nil {
		return err
	}
	data, err := openData(b.ctx, filepath.Join(b.folder, "cluster"))
	if err != nil {
		return err
	}
	defer data.close()
	if b.hold {
		return b.serveOnly(data)
	}
	return b.measure(data)
}

// serveOnly serves without measuring.
func (b *bench) serveOnly(d *data) error {
	s, err := b.serve(d.url("luodi", few), "--feed-memory", "2048")
	if err != nil {
		return err
	}
	defer s.stop()
	if err := s.warm(); err != nil {
		return err
	}
	fmt.Println(s.url, "process", s.command.Process.Pid, "database", d.cluster.PID())
	<-b.ctx.Done()
	return nil
}
