package sample

type level int

func (l level) Name() string { return "x" }
