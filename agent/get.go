package agent

import (
	"context"
	"net/http"
)

// Get asks the sidecar for what lies at a path, over the agent's own connection
// and with its token. With an etag the answer is 304 while that is still
// current. The caller closes the body, and bounds what it reads and how long it
// waits.
func (a *Agent) Get(ctx context.Context, path, etag string) (*http.Response, error) {
	if etag == "" {
		return a.do(ctx, http.MethodGet, path, "", nil)
	}
	return a.do(ctx, http.MethodGet, path, "", nil, "If-None-Match", etag)
}
