package main

import (
	"errors"
	"fmt"
)

// The exit statuses, as documented in the help of the root command.
const (
	exitOK        = 0
	exitMalformed = 1
	exitNotReady  = 1
	exitTrouble   = 1
	exitUsage     = 2
)

// malformedError says that some records of the input could not be read. It
// was reported record by record, so main prints no more than the count.
type malformedError struct{ records int }

// Error implements error.
func (e malformedError) Error() string {
	if e.records == 1 {
		return "1 malformed record"
	}
	return fmt.Sprintf("%d malformed records", e.records)
}

// exitStatus maps the error of a command to its exit status.
func exitStatus(err error) int {
	var malformed malformedError
	var notReady notReadyError
	var trouble troubleError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &malformed):
		return exitMalformed
	case errors.As(err, &notReady):
		return exitNotReady
	case errors.As(err, &trouble):
		return exitTrouble
	}
	return exitUsage
}
