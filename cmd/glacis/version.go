package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/core"
)

// version is set by the release build (-ldflags -X main.version=…).
var version = ""

func newVersionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "print the versions of the command, the model and Go",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			engine, err := core.New(core.Config{})
			if err != nil {
				return fmt.Errorf("open the embedded model: %w", err)
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "glacis %s\nmodel %s\n%s %s/%s\n",
				versionString(), engine.Model(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}

// versionString is the release, or what the module and the repository say.
func versionString() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	text := info.Main.Version
	if text == "" || text == "(devel)" {
		text = "devel"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && text == "devel" {
			text += " " + s.Value[:min(12, len(s.Value))]
		}
	}
	return text
}
