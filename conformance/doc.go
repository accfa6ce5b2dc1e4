// Package conformance is the suite that every gateway with Glacis in it has to
// pass: the same requests, the same verdicts, and everything that passes arrives
// at the upstream as it was sent.
//
// A gateway takes part by implementing Target, about 25 lines (see README.md),
// and calling Run from a test of its own:
//
//	func TestConformance(t *testing.T) { conformance.Run(t, target{}) }
//
// Run starts a backend that notes what it receives, starts the target before
// it and sends a probe first: a gateway that is wired wrongly is reported as
// that and nothing else. Then come the cases of cases/*.yaml, written to the
// wire byte for byte as they stand there, and a sample of recorded traffic where
// the training data is at hand. For each request it compares the answer, what
// the backend saw, and the verdict in the gateway's event with the verdict of
// the engine itself on the same request.
//
// The package is not a measure of how much is detected: the cases are clear
// ones. `glacis eval` measures detection.
package conformance
