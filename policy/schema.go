package policy

import _ "embed"

// Schema is the JSON Schema (draft 2020-12) of the native policy, for editors.
// It is generated from the Go types: go test ./policy -update.
//
//go:embed schema.json
var Schema []byte
