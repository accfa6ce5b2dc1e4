// Package shadow lets a second model score beside the one in force, to see what
// it would do before it is trusted.
//
// A sample of the requests is copied, within bounds, as they pass. When one has
// ended, workers of the shadow's own inspect the copy with the second engine and
// compare both verdicts. Nobody waits for them: what exceeds the queue is dropped
// and counted, a request that is longer than the bound is passed over and
// counted, and a panic of the second engine ends nothing but that comparison.
// The second model never changes an answer.
package shadow
