package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// commands makes the subcommands in the order of the help text.
var commands = []func() *cobra.Command{
	newProxyCommand,
	newSidecarCommand,
	newInspectCommand,
	newExplainCommand,
	newReplayCommand,
	newEvalCommand,
	newBenchCommand,
	newModelCommand,
	newPolicyCommand,
	newExceptionCommand,
	newLearnCommand,
	newStatusCommand,
	newLogsCommand,
	newHealthCommand,
	newVersionCommand,
}

const rootLong = `Glacis is a web application and API firewall whose verdict comes from a learned model.

Requests are read from files or standard input in these formats, which are recognised by their
beginning; gzip is undone; a file called - is standard input:

  jsonl     one JSON object a line: {"id","method","uri","headers":[["Name","value"],…],"body_b64"}
  har       HTTP archive, as browsers save it
  raw       HTTP/1 messages, one after the other
  curl      curl commands; nothing in them is run or read
  combined  access logs of Apache and nginx

Exit status:
  0  everything was read
  1  some input was malformed; it was reported on standard error, the rest was done;
     of glacis health: not ready
  2  wrong usage or configuration, or a file that cannot be read`

func newRootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "glacis",
		Short:         "web application and API firewall",
		Long:          rootLong,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	for _, newCommand := range commands {
		root.AddCommand(newCommand())
	}
	return root
}

// run executes the command line and returns the exit status.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := newRootCommand()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	cmd, err := root.ExecuteContextC(ctx)
	if err != nil {
		fmt.Fprintf(stderr, "%s: %v\n", cmd.CommandPath(), err)
	}
	return exitStatus(err)
}
