// Package events carries event lines (gateway.Event) to where they are kept or
// read: standard output, files, syslog, OpenTelemetry, webhooks.
//
//	request ──► Outputs.Send ──► Queue ──► Sink    one queue and one goroutine
//	              never waits  └► Queue ──► Sink    for every sink
//
// A request never waits for a sink. What a queue has no room for, or what its
// sink refuses for longer than the queue tries, is dropped, counted by reason
// and said in the log once, and the other sinks are not affected. A sink gets
// each line in the order in which it was sent, and after a fault of the network
// possibly twice: receivers tell by event.id.
//
// When not to use it: for diagnostics. Those are slog's and go to standard
// error.
package events
