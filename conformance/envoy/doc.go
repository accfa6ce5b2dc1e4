// Package envoy runs Glacis's proxy-wasm plugin in hosts: in real Envoys, which
// tools/fetch.sh installs, and in the small host of package host. Its tests are
// the plugin's; bench_test.go is what `make bench-envoy` runs.
package envoy
