package api

import (
	"context"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"luodi/api/live"
	"luodi/api/ogc"
	"luodi/data/feed"
	"luodi/data/siting"
	"luodi/data/store"
)

// metrics are what /metrics shows: requests by route, and the pool of connections behind them.
type metrics struct {
	registry *prometheus.Registry
	took     *prometheus.HistogramVec
	flying   prometheus.Gauge
}

func newMetrics(store *store.Store, hub *live.Hub, matcher *siting.Matcher, cache *feed.Cache, finder *feed.Finder,
	condition func(context.Context) Condition) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "luodi_http_request_seconds", Help: "How long requests took, by route, method and class of status.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, []string{"route", "method", "status"}),
		flying: prometheus.NewGauge(prometheus.GaugeOpts{Name: "luodi_http_requests_under_way",
			Help: "Requests being answered now."}),
	}
	m.registry.MustRegister(m.took, m.flying, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.show(gauges(store, hub, matcher, cache, finder))
	if condition != nil {
		m.registry.MustRegister(conditionCollector{condition})
	}
	return m
}

// show adds gauges to what /metrics shows.
func (m *metrics) show(all []gauge) {
	for _, g := range all {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: g.name, Help: g.help}, g.value))
	}
}

// gauge is a figure that is read when it is asked for.
type gauge struct {
	name, help string
	value      func() float64
}

func gauges(store *store.Store, hub *live.Hub, matcher *siting.Matcher, cache *feed.Cache,
	finder *feed.Finder) []gauge {
	return []gauge{
		{"luodi_public_connections", "Database connections of the public role.",
			func() float64 { return float64(store.Public.Stat().TotalConns()) }},
		{"luodi_public_connections_busy", "Of these, those in use.",
			func() float64 { return float64(store.Public.Stat().AcquiredConns()) }},
		{"luodi_public_connections_most", "How many there may be.",
			func() float64 { return float64(store.Public.Stat().MaxConns()) }},
		{"luodi_public_waits_seconds_total", "Time spent waiting for a connection.",
			func() float64 { return store.Public.Stat().AcquireDuration().Seconds() }},
		{"luodi_event_followers", "Streams, sockets and long polls that wait for events.",
			func() float64 { return float64(hub.Following()) }},
		{"luodi_event_rereads_total",
			"Pages of events read for one follower alone, who was behind what is held in memory.",
			func() float64 { return float64(hub.Lapsed()) }},
		{"luodi_present_sockets", "Sockets of people who are shown to their colleagues.",
			func() float64 { return float64(hub.Present()) }},
		{"luodi_siting_bytes", "Memory that free land kept for matching takes.",
			func() float64 { return float64(matcher.Memory().Bytes) }},
		{"luodi_siting_bytes_most", "How much it may take: --siting-memory.",
			func() float64 { return float64(matcher.Memory().Most) }},
		{"luodi_siting_parks", "Parks whose free land is kept, each counted once for the public and once for members.",
			func() float64 { return float64(matcher.Memory().Sites) }},
		{"luodi_siting_given_up_total",
			"How often a park's was given up, for others or because it alone is too large.",
			func() float64 { return float64(matcher.Memory().GivenUp) }},
		{"luodi_name_bytes", "Memory that names kept for searches take.",
			func() float64 { return float64(finder.Memory().Bytes) }},
		{"luodi_name_bytes_most", "How much it may take.", func() float64 { return float64(finder.Memory().Most) }},
		{"luodi_name_parks", "Parks whose names are kept, each counted once for the public and once for members.",
			func() float64 { return float64(finder.Memory().Parks) }},
		{"luodi_feed_bytes", "Memory that encoded features kept for feeds take.",
			func() float64 { return float64(cache.Stats().Bytes) }},
		{"luodi_feed_bytes_most", "How much it may take: --feed-memory.",
			func() float64 { return float64(cache.Stats().Most) }},
		{"luodi_feed_form_bytes", "Memory that the forms of features on map tiles take besides.",
			func() float64 { return float64(cache.Stats().Forms) }},
		{"luodi_feed_features", "Features kept, of all collections.",
			func() float64 { return float64(cache.Stats().Features) }},
		{"luodi_feed_apart", "Parcels kept beside them, which members read otherwise than the public.",
			func() float64 { return float64(cache.Stats().Apart) }},
		{"luodi_feed_hits_total", "Answers given from memory.",
			func() float64 { return float64(cache.Stats().Hits) }},
		{"luodi_feed_misses_total", "Answers left to the database: not kept, or of a past state.",
			func() float64 { return float64(cache.Stats().Misses) }},
		{"luodi_feed_loads_total", "How often a collection was read whole.",
			func() float64 { return float64(cache.Stats().Loads) }},
		{"luodi_feed_refusals_total", "How often a collection found no room.",
			func() float64 { return float64(cache.Stats().Refusals) }},
		{"luodi_feed_drops_total", "How often what members read otherwise could not be brought up, and was read anew.",
			func() float64 { return float64(cache.Stats().Drops) }},
	}
}

// tileGauges tell of the map tiles that are kept and made.
func tileGauges(features *ogc.Service) []gauge {
	return []gauge{
		{"luodi_tile_bytes", "Memory that map tiles kept as they are sent take.",
			func() float64 { return float64(features.Tiles().Bytes) }},
		{"luodi_tile_bytes_most", "How much it may take: --tile-memory.",
			func() float64 { return float64(features.Tiles().Most) }},
		{"luodi_tiles_kept", "How many tiles are kept.", func() float64 { return float64(features.Tiles().Kept) }},
		{"luodi_tiles_under_way", "Tiles that are kept once they are made, being made now.",
			func() float64 { return float64(features.Tiles().Making) }},
	}
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{DisableCompression: true})
}

// conditionCollector shows what /readyz says besides ready. What isn't known has no value.
type conditionCollector struct {
	ask func(context.Context) Condition
}

var (
	descDamaged = prometheus.NewDesc("luodi_damaged_parts", "Tables and indexes found damaged since the start.",
		nil, nil)
	descBackupAge = prometheus.NewDesc("luodi_backup_age_seconds",
		"Time since the moment of the newest verified backup.", nil, nil)
	descBackupBytes  = prometheus.NewDesc("luodi_backup_bytes", "Its size.", nil, nil)
	descBackupFailed = prometheus.NewDesc("luodi_backup_failed", "1 where the last attempt to make a backup failed.",
		nil, nil)
)

// Describe implements prometheus.Collector.
func (conditionCollector) Describe(out chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{descDamaged, descBackupAge, descBackupBytes, descBackupFailed} {
		out <- desc
	}
}

// Collect implements prometheus.Collector.
func (c conditionCollector) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), readyWithin)
	defer cancel()
	gauge := func(desc *prometheus.Desc, value float64) {
		out <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value)
	}
	found, damaged := c.ask(ctx), 0
	for _, warning := range found.Warnings {
		if warning.Code == WarnDamaged {
			damaged = len(warning.Parts)
		}
	}
	gauge(descDamaged, float64(damaged))
	backup := found.Backup
	if backup == nil {
		return
	}
	if backup.At != nil {
		gauge(descBackupAge, backup.AgeS)
		gauge(descBackupBytes, float64(backup.Bytes))
	}
	failed := 0.0
	if backup.Error != "" {
		failed = 1
	}
	gauge(descBackupFailed, failed)
}
