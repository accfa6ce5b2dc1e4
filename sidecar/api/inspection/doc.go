// Package inspection drives the engine for one request, whatever endpoint of
// the sidecar it came through: it admits a bounded number of requests at a
// time, keeps the engine's failures from the caller, decides by the settings
// and reports by event and metrics.
package inspection
