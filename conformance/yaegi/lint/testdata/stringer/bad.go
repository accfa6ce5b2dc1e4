package sample

type kind uint8

func (k kind) String() string { return "kind" } // want
