package node

import (
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/events"
)

func TestTrouble(t *testing.T) {
	if err := (&Status{Events: []events.Stats{{Name: "stdout", Full: 3}}}).Trouble(); err != nil {
		t.Error(err)
	}
	s := Status{Model: Model{Error: "unsigned", Shadow: &Shadow{Error: "too old"}}, Policy: Policy{Error: "3:1: unknown key"}, Events: []events.Stats{{Name: "file", Error: "disk full"}}}
	const want = "model: unsigned\nshadow model: too old\npolicy: 3:1: unknown key\nevents to file: disk full"
	if err := s.Trouble(); err == nil || strings.TrimSpace(err.Error()) != want {
		t.Error(err)
	}
}
