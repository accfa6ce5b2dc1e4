package main

import (
	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/sidecar/learn"
)

// newAssetCommand makes a command that does something to what is known of an
// application.
func newAssetCommand(action, short, long string) *cobra.Command {
	var f learnAskFlags
	cmd := &cobra.Command{
		Use:   action + " ASSET",
		Short: short,
		Long:  long,
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.post(cmd, "/v1/learning/assets", map[string]string{"asset": args[0], "action": action, "who": f.who})
		},
	}
	f.registerChange(cmd)
	return cmd
}

func newLearnFreezeCommand() *cobra.Command {
	return newAssetCommand("freeze", "keep what a sidecar knows of an application as it is",
		`Freeze keeps what the profile says of the application as it is now. Evidence is collected all the same, so that
"glacis learn unfreeze" continues with what was seen meanwhile.`)
}

func newLearnUnfreezeCommand() *cobra.Command {
	return newAssetCommand("unfreeze", "let what is known of an application change again", "")
}

func newLearnRelearnCommand() *cobra.Command {
	return newAssetCommand("relearn", "have the parameters of an application learned anew",
		`Relearn forgets types, lengths and values of all parameters, as for a new version of the application. What is
familiar and what was decided stays.`)
}

func newLearnRevokeCommand() *cobra.Command {
	var f learnAskFlags
	var d learn.Decision
	cmd := &cobra.Command{
		Use:   "revoke ASSET LOCATION",
		Short: "take back what was learned or accepted at a parameter",
		Long: `Revoke says that indicators do not belong to a parameter: they are never discounted there, whatever is seen of them,
and an earlier acceptance ends. Without --indicator it is for all of the parameter.`,
		Example: "  glacis learn revoke shop query.q --method GET --endpoint /search",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			d.Asset, d.Location, d.Action, d.Who, d.Why = args[0], args[1], learn.Revoke, f.who, f.why
			return f.post(cmd, "/v1/learning/decisions", &d)
		},
	}
	f.registerChange(cmd)
	flags := cmd.Flags()
	flags.StringVar(&d.Method, "method", "", "method of the endpoint")
	flags.StringVar(&d.Template, "endpoint", "", "path template of the endpoint, as in /orders/{id}")
	flags.StringVar(&d.Indicator, "indicator", "", "key of one indicator, in hexadecimal")
	flags.StringVar(&f.why, "why", "", "reason, for the audit trail")
	return cmd
}
