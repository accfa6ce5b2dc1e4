package store

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nkeys"

	"github.com/glacis-waf/glacis/internal/certtest"
)

// newKeys makes a key pair of NATS and returns it with its public part.
func newKeys(t *testing.T, make func() (nkeys.KeyPair, error)) (nkeys.KeyPair, string) {
	t.Helper()
	pair, err := make()
	if err != nil {
		t.Fatal(err)
	}
	public, err := pair.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	return pair, public
}

// A sidecar reaches a server that wants TLS, a client certificate and
// credentials of a user; without one of them it does not.
func TestSecureServer(t *testing.T) {
	operator, operatorID := newKeys(t, nkeys.CreateOperator)
	account, accountID := newKeys(t, nkeys.CreateAccount)
	user, userID := newKeys(t, nkeys.CreateUser)
	system, systemID := newKeys(t, nkeys.CreateAccount)
	_ = system // only its name is needed

	claims := jwt.NewAccountClaims(accountID)
	claims.Limits.JetStreamLimits = jwt.JetStreamLimits{MemoryStorage: -1, DiskStorage: -1, Streams: -1, Consumer: -1}
	accountJWT, err := claims.Encode(operator)
	if err != nil {
		t.Fatal(err)
	}
	systemJWT, err := jwt.NewAccountClaims(systemID).Encode(operator)
	if err != nil {
		t.Fatal(err)
	}
	operatorClaims := jwt.NewOperatorClaims(operatorID)
	operatorClaims.SystemAccount = systemID
	operatorJWT, err := operatorClaims.Encode(operator)
	if err != nil {
		t.Fatal(err)
	}
	trusted, err := jwt.DecodeOperatorClaims(operatorJWT)
	if err != nil {
		t.Fatal(err)
	}
	userJWT, err := jwt.NewUserClaims(userID).Encode(account)
	if err != nil {
		t.Fatal(err)
	}
	seed, err := user.Seed()
	if err != nil {
		t.Fatal(err)
	}
	creds, err := jwt.FormatUserConfig(userJWT, seed)
	if err != nil {
		t.Fatal(err)
	}
	credentials := filepath.Join(t.TempDir(), "glacis.creds")
	if err := os.WriteFile(credentials, creds, 0o600); err != nil {
		t.Fatal(err)
	}

	authority := certtest.New(t)
	accounts := &server.MemAccResolver{}
	if err := accounts.Store(accountID, accountJWT); err != nil {
		t.Fatal(err)
	}
	if err := accounts.Store(systemID, systemJWT); err != nil {
		t.Fatal(err)
	}
	s, err := server.NewServer(&server.Options{ServerName: "secure", Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: t.TempDir(), SyncAlways: true,
		NoSigs: true, NoLog: true, TrustedOperators: []*jwt.OperatorClaims{trusted}, AccountResolver: accounts, SystemAccount: systemID,
		TLSVerify: true, TLSTimeout: 5, TLSConfig: authority.Server()})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() {
		s.Shutdown()
		s.WaitForShutdown()
	})
	if !s.ReadyForConnections(time.Minute) {
		t.Fatal("the server does not start")
	}

	clientCert, clientKey := authority.Issue("sidecar")
	c := newClock()
	good := settings("", c)
	good.URL, good.Replicas, good.Credentials, good.CA, good.Cert, good.Key = fmt.Sprintf("tls://%s", s.Addr()), 1, credentials, authority.File, clientCert, clientKey
	for name, spoil := range map[string]func(*Config){
		"no credentials":        func(cfg *Config) { cfg.Credentials = "" },
		"no client certificate": func(cfg *Config) { cfg.Cert, cfg.Key = "", "" },
		"another authority":     func(cfg *Config) { cfg.CA = certtest.New(t).File },
	} {
		cfg := good
		spoil(&cfg)
		if other, err := Open(t.Context(), cfg); err == nil {
			other.Close()
			t.Errorf("%s: the store opens", name)
		}
	}
	store := open(t, good)
	defer store.Close()
	for i := range 2 {
		publish(t, store, makeBatch(i, 200, 2))
		closeWindow(t, c, store)
	}
	if data := settled(t, store); len(data) == 0 {
		t.Error("nothing was learned")
	}
}
