package main

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/models/delivery"
)

// trustFlags say whose models are taken.
type trustFlags struct {
	keys     []string
	unsigned bool
}

func (f *trustFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&f.keys, "model-key", nil, "trust models signed with this key, minisign's or cosign's (ECDSA): the key itself, a file or a directory of *.pub; may be given again ("+
		delivery.EnvKey+"); those in /"+delivery.WellKnownKeys+" always count")
	cmd.Flags().BoolVar(&f.unsigned, "model-unsigned", false, "take models from local files without a signature ("+delivery.EnvUnsigned+"=1)")
}

// trust reads the keys.
func (f *trustFlags) trust() (*delivery.Trust, error) {
	return delivery.Places{Keys: f.keys, Unsigned: f.unsigned}.Trust()
}

const storeUsage = "directory of installed models (" + delivery.EnvStore + ", default /" + delivery.WellKnownStore + ")"

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

const modelUsage = `model: a file, a store (directory) or a sidecar (http://…), watched for changes (` + delivery.EnvModel + `); without it that of the policy, the store's, /` +
	delivery.WellKnownPath + ", or the embedded one"

func (f *modelFlags) register(cmd *cobra.Command) {
	cmd.Flags().Lookup("model").Usage = modelUsage
	f.trustFlags.register(cmd)
	cmd.Flags().StringVar(&f.store, "model-store", "", storeUsage)
	cmd.Flags().StringVar(&f.tokenFile, "model-token-file", "", "file with the token of the sidecar that --model names")
	cmd.Flags().StringVar(&f.registry, "model-registry", "", "look for newer models here (oci://host/repository:tag) and tell of them; nothing is installed")
	cmd.Flags().DurationVar(&f.poll, "model-poll", 6*time.Hour, "how often to look there, give or take a tenth")
	cmd.Flags().StringVar(&f.shadow, "shadow-model", "", "let this model score a sample of the requests too and report where it differs; it decides nothing")
	cmd.Flags().Float64Var(&f.sample, "shadow-sample", 0.1, "share of the requests that the shadow model scores, above 0 to 1")
}
