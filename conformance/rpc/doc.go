// Package rpc runs the conformance suite against gateways that ask the sidecar:
// Envoy by ext_authz and ext_proc, Traefik by forwardAuth, nginx by
// auth_request. All are the real ones, with the configurations of deploy/.
package rpc
