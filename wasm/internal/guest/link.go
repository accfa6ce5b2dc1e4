package guest

import (
	"errors"
	"strings"

	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/sidecar/signing"
)

// The keys of a plugin configuration about the sidecar.
const (
	keySidecar      = "sidecar"
	keySidecarToken = "sidecarToken"
	keyPublicKey    = "publicKey"
	keyLearn        = "learn"
	keySendEvents   = "sendEvents"
	keyPollSeconds  = "pollSeconds"
)

// link says how a configuration is tied to a sidecar.
type link struct {
	// cluster is the sidecar's in the host's configuration; "" for none, and
	// then the rest means nothing.
	cluster string
	// token is the sidecar's, "" if it wants none.
	token string
	// publicKey is what profiles and models must be signed with
	// ("glacis-ed25519:…"); without it profiles are checked against the key that
	// the sidecar names first, and models by their checksum only.
	publicKey string
	// learn has requests observed and profiles taken; default true.
	learn bool
	// events has findings sent to the sidecar, too.
	events bool
	// pollSeconds is the time between two questions for a model; default 60.
	pollSeconds int
}

// parseLink reads the keys above.
func parseLink(more map[string]string) (link, error) {
	l := link{cluster: more[keySidecar], token: more[keySidecarToken], publicKey: more[keyPublicKey], learn: true}
	if strings.ContainsAny(l.token, "\r\n\x00") {
		return l, errors.New(keySidecarToken + ": has a line end in it") // and is not repeated here
	}
	if l.publicKey != "" {
		if _, err := signing.ParsePublicKey(l.publicKey); err != nil {
			return l, stage(keyPublicKey, err)
		}
	}
	var err error
	if more[keyLearn] != "" {
		if l.learn, err = gateway.ParseBool(more[keyLearn]); err != nil {
			return l, stage(keyLearn, err)
		}
	}
	if l.events, err = gateway.ParseBool(more[keySendEvents]); err != nil {
		return l, stage(keySendEvents, err)
	}
	l.pollSeconds, err = number(more, keyPollSeconds, 60, 1, 86400)
	return l, err
}
