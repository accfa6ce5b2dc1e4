// Package policy reads policies from YAML and says what is wrong with them and
// where: file, line and column, with a hint for words that are nearly right.
// The meaning of a policy is in core/policy; this package adds files, what only
// people need (lint, tests beside a policy, the JSON Schema) and the hot reload.
//
// A policy is one file or a directory whose files add up: lists are joined,
// every other key may stand in one file only. Files that end in .test.yaml hold
// test cases and are no part of it. A local_policy.yaml of open-appsec is read
// as it is, see the package openappsec.
package policy
