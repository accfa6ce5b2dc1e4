// Package answer looks at what an upstream answers: where it redirects to, and
// whether it tells of its insides. Nothing here does input or output.
package answer
