// Package openappsec reads the declarative policy of open-appsec, local_policy.yaml
// of v1beta1 and v1beta2 and the same as Kubernetes resources, unchanged, and
// turns it into a native document.
//
// Every key is honored or reported with its place and the reason why not.
// Nothing becomes laxer by the conversion: an exception with a condition that
// cannot be expressed is left out as a whole.
//
// The two versions differ mostly in spelling (override-mode, overrideMode), so
// keys are compared without regard to case, '-' and '_'.
package openappsec
