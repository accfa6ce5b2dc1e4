package events

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"time"
)

// signatureScheme is what a signature begins with.
const signatureScheme = "v1="

// Sign returns the signature of a webhook's body: "v1=" and the hexadecimal
// HMAC-SHA256 (RFC 2104) of the timestamp, a period and the body.
func Sign(secret []byte, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(timestamp + "."))
	mac.Write(body)
	return signatureScheme + hex.EncodeToString(mac.Sum(nil))
}

// VerifySignature is for receivers: it checks that a delivery comes from who
// knows the secret and was signed less than tolerance ago, so that an old one
// cannot be played again. It compares in constant time.
func VerifySignature(secret []byte, h http.Header, body []byte, now time.Time, tolerance time.Duration) error {
	at := h.Get(HeaderTimestamp)
	seconds, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		return errors.New("signature: no timestamp")
	}
	if !hmac.Equal([]byte(Sign(secret, at, body)), []byte(h.Get(HeaderSignature))) {
		return errors.New("signature: it does not fit the body and the secret")
	}
	if age := now.Sub(time.Unix(seconds, 0)); age > tolerance || age < -tolerance {
		return errors.New("signature: the timestamp is too far from now")
	}
	return nil
}
