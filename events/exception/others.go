package exception

import (
	"encoding/json"
	"fmt"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/policy"
	"github.com/glacis-waf/glacis/events"
)

// Finding is one of the findings that an event names behind the strongest.
type Finding struct {
	Location, Family string
	Confidence       core.Confidence
	Score            int
	// LogOnly is set when an exception says that it is not to block.
	LogOnly bool
}

// Others returns the findings that an event names behind the strongest, and how
// many more the request had that it does not name.
func Others(m events.Members) (list []Finding, unnamed int) {
	raw, _ := m["glacis.others"].([]any)
	for _, one := range raw {
		o, _ := one.(map[string]any)
		x := events.Members(o)
		f := Finding{Location: x.Text("location"), Family: x.Text("family")}
		f.Confidence, _ = core.ParseConfidence(x.Text("confidence"))
		f.Score = number(x, "score")
		f.LogOnly, _ = o["log_only"].(bool)
		if f.Location != "" {
			list = append(list, f)
		}
	}
	return list, max(0, number(m, "glacis.findings")-1-len(list))
}

func number(m events.Members, name string) int {
	n, _ := m[name].(json.Number)
	i, err := n.Int64()
	if err != nil {
		return 0
	}
	return int(i)
}

// All makes the exceptions without which the request would still be refused: the
// one of FromEvent, and one for each other finding that reaches a confidence.
// unnamed is how many findings the event has no room for.
func All(m events.Members, level core.Confidence) (list []*policy.Exception, unnamed int, err error) {
	first, err := FromEvent(m)
	if err != nil {
		return nil, 0, err
	}
	list = append(list, first)
	others, unnamed := Others(m)
	for _, f := range others {
		if f.Confidence < level || f.LogOnly {
			continue
		}
		x := *first
		x.ID = fmt.Sprintf("%s-%d", first.ID, len(list)+1)
		x.Locations, x.Families = []string{Escape(f.Location)}, nil
		if f.Family != "" && f.Family != "none" {
			x.Families = []string{f.Family}
		}
		list = append(list, &x)
	}
	return list, unnamed, nil
}
