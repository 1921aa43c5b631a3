package api

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"luodi/api/live"
	"luodi/data"
)

// metrics are what /metrics shows: requests by route, and the pool of connections behind them.
type metrics struct {
	registry *prometheus.Registry
	took     *prometheus.HistogramVec
	flying   prometheus.Gauge
}

func newMetrics(store *data.Store, hub *live.Hub, matcher *data.Matcher) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "luodi_http_request_seconds", Help: "How long requests took, by route, method and class of status.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, []string{"route", "method", "status"}),
		flying: prometheus.NewGauge(prometheus.GaugeOpts{Name: "luodi_http_requests_under_way", Help: "Requests being answered now."}),
	}
	m.registry.MustRegister(m.took, m.flying, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, gauge := range []struct {
		name, help string
		value      func() float64
	}{
		{"luodi_public_connections", "Database connections of the public role.", func() float64 { return float64(store.Public.Stat().TotalConns()) }},
		{"luodi_public_connections_busy", "Of these, those in use.", func() float64 { return float64(store.Public.Stat().AcquiredConns()) }},
		{"luodi_public_connections_most", "How many there may be.", func() float64 { return float64(store.Public.Stat().MaxConns()) }},
		{"luodi_public_waits_seconds_total", "Time spent waiting for a connection.", func() float64 { return store.Public.Stat().AcquireDuration().Seconds() }},
		{"luodi_event_followers", "Streams, sockets and long polls that wait for events.", func() float64 { return float64(hub.Following()) }},
		{"luodi_event_rereads_total", "Pages of events read for one follower alone, who was behind what is held in memory.", func() float64 { return float64(hub.Lapsed()) }},
		{"luodi_present_sockets", "Sockets of people who are shown to their colleagues.", func() float64 { return float64(hub.Present()) }},
		{"luodi_siting_bytes", "Memory that free land kept for matching takes.", func() float64 { return float64(matcher.Memory().Bytes) }},
		{"luodi_siting_bytes_most", "How much it may take: --siting-memory.", func() float64 { return float64(matcher.Memory().Most) }},
		{"luodi_siting_parks", "Parks whose free land is kept, each counted once for the public and once for members.", func() float64 { return float64(matcher.Memory().Sites) }},
		{"luodi_siting_given_up_total", "How often a park's was given up, for others or because it alone is too large.", func() float64 { return float64(matcher.Memory().GivenUp) }},
	} {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: gauge.name, Help: gauge.help}, gauge.value))
	}
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{DisableCompression: true})
}
