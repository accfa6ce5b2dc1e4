package main

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

var updateDocs = flag.Bool("update", false, "rewrite docs/commands.md")

const docsFile = "../../docs/commands.md"

const docsHead = `# Commands

What ` + "`glacis help`" + ` says of every command, on one page. ` + "`go test ./cmd/glacis -run Docs -update`" + ` writes it.

`

// TestDocs compares the reference page with the commands.
func TestDocs(t *testing.T) {
	var b strings.Builder
	b.WriteString(docsHead)
	root := newRootCommand()
	root.InitDefaultCompletionCmd()
	document(&b, root)
	text := strings.TrimRight(b.String(), "\n") + "\n"
	have, err := os.ReadFile(docsFile)
	if err == nil && string(have) == text {
		return
	}
	if !*updateDocs {
		t.Fatalf("%s is out of date (error %v): go test ./cmd/glacis -run Docs -update", docsFile, err)
	}
	if err := os.WriteFile(docsFile, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestDocsFlags checks that every flag of every command says what it does.
func TestDocsFlags(t *testing.T) {
	var visit func(c *cobra.Command)
	visit = func(c *cobra.Command) {
		if c.Short == "" {
			t.Errorf("%s has no description", c.CommandPath())
		}
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if f.Usage == "" {
				t.Errorf("%s --%s has no description", c.CommandPath(), f.Name)
			}
		})
		for _, sub := range c.Commands() {
			visit(sub)
		}
	}
	visit(newRootCommand())
}

// document writes a command and all below it.
func document(b *strings.Builder, c *cobra.Command) {
	c.InitDefaultHelpFlag()
	b.WriteString("## " + c.CommandPath() + "\n\n")
	text := c.Long
	if text == "" {
		text = strings.ToUpper(c.Short[:1]) + c.Short[1:] + "."
	}
	block(b, text)
	if c.Runnable() {
		block(b, c.UseLine())
	}
	if c.Example != "" {
		b.WriteString("Examples:\n\n")
		block(b, c.Example)
	}
	if flags := c.LocalFlags(); flags.HasAvailableFlags() && c.HasParent() {
		if f := flags.Lookup("workers"); f != nil {
			f.DefValue = "one a processor" // the page is the same everywhere
		}
		b.WriteString("Flags:\n\n")
		block(b, flags.FlagUsages())
	}
	for _, sub := range c.Commands() {
		// completion's scripts describe themselves at length
		if sub.IsAvailableCommand() && sub.Name() != "help" && c.Name() != "completion" {
			document(b, sub)
		}
	}
}

// block writes preformatted text.
func block(b *strings.Builder, text string) {
	b.WriteString("```\n" + strings.Trim(text, "\n") + "\n```\n\n")
}
