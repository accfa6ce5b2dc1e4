// Package policy is the part of a policy that takes part in a verdict: which
// asset a request belongs to, how strict that asset is, what is allowed there
// and which evidence is excepted.
//
// A Document is the policy as people write it, in YAML, JSON or the
// configuration of a gateway; Compile checks it whole and makes a Policy, which
// is immutable but for its counters and safe for concurrent use. Decode and
// Encode are its JSON form, for places where no YAML reader fits (WebAssembly,
// the yaegi interpreter).
//
// A key that is not known, a name that leads nowhere and a pattern that cannot
// be compiled are Problems with the path of the key ("assets[1].hosts[0]"); the
// package policy at the top of the module adds file, line and column.
package policy
