package sample

import (
	"net/smtp" // want
	"slices"   // want
)

func has(auths []smtp.Auth, one smtp.Auth) bool { return slices.Contains(auths, one) }
