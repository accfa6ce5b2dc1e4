package main

import (
	"time"

	"github.com/glacis-waf/glacis/events"
)

// noticeTo returns what tells the sinks of a newer model, for modelService.tell.
func noticeTo(o *events.Outputs, observer string) func(current, newer string) {
	return func(current, newer string) {
		n := events.Notice{Kind: events.NoticeModelUpdate, Gateway: observer, Message: "a newer model is available: " + newer, Model: current, Update: newer}
		o.Send(n.Line(time.Now()))
	}
}
