package sample

import (
	"errors"
	"os"
)

var errLimit = errors.New("limit")

func limited(err error) bool {
	var e *os.PathError
	return errors.Is(err, errLimit) || errors.As(err, &e)
}
