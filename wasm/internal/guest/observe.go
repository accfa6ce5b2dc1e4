package guest

import (
	"encoding/binary"

	"github.com/glacis-waf/glacis/core/profile"
	"github.com/glacis-waf/glacis/gateway"
)

// observe counts a request that is over and keeps what it tells about what is
// normal, until the answer to it is known.
func (s *stream) observe(action gateway.Action) {
	a := s.plugin.agent
	if a == nil {
		return
	}
	a.requests++
	switch action {
	case gateway.ActionBlock:
		a.blocks++
	case gateway.ActionFailOpen:
		a.failOpen++
	case gateway.ActionFailClosed:
		a.failClosed++
	}
	if s.fault != "" {
		a.failures++
	}
	if s.tx == nil || s.fault != "" || !a.observing() || !s.plugin.terms.Learns(s.verdict.Asset) {
		return
	}
	if !s.ended {
		s.tx.End() // the verdict is settled
	}
	s.record = s.tx.AppendObservation(s.record[:0], 0, 0)
}

// answered completes the observation with the class of the answer and the vote
// of the client, and hands it to the agent. A request that was refused has no
// answer that speaks for it.
func (s *stream) answered() {
	if len(s.record) == 0 {
		return
	}
	a, status := s.plugin.agent, 0
	if !s.refused {
		if code, ok := s.vm.host.Property("response\x00code"); ok && len(code) == 8 {
			status = int(binary.LittleEndian.Uint64(code) / 100)
		}
	}
	now := s.vm.host.Now()
	profile.Complete(s.record, a.sources.Of(s.client, nil, int64(now/second)), status)
	a.observe(s.record, now)
	s.record = s.record[:0]
}
