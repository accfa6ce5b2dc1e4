package console

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/sidecar/learn"
)

// entries asks the interface for the audit trail.
func (f *fixture) entries() (out []string) {
	f.Helper()
	var a struct{ Entries []learn.Entry }
	w := f.do("GET", "/v1/learning/audit", nil, "Authorization", "Bearer "+operatorToken)
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
		f.Fatalf("%v: %s", err, w.Body)
	}
	for _, e := range a.Entries {
		out = append(out, e.Who+" "+e.What+" "+e.Detail)
	}
	return out
}

// TestChanges makes every change that the console has; each stands in the audit
// trail of the interface and takes effect.
func TestChanges(t *testing.T) {
	f := newFixture(t, bothTokens)
	f.login()
	f.teach(5, lesson{"/search", "query.q", "aaaaa a aaaa", 3})
	const asset, endpoint = Root + "learning/asset", Root + "learning/endpoint"
	wants(t, f.submit(asset, "asset", "shop", "action", "freeze"), "What is known stays as it is now.", `<span class="badge">frozen</span>`, "Unfreeze")
	wants(t, f.submit(asset, "asset", "shop", "action", "unfreeze"), "may change again", "Freeze keeps")
	id := regexp.MustCompile(`learned-sqli-[0-9a-f]{8}`).FindString(f.page(Root + "suggestions"))
	wants(t, f.submit(Root+"suggestions", "id", id, "action", "confirm", "why", "titles of courses", "days", "7"), "Accepted: from the next window on", "There is nothing to settle")
	where := []string{"asset", "shop", "method", "GET", "template", "/search", "location", "query.q"}
	wants(t, f.page(endpoint+"?asset=shop&method=GET&template=%2Fsearch"), "state-confirmed", `<td data-label="Seen">first 2`)
	wants(t, f.submit(endpoint, append(where, "indicator", "abcd0001", "why", "not theirs")...), "Revoked: from the next window on", "state-revoked", "state-confirmed")
	if page := f.submit(endpoint, where...); strings.Contains(page, "state-confirmed") {
		t.Error("a parameter that was revoked has a confirmed indicator")
	}
	wants(t, f.submit(asset, "asset", "shop", "action", "relearn"), "learned anew", "no traffic")
	want := []string{"Anna freeze shop", "Anna unfreeze shop", "Anna confirm shop GET /search query.q abcd0001: titles of courses", "Anna confirm shop GET /search query.q abcd0002: titles of courses",
		"Anna revoke shop GET /search query.q abcd0001: not theirs", "Anna revoke shop GET /search query.q : ", "Anna relearn shop"}
	if got := f.entries(); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%q", got)
	}
	wants(t, f.page(Root+"audit"), "7 in all", "titles of courses", "relearn")
	if page := f.page(Root + "audit"); !regexp.MustCompile(`>6 sources, \d+ requests, [1-5] windows<`).MatchString(page) {
		t.Errorf("no evidence in %s", page)
	}
	wants(t, f.page(Root+"audit?page=99"), "relearn")
}

// TestDismiss takes a suggestion off the list.
func TestDismiss(t *testing.T) {
	f := newFixture(t, bothTokens)
	f.login()
	f.teach(5, lesson{"/search", "query.q", "aaaaa a aaaa", 3})
	id := regexp.MustCompile(`learned-sqli-[0-9a-f]{8}`).FindString(f.page(Root + "suggestions"))
	for _, c := range []struct{ id, action, days, want string }{
		{"learned-none", "dismiss", "", "This suggestion is gone"},
		{id, "confirm", "0", "Days: want a number"},
		{id, "confirm", "x", "Days: want a number"},
		{id, "sing", "", "is none of confirm, revoke, dismiss"},
		{id, "dismiss", "", "Dismissed: " + id},
	} {
		page := f.submit(Root+"suggestions", "id", c.id, "action", c.action, "days", c.days)
		if !strings.Contains(page, c.want) || strings.Contains(page, "There is nothing to settle") != (c.action == "dismiss" && c.id == id) {
			t.Errorf("%+v:\n%s", c, page)
		}
	}
	if got := f.entries(); len(got) != 2 || !strings.HasPrefix(got[0], "Anna dismiss shop") {
		t.Errorf("%q", got)
	}
	wants(t, f.submit(Root+"learning/asset", "asset", "shop", "action", "melt"), "action: want freeze")
}

// A decision with days has its end in the export, as the learner then keeps it.
func TestDecisionEnds(t *testing.T) {
	f := newFixture(t, bothTokens)
	f.login()
	f.teach(5, lesson{"/search", "query.q", "aaaaa a aaaa", 3})
	id := regexp.MustCompile(`learned-sqli-[0-9a-f]{8}`).FindString(f.page(Root + "suggestions"))
	f.submit(Root+"suggestions", "id", id, "action", "confirm", "days", "30")
	x, err := learn.ReadExport(f.do("GET", "/v1/learning/export", nil, "Authorization", "Bearer "+operatorToken).Body.Bytes())
	if err != nil || len(x.Decisions) != 2 {
		t.Fatalf("%+v %v", x, err)
	}
	want := f.console.cfg.Now().Add(30 * 24 * time.Hour).Unix()
	if got := x.Decisions[0].Expires; got < want-60 || got > want {
		t.Errorf("%d, want about %d", got, want)
	}
}
