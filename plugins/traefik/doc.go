// Package traefik is Glacis as a plugin of Traefik. Traefik does not compile
// plugins, it interprets them with yaegi; so this package and everything it
// imports keep to the subset of Go that conformance/yaegi checks.
//
// A request is judged by the engine in this process ("embedded") or by a Glacis
// sidecar over HTTP ("sidecar"). Which of them, and everything else that an
// operator has to know, stands in the README beside this file.
//
// What the package relies on in Traefik: New is called once per router and
// again for every router on any change of the dynamic configuration, in one
// interpreter that lives as long as the process. So New is cheap, and what is
// expensive stays in package-level variables (registry.go).
package traefik
