package main

import (
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/models/delivery"
)

// The environment that names models and keys where no flag does.
const (
	envModel         = "GLACIS_MODEL"
	envModelKey      = "GLACIS_MODEL_KEY"
	envModelUnsigned = "GLACIS_MODEL_UNSIGNED"
	envModelStore    = "GLACIS_MODEL_STORE"
	// envRoot goes before the well-known paths: for images that are being
	// built, and for tests.
	envRoot = "GLACIS_ROOT"
)

// The well-known paths beside delivery.WellKnownPath.
const (
	wellKnownKeys  = "etc/glacis/model-keys"
	wellKnownStore = "var/lib/glacis/models"
)

// trustFlags say whose models are taken.
type trustFlags struct {
	keys     []string
	unsigned bool
}

func (f *trustFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&f.keys, "model-key", nil, "trust models signed with this key, minisign's or cosign's (ECDSA): the key itself, a file or a directory of *.pub; may be given again ("+
		envModelKey+"); those in /"+wellKnownKeys+" always count")
	cmd.Flags().BoolVar(&f.unsigned, "model-unsigned", false, "take models from local files without a signature ("+envModelUnsigned+"=1)")
}

// trust reads the keys.
func (f *trustFlags) trust() (*delivery.Trust, error) {
	t := &delivery.Trust{AllowUnsigned: f.unsigned || os.Getenv(envModelUnsigned) == "1"}
	keys := f.keys
	if len(keys) == 0 {
		keys = filepath.SplitList(os.Getenv(envModelKey))
	}
	for _, key := range keys {
		if err := t.Add(key); err != nil {
			return nil, err
		}
	}
	return t, t.AddIfThere(rooted(wellKnownKeys))
}

// rooted is a well-known path on this machine.
func rooted(path string) string {
	root := os.Getenv(envRoot)
	if root == "" {
		root = "/"
	}
	return filepath.Join(root, path)
}

// storeDir is the store that a flag or the environment names, or the well-known.
func storeDir(flag string) string {
	if flag == "" {
		flag = os.Getenv(envModelStore)
	}
	if flag == "" {
		flag = rooted(wellKnownStore)
	}
	return flag
}

const storeUsage = "directory of installed models (" + envModelStore + ", default /" + wellKnownStore + ")"

// modelFlags are the flags of the commands that serve, beside --model.
type modelFlags struct {
	trustFlags
	store     string
	tokenFile string
	registry  string
	poll      time.Duration
	shadow    string
	sample    float64
}

const modelUsage = `model: a file, a store (directory) or a sidecar (http://…), watched for changes (` + envModel + `); without it that of the policy, the store's, /` +
	delivery.WellKnownPath + ", or the embedded one"

func (f *modelFlags) register(cmd *cobra.Command) {
	cmd.Flags().Lookup("model").Usage = modelUsage
	f.trustFlags.register(cmd)
	cmd.Flags().StringVar(&f.store, "model-store", "", storeUsage)
	cmd.Flags().StringVar(&f.tokenFile, "model-token-file", "", "file with the token of the sidecar that --model names")
	cmd.Flags().StringVar(&f.registry, "model-registry", "", "look for newer models here (oci://host/repository:tag) and tell of them; nothing is installed")
	cmd.Flags().DurationVar(&f.poll, "model-poll", 6*time.Hour, "how often to look there, give or take a tenth")
}

// registerShadow adds the flags for a second model.
func (f *modelFlags) registerShadow(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.shadow, "shadow-model", "", "let this model score a sample of the requests too and report where it differs; it decides nothing")
	cmd.Flags().Float64Var(&f.sample, "shadow-sample", 0.1, "share of the requests that the shadow model scores, above 0 to 1")
}

// location is what a flag or the environment names as the model.
func location(flag string) string {
	if flag == "" {
		return os.Getenv(envModel)
	}
	return flag
}
