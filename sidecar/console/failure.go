package console

import (
	"errors"
	"net/http"
)

// statusOf is what a page says of an error: the interface's own words, and
// nothing of others.
func statusOf(err error) (status int, text string) {
	var refused *apiError
	if errors.As(err, &refused) {
		return refused.status, refused.detail
	}
	return http.StatusInternalServerError, "The sidecar did not answer as it should; its log says more."
}
