// Package node is what a process of Glacis says of itself: the answer of GET
// /-/status of glacis proxy and GET /v1/status of glacis sidecar, which glacis
// status prints.
package node
