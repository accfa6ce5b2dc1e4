package sample

type cursor struct{}

func (c *cursor) next() int { return 1 }

func step(c *cursor) int { return (*cursor).next(c) } // want
