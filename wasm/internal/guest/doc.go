// Package guest is the proxy-wasm plugin itself, apart from the binding: it
// turns the callbacks of a host into inspections and their verdicts into
// answers, events and metrics.
//
// A host runs one VM per worker thread and one callback at a time, so nothing
// here locks. One VM may serve several plugin configurations (Envoy shares it
// between those with the same vm_id): state belongs to a root context or a
// stream, never to the package.
//
// A request that is let through costs no allocation. Everything that lives as
// long as a stream comes from free lists, and what the host returns is read
// where the host put it.
package guest
