// Package learn learns what is normal for a protected application from the
// observations of its gateways, and makes the profile that the engine reads.
//
// # State
//
// All that is counted is a set, and sets are kept as sketches: who was seen (bit
// maps by a hash of the source), how many different things (HyperLogLog
// registers), the largest and the smallest. Adding to a set what it holds
// changes nothing, and the order does not matter. So evidence is a
// join-semilattice: it can be collected by any number of processes, in any
// order, with repetitions, and joined afterwards (Shapiro et al., "Conflict-free
// Replicated Data Types", 2011). Nothing has to be counted exactly once.
//
// Evidence is collected in a Delta for one window of time. When the window
// closes, the delta is joined to the state, and everything that depends on all
// of the evidence is decided once, by a pure function: what is admitted, which
// path segments are variables, what is evicted.
//
// # Votes
//
// What counts is how many independent sources did something, not how often it
// was done. See profile.Sources for what a source is. A vote for an indicator
// counts only when its source has also behaved well in several windows.
package learn
