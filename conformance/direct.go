package conformance

import (
	"context"
	"fmt"
	"net/http"
)

// Direct makes the Instance of something that judges requests without being a
// gateway: the engine itself, an interpreter, a driver of a plugin protocol.
// judge gets messages whose Request is not nil. What reaches the upstream is not
// compared then.
func Direct(judge func(m *Message) (Event, error)) Instance {
	return &direct{Events: NewEvents(), judge: judge}
}

type direct struct {
	*Events
	judge func(m *Message) (Event, error)
}

// Exchange implements Instance.
func (d *direct) Exchange(_ context.Context, m *Message) (*Answer, error) {
	if m.Request == nil || m.Unfinished {
		return &Answer{Status: http.StatusBadRequest, Direct: true}, nil
	}
	e, err := d.judge(m)
	if err != nil {
		return nil, fmt.Errorf("judge: %w", err)
	}
	d.Add(e)
	a := &Answer{Status: http.StatusOK, Direct: true}
	if e.Action.Refuses() {
		a.Status = http.StatusForbidden
	}
	return a, nil
}
