// Package basic holds the basic model, as text, because an interpreter can
// load a string constant in a millisecond and a table literal in a minute.
//
// model.go is written by "make models"; see models/README.md.
package basic
