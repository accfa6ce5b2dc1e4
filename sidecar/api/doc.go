// Package api is the sidecar's HTTP interface: a small registry of routes, one
// file an endpoint, all behind the same guard (token, size, time).
//
//	POST /v1/inspect          the verdict on a request (see inspect.go)
//	ANY  /v1/authz/GATEWAY/…  the decision for a gateway that asks by HTTP (see authz.go)
//	GET  /v1/model            the model in force, with its signature (see model.go)
//	GET  /v1/openapi.yaml     this interface, described
//	GET  /healthz, /readyz    for probes
//	GET  /metrics             Prometheus
//
// Another part of the sidecar adds its endpoints by handing Routes to New.
package api
