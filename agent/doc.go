// Package agent is what a wrapper that is native Go uses to take part in
// learning: it sends observations and events to a sidecar, keeps the profile up
// to date and says that the wrapper is there.
//
// Nothing that a request calls waits, allocates much or fails: Observe and Event
// copy into bounded buffers, and what finds no room is dropped and counted. While
// the sidecar is away the wrapper goes on with the profile that it has.
package agent
