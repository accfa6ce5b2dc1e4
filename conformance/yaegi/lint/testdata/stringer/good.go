package sample

type kind uint8

func (k kind) Name() string { return "kind" }
