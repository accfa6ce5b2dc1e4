package sample

type point struct{ x int }

func (p point) get() int { return p.x }

func keep(p point) func() int { return p.get } // want
