// Package exception makes the narrowest exception of a policy that would have
// let the request of an event pass (docs/policy.md). glacis exception from-event
// prints it, and so does the sidecar's console.
package exception

import (
	"fmt"
	"strings"
	"time"

	"github.com/glacis-waf/glacis/core/policy"
	"github.com/glacis-waf/glacis/events"
	native "github.com/glacis-waf/glacis/policy"
)

// Days is how long an exception lasts that nobody chose an end for: what was
// true of one request need not stay so.
const Days = 90

// Expiry is the date so many days from now, as a policy has it.
func Expiry(now time.Time, days int) string {
	return now.UTC().AddDate(0, 0, days).Format(time.DateOnly)
}

// maxID is how long the name of an exception may get.
const maxID = 40

// FromEvent makes the exception that leaves out what decided: this asset,
// method, path, place with its decode chain, and family. An event without a
// finding, or of a request that something else than the score refused, is an
// error that says what to change instead.
func FromEvent(m events.Members) (*policy.Exception, error) {
	name := m.Text("event.id")
	switch reason := m.Text("glacis.reason"); reason {
	case "", "score":
	case "exception":
		return nil, fmt.Errorf("event %s: an exception with action block refused it: change that one", name)
	default:
		return nil, fmt.Errorf("event %s: protections or limits refused it (%s): change %s in the policy", name, strings.Join(violations(m), ", "), reason)
	}
	location := m.Text("glacis.location")
	if location == "" {
		return nil, fmt.Errorf("event %s has no finding: there is nothing to except", name)
	}
	id := "event-" + name
	if len(id) > maxID {
		id = id[:maxID]
	}
	x := &policy.Exception{ID: id, Action: policy.ActionSkip, Locations: []string{Escape(location)}, Reason: "request " + name + " of " + m.Text("@timestamp")}
	if family := m.Text("glacis.family"); family != "" && family != "none" {
		x.Families = []string{family}
	}
	only := func(list *[]string, value string) {
		if value != "" {
			*list = []string{value}
		}
	}
	only(&x.Methods, m.Text("http.request.method"))
	only(&x.Assets, m.Text("glacis.asset"))
	only(&x.Paths, Escape(m.Text("url.path")))
	return x, nil
}

// violations are what protections object to.
func violations(m events.Members) (out []string) {
	list, _ := m["glacis.violations"].([]any)
	for _, v := range list {
		if text, ok := v.(string); ok {
			out = append(out, text)
		}
	}
	return out
}

// Escape takes from a text what a pattern would read otherwise.
func Escape(s string) string { return strings.NewReplacer(`\`, `\\`, `*`, `\*`).Replace(s) }

// YAML writes exceptions as the list that a policy has.
func YAML(list ...*policy.Exception) ([]byte, error) {
	d := &policy.Document{}
	for _, x := range list {
		d.Exceptions = append(d.Exceptions, *x)
	}
	return native.Write(d)
}
