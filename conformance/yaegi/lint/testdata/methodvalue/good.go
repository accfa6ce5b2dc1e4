package sample

type point struct{ x int }

func (p point) get() int { return p.x }

func (p *point) inc() { p.x++ }

func keep(p *point) (int, func()) { return p.get(), p.inc }
