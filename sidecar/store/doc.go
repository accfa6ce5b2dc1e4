// Package store keeps what sidecars learn, safely and in common, in NATS
// JetStream: a server within the process that writes to a directory, or an
// external cluster. Either way the code is the same.
//
// # How it is kept
//
// The state of learning is a replicated state machine. Everything that changes
// it is a message in one stream: batches of observations, ticks that close a
// window, and what operators decide. Assets are dealt out to a fixed number of
// partitions, each with a subject of its own, and the state of a partition is a
// pure function of its subject's messages in their order. So whichever sidecar
// works on a partition comes to the same state, two that do so at the same time
// do no harm, and time is what the stream says it is.
//
// An observation is acknowledged when the stream has it on disk (sync always;
// on most replicas of a cluster). After every window the state of a partition is
// written as an object; the two latest are kept and named in a manifest that
// changes by compare-and-set, and only messages older than both are removed from
// the stream. So a damaged object costs time, not knowledge.
//
// Members know of each other by keys that expire; a partition belongs to the
// member with the highest hash of both names (rendezvous hashing, Thaler and
// Ravishankar 1998).
package store
