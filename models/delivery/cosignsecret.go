package delivery

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/nacl/secretbox"
	"golang.org/x/crypto/scrypt"
)

// The types of PEM blocks with a private key.
const (
	pemSigstore = "ENCRYPTED SIGSTORE PRIVATE KEY"
	pemCosign   = "ENCRYPTED COSIGN PRIVATE KEY" // before cosign 2
	pemPKCS8    = "PRIVATE KEY"
	pemSEC1     = "EC PRIVATE KEY"
)

// ErrPassword says that a private key is encrypted and none, or another
// password, was given.
var ErrPassword = errors.New("encrypted: no password, or a wrong one")

// IsCosignKey reports whether a text holds a private key for ParseCosignKey
// rather than one of minisign's.
func IsCosignKey(text []byte) bool {
	block, _ := pem.Decode(text)
	return block != nil && strings.HasSuffix(block.Type, "PRIVATE KEY")
}

// ParseCosignKey reads a private ECDSA key on P-256 from PEM: as cosign
// generate-key-pair writes it, encrypted with password, or in the clear as
// openssl does (PKCS #8, or SEC 1). The errors say nothing of the key.
func ParseCosignKey(text []byte, password string) (*ecdsa.PrivateKey, error) {
	block, rest := pem.Decode(text)
	for block != nil && block.Type == "EC PARAMETERS" { // openssl ecparam -genkey writes them first
		block, rest = pem.Decode(rest)
	}
	if block == nil {
		return nil, errors.New("no PEM block in it")
	}
	der, kind := block.Bytes, block.Type
	switch kind {
	case pemSigstore, pemCosign:
		var err error
		if der, err = openSecret(block.Bytes, password); err != nil {
			return nil, err
		}
		kind = pemPKCS8
	case pemPKCS8, pemSEC1:
	default:
		return nil, fmt.Errorf("a PEM block %q, want %q, %q or %q", kind, pemSigstore, pemPKCS8, pemSEC1)
	}
	var key any
	var err error
	if kind == pemSEC1 {
		key, err = x509.ParseECPrivateKey(der)
	} else {
		key, err = x509.ParsePKCS8PrivateKey(der)
	}
	if err != nil {
		return nil, fmt.Errorf("a PEM block %q without a private key", block.Type)
	}
	private, ok := key.(*ecdsa.PrivateKey)
	if !ok || private.Curve != elliptic.P256() {
		return nil, errors.New("a private key of another kind than ECDSA on P-256")
	}
	return private, nil
}

// secret is the JSON inside of cosign's encrypted keys, the format of
// secure-systems-lab's package encrypted: scrypt (RFC 7914) and NaCl's secretbox.
type secret struct {
	KDF struct {
		Name   string `json:"name"`
		Params struct {
			N int `json:"N"`
			R int `json:"r"`
			P int `json:"p"`
		} `json:"params"`
		Salt []byte `json:"salt"`
	} `json:"kdf"`
	Cipher struct {
		Name  string `json:"name"`
		Nonce []byte `json:"nonce"`
	} `json:"cipher"`
	Ciphertext []byte `json:"ciphertext"`
}

// The bounds on what a key file may ask of scrypt: 256 MiB, twice what any
// version of cosign does, and a few seconds.
const (
	maxScryptMemory = 256 << 20
	maxScryptP      = 4
)

// openSecret decrypts.
func openSecret(text []byte, password string) ([]byte, error) {
	var s secret
	if err := json.Unmarshal(text, &s); err != nil {
		return nil, errors.New("an encrypted key that is not in cosign's format")
	}
	p := s.KDF.Params
	if s.KDF.Name != "scrypt" || s.Cipher.Name != "nacl/secretbox" || len(s.Cipher.Nonce) != 24 {
		return nil, errors.New("an encrypted key of another kind than scrypt with nacl/secretbox")
	}
	if p.N < 2 || p.R < 1 || p.P < 1 || p.P > maxScryptP || p.N > maxScryptMemory || p.R > maxScryptMemory/128/p.N {
		return nil, fmt.Errorf("an encrypted key that asks too much of scrypt: N %d, r %d, p %d", p.N, p.R, p.P)
	}
	derived, err := scrypt.Key([]byte(password), s.KDF.Salt, p.N, p.R, p.P, 32)
	if err != nil {
		return nil, fmt.Errorf("an encrypted key: %w", err)
	}
	der, ok := secretbox.Open(nil, s.Ciphertext, (*[24]byte)(s.Cipher.Nonce), (*[32]byte)(derived))
	if !ok {
		return nil, ErrPassword
	}
	return der, nil
}
