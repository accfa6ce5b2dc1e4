package sample

import "errors"

type limitError struct{}

func (*limitError) Error() string { return "limit" }

func limited(err error) bool {
	var e *limitError
	return errors.As(err, &e) // want
}
