package api_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestWhoLeavesIsNoFailureOfOurs: a request whose caller is gone counts as 4xx and stands in the log as no error.
func TestWhoLeavesIsNoFailureOfOurs(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx, leave := context.WithCancel(t.Context())
	leave()
	h.handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, http.MethodGet,
		"/ogc/collections/parcels/items", nil))
	if log := h.log.String(); strings.Contains(log, "level=ERROR") || !strings.Contains(log, "status=499") {
		t.Errorf("the log says %s", log)
	}
	if counted := string(h.get("/metrics").body); strings.Contains(counted, `status="5xx"`) ||
		!strings.Contains(counted, `status="4xx"`) {
		t.Error("it counts as a failure of the server")
	}
}
