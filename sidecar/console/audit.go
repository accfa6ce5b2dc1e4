package console

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/glacis-waf/glacis/sidecar/learn"
)

// pageEntries is how many entries a page shows.
const pageEntries = 100

// auditPage is a part of the audit trail, the newest first.
type auditPage struct {
	Entries []learn.Entry
	All     int
	// Newer and Older are links, "" for none.
	Newer, Older string
}

// When is the moment of an entry.
func (auditPage) When(seconds int64) time.Time { return time.Unix(seconds, 0) }

// audit shows who decided what, and when.
func (c *Console) audit(v *visit) {
	var p auditPage
	if err := c.client.get(v.r, "/v1/learning/audit", nil, &p); err != nil {
		v.failed(err)
		return
	}
	page, err := strconv.Atoi(v.r.URL.Query().Get("page"))
	if err != nil || page < 0 {
		page = 0
	}
	p.All = len(p.Entries)
	slices.Reverse(p.Entries)
	from := min(page, p.All/pageEntries) * pageEntries
	p.Entries = p.Entries[from:min(from+pageEntries, p.All)]
	if from > 0 {
		p.Newer = link("audit", "page", strconv.Itoa(from/pageEntries-1))
	}
	if from+pageEntries < p.All {
		p.Older = link("audit", "page", strconv.Itoa(from/pageEntries+1))
	}
	v.show(http.StatusOK, "audit", "Audit", &p)
}
