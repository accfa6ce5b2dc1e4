// Package nginx runs the conformance suite with real nginx and glacis proxy in
// a row, in both orders, by the configurations of deploy/nginx.
//
// How nginx asks the sidecar by auth_request is tested in conformance/rpc.
package nginx
