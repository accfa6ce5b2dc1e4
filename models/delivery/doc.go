// Package delivery brings models to the programs that use them: it checks who
// signed an archive before it looks into it, keeps versions on disk, and keeps
// one in force while its source changes.
//
//	Source → Package (bytes, signature) → Trust.Open → Model → Holder → engine
//
// A Package is untrusted. Trust.Open compares the signature (minisign's, Ed25519,
// or cosign's, ECDSA) with the keys first; only then is the archive unpacked,
// within the bounds of package models, and its checksums, schema, engine version
// and golden verdicts are checked. A package that fails any of this is refused
// with the reason, and whatever was in force stays.
//
// Sources are a file, a Store (a directory of versions with a pointer that is
// switched atomically), and a sidecar. Registries are in the package below,
// registry: they are asked by a command or for a notice, never by a program that
// inspects requests.
package delivery
