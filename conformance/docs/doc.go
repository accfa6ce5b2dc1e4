// Package docs holds the documentation to the code: every relative link in a
// Markdown file leads somewhere, and every make target, glacis command, flag,
// test and metric that a document names exists.
//
// It reads files only and runs nothing, so its tests take milliseconds.
package docs
