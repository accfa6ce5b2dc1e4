package api

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/glacis-waf/glacis/agent"
)

// maxReport bounds what an agent says of itself.
const maxReport = 4 << 10

// report takes what an agent says of itself and answers with what it has to
// know.
func (l *Learning) report(w http.ResponseWriter, r *http.Request) {
	var a agent.Report
	if !readJSON(w, r, maxReport, &a) {
		return
	}
	if err := a.Check(); err != nil {
		Problem(w, http.StatusBadRequest, err.Error())
		return
	}
	a.LastSeen = time.Now().UTC().Truncate(time.Second)
	data, err := json.Marshal(a)
	if err == nil {
		ctx, cancel := limited(r)
		defer cancel()
		err = l.store.PutAgent(ctx, a.ID, data)
	}
	if err != nil {
		failed(w, err)
		return
	}
	key := l.store.SourceKey()
	JSON(w, agent.Welcome{SourceKey: key[:], Period: int64(l.store.Period() / time.Second), PublicKey: l.key.Public().String()})
}

// agents lists the agents that were heard of in the last ten minutes.
func (l *Learning) agents(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := limited(r)
	defer cancel()
	found, err := l.store.Agents(ctx)
	if err != nil {
		failed(w, err)
		return
	}
	list := make([]agent.Report, 0, len(found))
	for _, data := range found {
		var a agent.Report
		if json.Unmarshal(data, &a) == nil {
			list = append(list, a)
		}
	}
	slices.SortFunc(list, func(a, b agent.Report) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID)) })
	JSON(w, map[string]any{"agents": list, "sidecars": l.store.Members(ctx)})
}
