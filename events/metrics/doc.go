// Package metrics has the Prometheus metrics that every native Glacis process
// shows, with one set of names: proxy and sidecar differ in the label endpoint
// only. docs/metrics.md lists them; it is written from the registry.
//
// The number of time series is bounded whatever clients send: no label has a
// value that comes from a request, and the labels whose values a policy names
// (assets) take at most 100 of them, "other" stands for the rest.
package metrics
