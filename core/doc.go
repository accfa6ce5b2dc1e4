// Package core is the inspection engine: it takes HTTP requests apart, undoes
// what encodings hide, has a learned model score every value, and says in a
// Verdict what it found.
//
// New makes an Engine, which is immutable and may be used by any number of
// goroutines. A request that is there as a whole goes to Engine.Inspect. One that
// arrives in pieces goes through a Transaction, in the order of the wire:
//
//	t := engine.Begin()
//	defer t.Close()
//	t.RequestLine(method, uri)
//	t.Header(name, value) // for each line
//	verdict := t.EndHeaders()
//	verdict = t.Body(chunk) // for each chunk
//	verdict = t.End()
//
// Chunks of any size give the verdict of the whole. A verdict that blocks can be
// acted upon at once: what follows makes it no milder, unless a policy says so.
//
// Nothing is exempt from inspection, by name or by declared type. Work and memory
// of a transaction are bounded (Limits); what a bound leaves unread is counted in
// the verdict. On the steady path a clean request allocates nothing.
//
// The engine never logs, blocks or talks to anybody: what follows from a verdict
// is the wrapper's business, for which package gateway has the common part. It
// imports only the standard library, in the subset of Go that the interpreter
// yaegi runs correctly (conformance/yaegi), and compiles to WebAssembly.
package core
