package cluster

import (
	"context"
	"syscall"
	"testing"
	"time"
)

// BenchmarkColdStart: no data folder to the first query, initdb included.
func BenchmarkColdStart(b *testing.B) {
	for b.Loop() {
		startQueryStop(b, tempDir(b))
	}
}

// BenchmarkWarmStart: a cluster stopped in order to the first query.
func BenchmarkWarmStart(b *testing.B) {
	dir := seeded(b)
	for b.Loop() {
		startQueryStop(b, dir)
	}
}

// startQueryStop keeps the stop out of the time.
func startQueryStop(b *testing.B, dir string) {
	c, err := Start(context.Background(), dir, Options{})
	check(b, err)
	one[int](b, connectTo(b, c), `SELECT 1`)
	b.StopTimer()
	check(b, c.Stop(context.Background()))
	b.StartTimer()
}

// BenchmarkRecovery: kill -9 of the postmaster, with 100,000 rows written since the last checkpoint, to the first query
// that is answered again.
func BenchmarkRecovery(b *testing.B) {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for b.Loop() {
		b.StopTimer()
		c := start(b, seeded(b), Options{})
		exec1(b, connectTo(b, c), `CREATE TABLE kept AS SELECT n, md5(n::text) FROM generate_series(1, 100000) n`)
		pid := c.PID()
		b.StartTimer()
		check(b, syscall.Kill(pid, syscall.SIGKILL))
		for c.PID() == pid || !c.Ready() {
			<-tick.C
		}
		one[int](b, connectTo(b, c), `SELECT 1`)
		b.StopTimer()
		check(b, c.Stop(context.Background()))
		b.StartTimer()
	}
}
