package kong

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/glacis-waf/glacis/agent"
	"github.com/glacis-waf/glacis/models/delivery"
)

// options are the flags. What they set belongs to the process: everything else
// is configured per plugin entity in Kong.
type options struct {
	stock, schema bool
	priority      int
	cacheBytes    int64
	events        string
	models        delivery.Places
	modelToken    string
	sidecar       agent.Config
	identity      string
	geoDatabase   string
}

func (o *options) register(f *flag.FlagSet) {
	f.BoolVar(&o.stock, "stock", false, "run under go-pdk's stock server instead of the own one")
	f.BoolVar(&o.schema, "schema", false, "print schema.lua and exit")
	f.IntVar(&o.priority, "priority", envInt("GLACIS_PRIORITY", DefaultPriority), "priority among Kong's plugins; give it to -dump and to the server alike (GLACIS_PRIORITY)")
	f.Int64Var(&o.cacheBytes, "cache-bytes", int64(envInt("GLACIS_CACHE_BYTES", 16<<20)), "bound on the verdict cache, 0 for none (GLACIS_CACHE_BYTES)")
	f.StringVar(&o.models.Model, "model", "", "model: a file, a folder of installed models, a sidecar (http://…), or the word sidecar for that of -sidecar; watched for changes ("+delivery.EnvModel+"); without it what is installed, /"+delivery.WellKnownPath+", or the embedded one")
	f.Func("model-key", "trust models signed with this key, minisign's or cosign's: the key itself, a file or a folder of *.pub; may be given again ("+delivery.EnvKey+"); those in /"+delivery.WellKnownKeys+" always count", func(key string) error {
		o.models.Keys = append(o.models.Keys, key)
		return nil
	})
	f.BoolVar(&o.models.Unsigned, "model-unsigned", false, "take models from local files without a signature ("+delivery.EnvUnsigned+"=1)")
	f.StringVar(&o.models.Store, "model-store", "", "folder of installed models ("+delivery.EnvStore+", default /"+delivery.WellKnownStore+")")
	f.StringVar(&o.modelToken, "model-token-file", "", "file with the token of the sidecar whose address -model is")
	f.StringVar(&o.sidecar.Sidecar, "sidecar", os.Getenv("GLACIS_SIDECAR"), "take part in learning with the sidecar at host:port, https://… or unix:/path (GLACIS_SIDECAR)")
	f.StringVar(&o.sidecar.TokenFile, "sidecar-token-file", os.Getenv("GLACIS_SIDECAR_TOKEN_FILE"), "file with the sidecar's token (GLACIS_SIDECAR_TOKEN_FILE)")
	f.StringVar(&o.sidecar.CA, "sidecar-ca", os.Getenv("GLACIS_SIDECAR_CA"), "authority of the sidecar's certificate (GLACIS_SIDECAR_CA)")
	f.StringVar(&o.sidecar.PublicKey, "sidecar-public-key", os.Getenv("GLACIS_SIDECAR_PUBLIC_KEY"), "key that profiles must be signed with (GLACIS_SIDECAR_PUBLIC_KEY)")
	f.StringVar(&o.identity, "learn-identity", os.Getenv("GLACIS_LEARN_IDENTITY"), "tell clients apart for learning by header:NAME, cookie:NAME or jwt:CLAIM; \"verified header:NAME\" if the proxies that the policy trusts have checked it (GLACIS_LEARN_IDENTITY)")
	f.StringVar(&o.geoDatabase, "geo-database", os.Getenv("GLACIS_GEO_DATABASE"), "database of countries (MaxMind DB file) for the protection geo of policies; a new file is taken when it is there (GLACIS_GEO_DATABASE)")
	f.StringVar(&o.events, "events", os.Getenv("GLACIS_EVENTS"), "file to which events are appended; without it standard error, which Kong logs at level info (GLACIS_EVENTS)")
}

func envInt(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}

// supply is where models come from. What is wrong with the keys is an error; what
// is wrong with a model is not, see supplies.
func (o *options) supply() (m Models, err error) {
	m.Place, m.Implicit = o.models.Location(), o.models.Implicit()
	if m.Trust, err = o.models.Trust(); err != nil {
		return m, fmt.Errorf("-model-key: %w", err)
	}
	if o.models.Model != "" && len(m.Trust.Keys()) == 0 {
		// Whoever names a local file on the command line and trusts no key
		// vouches for the file, as with glacis proxy.
		m.Vouched = &delivery.Trust{AllowUnsigned: true}
	}
	if o.modelToken != "" {
		token, err := os.ReadFile(o.modelToken)
		if err != nil {
			return m, fmt.Errorf("-model-token-file: %w", err)
		}
		m.Token = strings.TrimSpace(string(token))
	}
	return m, nil
}
