package sample

import "strings"

func load() int { return 1 }

var base = 3
var next = base + 1                  // want
var loaded = load()                  // want
var names = strings.Split(list, " ") // want
var list = "a b"
var once = func() int { return 2 }() // want
